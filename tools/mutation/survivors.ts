/** Mutants that no test can or should notice, each with the reason; `docs/mutation.md` lists them. */

/** Survivors on lines of one file. */
export interface Accepted {
  file: string;
  /** A part of the line. */
  code: string;
  /** What Stryker puts in; another change of the same line is judged by itself. */
  to: string[];
  reason: string;
}

const cache = "a cache: without it the same answer is computed again";
const shortCut = "a short cut: the longer way gives the same answer";
const never = "a case that cannot come up, written for the type checker";
const narrowing = "a condition that the type checker asks for and that cannot be otherwise";

const apart = "src/policy/rules/environments-apart.ts";
const services = "src/policy/services.ts";

export const accepted: readonly Accepted[] = [
  { file: "src/policy/resolve.ts", code: "if (index === undefined) {", to: ["true"], reason: cache },
  { file: "src/policy/resolve.ts", code: "indexes.set(declared, index)", to: [";"], reason: cache },
  { file: apart, code: "if (known !== undefined) return known", to: ["false"], reason: cache },
  { file: apart, code: "uses.set(environment, all)", to: [";"], reason: cache },
  { file: apart, code: "indexes.set(environments, index)", to: [";"], reason: cache },
  { file: services, code: "if (known !== undefined) return known", to: ["false"], reason: cache },
  { file: services, code: "cache.set(environment, sorted)", to: [";"], reason: cache },
  { file: services, code: "carrying.set(environment, found)", to: [";"], reason: cache },

  {
    file: "src/policy/resolve.ts",
    code: "if (environment.declared === undefined) return reference;",
    to: ["false"],
    reason: shortCut,
  },
  { file: apart, code: "if (name === undefined) {", to: ["true"], reason: shortCut },
  { file: services, code: "if (contradictions.length === 0) return all", to: ["false"], reason: shortCut },
  {
    file: "src/policy/rivals.ts",
    code: "if (!found.has(key)) found.set(key, service)",
    to: ["true"],
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
    to: ["true", 'a.kind === "unknown" || b.kind === "unknown"'],
    reason: narrowing,
  },
  {
    file: "src/policy/resolve.ts",
    code: 'while (current.kind === "settled"',
    to: ["true"],
    reason: narrowing,
  },
  { file: "src/policy/decide.ts", code: 'part.kind === "settled" ||', to: ["true"], reason: narrowing },
  {
    file: "src/policy/declared.ts",
    code: 'if (comparison.kind === "undetermined") reason ??=',
    to: ["true"],
    reason: narrowing,
  },
  {
    file: "src/policy/declared.ts",
    code: "[{ version, doubt: comparison.reason }]",
    to: ["false", '""'],
    reason: narrowing,
  },
  { file: "src/policy/describe.ts", code: "textOf(part, what) ??", to: ["true"], reason: narrowing },
  { file: services, code: "const twins = entries.find(([other])", to: ["true"], reason: narrowing },

  {
    file: apart,
    code: "groups.get(name)?.values() ?? []",
    to: ['["Stryker was here"]', "index.groups.get(name).values"],
    reason: never,
  },
  { file: apart, code: '?? "no service"', to: ['""', "environment.services[0].label"], reason: never },
  {
    file: "src/policy/effective.ts",
    code: "if (first === undefined) return",
    to: ["false", "{}", '""'],
    reason: never,
  },
  { file: "src/policy/effective.ts", code: "plain[0]?.name", to: ["plain[0].name"], reason: never },
  {
    file: "src/policy/decide.ts",
    code: "outcome?.applicable === true",
    to: ["outcome.applicable"],
    reason: never,
  },
  { file: "src/policy/grants.ts", code: 'written ?? ""', to: ['"Stryker was here!"'], reason: never },

  {
    file: "src/policy/decide.ts",
    code: "let environments: readonly Environment[] = [];",
    to: ['["Stryker was here"]'],
    reason: "a first value that is replaced before anybody reads it",
  },
  {
    file: "src/policy/rules/jwt-secret-declared.ts",
    code: '{ kind: "missing" }',
    to: ["{}", '""'],
    reason: "`missing` is what is neither fine nor disabled nor undetermined",
  },
  {
    file: "src/policy/rules/accessor-granted.ts",
    code: "return [{ secrets: [], doubt }]",
    to: ['["Stryker was here"]'],
    reason: "the secrets are not read beside a doubt",
  },
];
