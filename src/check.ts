/**
 * The check as a function: documents in, report out. It reads no file, asks no network and prints nothing;
 * `import { check } from "jwt-secret"` is this.
 */
import { type Document, readDocument, readValue } from "./documents/document.ts";
import { type EnvironmentOptions, gather } from "./documents/environments.ts";
import { DocumentError } from "./documents/error.ts";
import { decide, type Settings, type WaiverInput } from "./policy/policy.ts";
import type { Report } from "./policy/report.ts";

/** One document. */
export interface CheckedDocument {
  /** What messages and locations call it, usually its path. */
  file: string;
  /** Its bytes, its text, or what its JSON stands for. */
  content: Uint8Array | string | object;
}

export interface CheckInput extends EnvironmentOptions {
  documents: readonly CheckedDocument[];
  /** Documents that could not even be fetched. @default none */
  unread?: readonly DocumentError[];
  /** Severities that differ from the rules' own. @default none */
  settings?: Settings;
  /** @default none */
  waivers?: readonly WaiverInput[];
  /** The day waivers are held against, `YYYY-MM-DD`. @default needed only when there are waivers */
  today?: string;
}

function read({ file, content }: CheckedDocument, scope: string): Document {
  return typeof content === "string" || content instanceof Uint8Array
    ? readDocument(content, { file, scope })
    : readValue(content, { file, scope });
}

/** Different documents of one name (two from standard input, say) do not share a project. */
function scopes(documents: readonly CheckedDocument[]): string[] {
  const contents = new Map<string, unknown[]>();
  return documents.map(({ file, content }) => {
    const known = contents.get(file) ?? [];
    contents.set(file, known.includes(content) ? known : [...known, content]);
    const index = (contents.get(file) ?? []).indexOf(content);
    return index === 0 ? file : `${file}#${index}`;
  });
}

/** The report, and the documents that could not be read. */
export interface Checked {
  report: Report;
  problems: DocumentError[];
}

/**
 * Like `check`, with the unreadable documents apart.
 * @throws RangeError when waivers are given without a valid `today`
 */
export function checkDocuments(input: CheckInput): Checked {
  const problems: DocumentError[] = [...(input.unread ?? [])];
  const documents: Document[] = [];
  const scope = scopes(input.documents);
  for (const [index, document] of input.documents.entries()) {
    try {
      documents.push(read(document, scope[index] ?? document.file));
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      problems.push(error);
    }
  }
  const report = decide(gather(documents, input), input.settings, input.waivers, input.today);
  return { report: withProblems(withNotes(report, documents, input), problems), problems };
}

/** What is not read is not known: it is noted, and nothing passes. */
function withProblems(report: Report, problems: readonly DocumentError[]): Report {
  if (problems.length === 0) return report;
  const unread = problems.map((problem) => ({
    note: `Not read: ${problem.describe()}.`,
    location: {
      file: problem.file,
      ...(problem.position.line === undefined ? {} : { line: problem.position.line }),
    },
  }));
  const verdict = report.verdict === "pass" ? "undetermined" : report.verdict;
  return { ...report, verdict, notes: [...report.notes, ...unread.map(({ note }) => note)], unread };
}

/** Whoever asks for an environment and gives another stack's document alone has not checked what was asked for. */
function withNotes(report: Report, documents: readonly Document[], { environment }: CheckInput): Report {
  const stacks = documents.flatMap((document) => (document.kind === "pulumi" ? (document.stack ?? []) : []));
  if (environment === undefined || stacks.length === 0 || stacks.includes(environment)) return report;
  const note = `A Pulumi document speaks of its stack (${stacks.join(", ")}), so the environment ${environment} that was asked for does not apply to it.`;
  const beside = documents.some(({ kind }) => kind === "cloudRun");
  const verdict = report.verdict === "pass" && !beside ? "undetermined" : report.verdict;
  return { ...report, verdict, notes: [...report.notes, note] };
}

/**
 * Checks documents against the policy. A document that cannot be read makes the verdict undetermined at best, and is
 * named in the report's notes.
 * @throws RangeError when waivers are given without a valid `today`; ZodError for waivers that are not as `WaiverInput`
 * says, such as one of a rule that there is none of
 */
export function check(input: CheckInput): Report {
  return checkDocuments(input).report;
}
