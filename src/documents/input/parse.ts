/** Text to values, whichever language the text is in. */
import { DocumentError } from "../error.ts";
import { parseJson } from "./json.ts";
import { parseYaml } from "./yaml.ts";

/** One value a file holds, and where its parts stand. */
export interface Parsed {
  value: unknown;
  /** The line, from 1, of the list item a path lies in (`steps[3]`); that of the whole value where there is none. */
  line(path: string): number;
}

/**
 * A file that starts like JSON is JSON, with JSON's messages; any other is YAML.
 * @throws DocumentError
 */
export function parse(text: string, file: string): Parsed[] {
  const first = /\S/u.exec(text)?.[0];
  if (first === undefined) throw new DocumentError(file, "is empty", { line: 1 });
  const parsed = first === "{" || first === "[" ? [parseJson(text, file)] : parseYaml(text, file);
  if (parsed.length === 0) throw new DocumentError(file, "is empty", { line: 1 });
  return parsed;
}
