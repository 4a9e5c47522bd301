/** The programs that are measured side by side, each with the rule it needs. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { root } from "../generated.ts";
import { installed } from "./measure.ts";

/** A program and how it is called. */
export interface Contestant {
  name: string;
  /** What it stands for. */
  note: string;
  command: string;
  args(file: string): string[];
  /** The exit codes of a run that found the mismatch, or of one that does not look for it. */
  codes: readonly number[];
}

const rule = (name: string) => join(import.meta.dirname, name);

/** The check as it ships: the built package, in a folder of its own. */
export function check(folder: string): Contestant {
  for (const part of ["bin", "dist", "package.json"])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  return {
    name: "jwt-secret check",
    note: "all 15 rules, the built program",
    command: process.execPath,
    args: (file) => [join(folder, "bin", "jwt-secret.cjs"), "check", file],
    codes: [1],
  };
}

/** What any program in Node that reads JSON takes at least. */
export const floor: Contestant = {
  name: "JSON.parse",
  note: "the floor: Node reads the file and parses it, nothing else",
  command: process.execPath,
  args: (file) => ["-e", 'JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"))', file],
  codes: [0],
};

/** Node with nothing to do. */
export const idle: Contestant = {
  name: "empty Node start",
  note: "node -e 0",
  command: process.execPath,
  args: () => ["-e", "0"],
  codes: [0],
};

const tools: readonly (Omit<Contestant, "command"> & { program: string })[] = [
  {
    program: "conftest",
    name: "conftest",
    note: "the rule same-jwt-secret in Rego, for this one shape of document",
    args: (file) => ["test", "--no-color", "--policy", rule("same_jwt_secret.rego"), file],
    codes: [1],
  },
  {
    program: "opa",
    name: "opa eval",
    note: "the same Rego",
    args: (file) => [
      "eval",
      "--fail-defined",
      "--data",
      rule("same_jwt_secret.rego"),
      "--input",
      file,
      "data.main.deny[_]",
    ],
    codes: [1],
  },
  {
    program: "cfn-guard",
    name: "cfn-guard",
    note: "the same rule in Guard",
    args: (file) => [
      "validate",
      "--show-summary",
      "none",
      "--rules",
      rule("same_jwt_secret.guard"),
      "--data",
      file,
    ],
    codes: [19],
  },
];

/** The other tools that are installed. */
export function others(): Contestant[] {
  return tools.flatMap(({ program, ...rest }) => {
    const command = installed(program);
    return command === undefined ? [] : [{ ...rest, command }];
  });
}

/** Names of the tools that are not. */
export const missing = (): string[] =>
  tools.filter(({ program }) => installed(program) === undefined).map(({ name }) => name);
