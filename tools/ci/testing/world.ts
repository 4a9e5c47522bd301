/** Surroundings for a test: a scratch project, programs that say what a recording says, and what was printed. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { z } from "zod";
import { main } from "../cli.ts";
import { type PreviewDocument, readPreviewDocument } from "../document.ts";
import type { World } from "../world.ts";

const folder = join(import.meta.dirname, "..", "recorded");

/** The text of a recorded document. */
export const recordedText = (name: string) => readFileSync(join(folder, name), "utf8");

/** A recorded document of the engine, fresh for each test to change. */
export function recorded(name: string): PreviewDocument {
  return readPreviewDocument(recordedText(`${name}.generated.json`), name);
}

/** A scratch project. */
export class TestProject implements World {
  readonly directory = mkdtempSync(join(tmpdir(), "jwt-secret-ci-"));
  readonly #programs = join(this.directory, "bin");
  env: Record<string, string | undefined>;
  printed = "";
  complained = "";
  stdout = {
    write: (text: string) => {
      this.printed += text;
    },
  };
  stderr = {
    write: (text: string) => {
      this.complained += text;
    },
  };

  constructor(env: Record<string, string> = {}) {
    mkdirSync(this.#programs);
    this.write("Pulumi.staging.yaml", "config:\n  gcp:project: example-staging\n");
    const path = `${this.#programs}${delimiter}${process.env.PATH ?? ""}`;
    this.env = { PATH: path, HOME: process.env.HOME, NODE_NO_WARNINGS: "1", ...env };
  }

  /** Writes a file; gives its name. */
  write(name: string, text: string): string {
    writeFileSync(join(this.directory, name), text);
    return name;
  }

  read(...path: string[]): string {
    return readFileSync(join(this.directory, ...path), "utf8");
  }

  /** A program on PATH: it prints `stdout`, writes a plan when asked to, and keeps its arguments in `NAME.args`. */
  program(name: string, says: { stdout: string; stderr?: string; code?: number }): void {
    const path = join(this.#programs, name);
    const source = `#!${process.execPath}
const { writeFileSync } = require("node:fs");
const says = ${JSON.stringify({ stderr: "", code: 0, ...says })};
const args = process.argv.slice(2);
writeFileSync(${JSON.stringify(join(this.directory, `${name}.args`))}, JSON.stringify(args));
const plan = args.indexOf("--save-plan");
if (plan >= 0) writeFileSync(args[plan + 1], "a plan");
process.stdout.write(says.stdout);
process.stderr.write(says.stderr);
process.exitCode = says.code;
`;
    writeFileSync(path, source);
    chmodSync(path, 0o755);
  }

  /** What a program of ours was called with. */
  argumentsOf(name: string): string[] {
    return z.array(z.string()).parse(JSON.parse(this.read(`${name}.args`)));
  }

  /** Runs `ci:<command>`; gives the exit code. */
  ci(...args: string[]): Promise<number> {
    return main(args, this);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
