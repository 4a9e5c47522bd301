/** Text to values, whichever language the text is in. */
import { DocumentError } from "../error.ts";
import { decode, positionAt } from "./decode.ts";
import { jsonBytes, parseJson } from "./json.ts";
import type { Outline } from "./outline.ts";
import { parseYaml } from "./yaml.ts";

/** One value a file holds, and where its parts stand. */
export interface Parsed {
  value: unknown;
  /** The line, from 1, of the list item a path lies in (`steps[3]`); that of the whole value where there is none. */
  line(path: string): number;
}

/** What is no YAML may be the JSON of a tool that had something to say before. */
function yaml(text: string, file: string): Parsed[] {
  try {
    return parseYaml(text, file);
  } catch (error) {
    const brace = /^[{[]/mu.exec(text);
    if (!(error instanceof DocumentError) || brace === null) throw error;
    const { line } = positionAt(text, brace.index);
    throw new DocumentError(file, `is JSON from line ${line} on alone: remove what stands before it`, {
      line: 1,
    });
  }
}

/**
 * A file that starts like JSON is JSON, with JSON's messages; any other is YAML.
 * @param content The file's bytes, or its text.
 * @param outline What is needed of long JSON. @default all of it
 * @throws DocumentError
 */
export function parse(content: Uint8Array | string, file: string, outline?: Outline): Parsed[] {
  // JSON is read from its bytes: as one text it would take twice the memory, and could be too long to be one.
  const bytes = typeof content === "string" ? undefined : jsonBytes(content);
  if (bytes !== undefined) return [parseJson(bytes, file, outline)];
  const text = typeof content === "string" ? content : decode(content, file);
  const first = /\S/u.exec(text)?.[0];
  if (first === undefined) throw new DocumentError(file, "is empty", { line: 1 });
  const isJson = first === "{" || first === "[";
  const parsed = isJson ? [parseJson(Buffer.from(text), file, outline)] : yaml(text, file);
  if (parsed.length === 0) throw new DocumentError(file, "is empty", { line: 1 });
  return parsed;
}
