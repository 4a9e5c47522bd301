/** What a writer is, and which there are. Each turns a verdict into text; none of them decides anything. */
import type { Report } from "../policy/report.ts";
import type { Rule } from "../policy/rule.ts";
import { githubWriter } from "./github.ts";
import { jsonWriter } from "./json.ts";
import { junitWriter } from "./junit.ts";
import { markdownWriter } from "./markdown.ts";
import { sarifWriter } from "./sarif.ts";
import { textWriter } from "./text.ts";

export interface WriterOptions {
  /** The rules that were judged: descriptions, help, and one test case each. */
  rules: readonly Rule[];
  /** The version of this tool. */
  version: string;
  /** ANSI colours, for `text` alone. @default false */
  colour?: boolean;
  /** The folder that paths are shown relative to. @default process.cwd() */
  root?: string;
}

/** One format. The text ends with a line break; every name from a document is escaped in it. */
export interface Writer {
  write(report: Report, options: WriterOptions): string;
}

/** The formats, in the order that help shows them. */
export const formats = ["text", "json", "sarif", "junit", "github", "markdown"] as const;
export type Format = (typeof formats)[number];

/** The writer of each format. */
export const writers: Readonly<Record<Format, Writer>> = {
  text: textWriter,
  json: jsonWriter,
  sarif: sarifWriter,
  junit: junitWriter,
  github: githubWriter,
  markdown: markdownWriter,
};
