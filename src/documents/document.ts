/** One file: finds out what kind of document it holds, and reads it. */
import type { Service } from "../policy/facts.ts";
import { isCloudRun, readCloudRun } from "./cloud-run/document.ts";
import { isKubernetes } from "./cloud-run/passed-over.ts";
import { DocumentError } from "./error.ts";
import { type Parsed, parse } from "./input/parse.ts";
import { readStack, type StackFacts } from "./pulumi/facts.ts";
import { stackOutline } from "./pulumi/outline.ts";
import { isPreview, readPreview } from "./pulumi/preview.ts";
import { isState, readState } from "./pulumi/state.ts";

/** What a file tells: of one Pulumi stack, or of Cloud Run services. */
export type Document =
  | ({ kind: "pulumi"; file: string } & StackFacts)
  | { kind: "cloudRun"; file: string; services: Service[] };

export interface Source {
  /** As messages and locations name it. */
  file: string;
  /** Services without a project that share this are in one project; by default the file. */
  scope?: string;
}

const readKinds =
  "a Pulumi preview (`pulumi preview --json`), a stack export, a checkpoint, or Cloud Run services (`gcloud run services describe --format=json`)";

/** A value a program holds already, such as the preview this project's own evaluation makes. */
export function readValue(
  value: unknown,
  { file, scope = file }: Source,
  line: Parsed["line"] = () => 1,
): Document {
  if (isCloudRun(value))
    return { kind: "cloudRun", file, services: readCloudRun(value, { file, scope, line }) };
  if (isState(value)) return { kind: "pulumi", file, ...readStack(readState(value, file)) };
  if (isPreview(value)) return { kind: "pulumi", file, ...readStack(readPreview(value, file)) };
  throw new DocumentError(file, `is not a document this check reads: give ${readKinds}`, { line: line("") });
}

/**
 * The bytes or the text of a file. Several YAML documents in one file are read as one list of services.
 * @throws DocumentError for text that cannot be read, or holds another kind of document.
 */
export function readDocument(content: Uint8Array | string, source: Source): Document {
  const values = parse(content, source.file, stackOutline);
  const [only] = values;
  if (only !== undefined && values.length === 1) return readValue(only.value, source, only.line);
  const services: Service[] = [];
  const { file, scope = file } = source;
  for (const { value, line } of values) {
    // Knative YAML often stands beside other kinds (a route, a binding); what is no such object is an error.
    if (isKubernetes(value)) {
      services.push(...readCloudRun(value, { file, scope, line }));
      continue;
    }
    const document = readValue(value, source, line);
    if (document.kind === "pulumi") {
      throw new DocumentError(file, "holds more than one Pulumi document", { line: line("") });
    }
    services.push(...document.services);
  }
  if (services.length === 0) {
    throw new DocumentError(source.file, `holds no Cloud Run service: give ${readKinds}`, { line: 1 });
  }
  return { kind: "cloudRun", file: source.file, services };
}
