/** Mutants that no test can or should notice, each with the reason; `docs/mutation.md` lists them. */

/** Survivors on lines of one file. */
export interface Accepted {
  file: string;
  /** A part of the line. */
  code: string;
  /** Only mutants with one of these replacements. @default all on the line */
  to?: string[];
  reason: string;
}

const cache = "a cache: without it the same answer is computed again";
const narrowing = "a condition that the type checker asks for and that cannot be otherwise";

export const accepted: readonly Accepted[] = [
  { file: "src/policy/resolve.ts", code: "if (index === undefined) {", reason: cache },
  { file: "src/policy/resolve.ts", code: "indexes.set(declared, index)", reason: cache },
  {
    file: "src/policy/rules/environments-apart.ts",
    code: "if (known !== undefined) return known",
    reason: cache,
  },
  { file: "src/policy/rules/environments-apart.ts", code: "uses.set(environment, all)", reason: cache },
  { file: "src/policy/rules/environments-apart.ts", code: "indexes.set(environments, index)", reason: cache },
  {
    file: "src/policy/rules/environments-apart.ts",
    code: "if (name === undefined) {",
    to: ["true"],
    reason: "a short cut: names that differ are compared and found different",
  },
  {
    file: "src/policy/compare.ts",
    code: 'return part.kind === "known" && readable',
    to: ["true"],
    reason: narrowing,
  },
  {
    file: "src/policy/compare.ts",
    code: 'if (a.kind === "unknown" && b.kind === "unknown"',
    reason: narrowing,
  },
];
