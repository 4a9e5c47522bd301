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
const shortCut = "a short cut: the longer way gives the same answer";
const never = "a case that cannot come up, written for the type checker";
const narrowing = "a condition that the type checker asks for and that cannot be otherwise";

export const accepted: readonly Accepted[] = [
  { file: "src/policy/resolve.ts", code: "if (index === undefined) {", reason: cache },
  { file: "src/policy/resolve.ts", code: "indexes.set(declared, index)", reason: cache },
  {
    file: "src/policy/resolve.ts",
    code: "if (environment.declared === undefined) return reference;",
    reason: shortCut,
  },
  {
    file: "src/policy/resolve.ts",
    code: 'while (current.kind === "settled"',
    to: ["true"],
    reason: narrowing,
  },
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
    reason: shortCut,
  },
  {
    file: "src/policy/rules/environments-apart.ts",
    code: "index.groups.get(name)?.values() ?? []",
    reason: never,
  },
  { file: "src/policy/rules/environments-apart.ts", code: '?? "no service"', reason: never },
  { file: "src/policy/services.ts", code: "if (known !== undefined) return known", reason: cache },
  { file: "src/policy/services.ts", code: "cache.set(environment, sorted)", reason: cache },
  { file: "src/policy/services.ts", code: "carrying.set(environment, found)", reason: cache },
  { file: "src/policy/services.ts", code: "if (contradictions.length === 0) return all", reason: shortCut },
  {
    file: "src/policy/services.ts",
    code: "const twins = entries.find(([other]) => other !== undefined",
    to: ["true"],
    reason: narrowing,
  },
  { file: "src/policy/rivals.ts", code: "if (!found.has(key)) found.set(key, service)", reason: shortCut },
  { file: "src/policy/rivals.ts", code: "tells(anchor, environment)", reason: shortCut },
  { file: "src/policy/rivals.ts", code: "return all.length > 0 && all.every(", reason: shortCut },
  {
    file: "src/policy/rivals.ts",
    code: "function tells(service: Service, environment: Environment): boolean {",
    reason: shortCut,
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
  { file: "src/policy/effective.ts", code: "if (first === undefined) return", reason: never },
  { file: "src/policy/effective.ts", code: "plain[0]?.name", reason: never },
  {
    file: "src/policy/decide.ts",
    code: "let environments: readonly Environment[] = [];",
    reason: "a first value that is replaced before anybody reads it",
  },
  { file: "src/policy/decide.ts", code: "outcome?.applicable === true", reason: never },
  { file: "src/policy/decide.ts", code: 'part.kind === "settled" ||', to: ["true"], reason: narrowing },
  {
    file: "src/policy/declared.ts",
    code: 'if (comparison.kind === "undetermined") reason ??=',
    reason: narrowing,
  },
  { file: "src/policy/declared.ts", code: "[{ version, doubt: comparison.reason }]", reason: narrowing },
  { file: "src/policy/describe.ts", code: "textOf(part, what) ??", to: ["true"], reason: narrowing },
  {
    file: "src/policy/grants.ts",
    code: "",
    to: ['""'],
    reason:
      "an answer is compared with `yes` and `no` alone, so any other text is a `maybe`; and the other way round",
  },
  { file: "src/policy/grants.ts", code: 'written ?? ""', reason: never },
  {
    file: "src/policy/rules/jwt-secret-declared.ts",
    code: '{ kind: "missing" }',
    reason: "`missing` is what is neither fine nor disabled nor undetermined",
  },
  {
    file: "src/policy/rules/accessor-granted.ts",
    code: "return [{ secrets: [], doubt }]",
    reason: "the secrets are not read beside a doubt",
  },
];
