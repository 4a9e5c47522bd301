/** Survivors in `src/policy/rules` that are left alive, each with the reason. */
import type { Accepted } from "./accepted.ts";
import { reasons } from "./reasons.ts";

const { narrowing, never, property, shortCut } = reasons;
const cache = "a cache: without it the same answer is computed again";
const key = "a key that is held against others alone, and that is as unique";

/** Entries of one file: a part of the line, what is put in, why. */
const of = (file: string, ...entries: [code: string, to: string[], reason: string][]): Accepted[] =>
  entries.map(([code, to, reason]) => ({ file: `src/policy/${file}`, code, to, reason }));

export const acceptedInRules: readonly Accepted[] = [
  ...of("rules/accessor-granted.ts", [
    "return [{ secrets: [], doubt }]",
    ['["Stryker was here"]'],
    "the secrets are not read beside a doubt",
  ]),
  ...of(
    "rules/environments-apart.ts",
    ["if (name === undefined) {", ["true"], shortCut],
    ["if (known !== undefined) return known", ["false"], cache],
    ["uses.set(environment, all)", [";"], cache],
    ["indexes.set(environments, index)", [";"], cache],
    ["[part.kind, part.scope ?? null, part.reason] : [part.kind]", ["true", "[]"], key],
    [
      "groups.get(name)?.values() ?? []",
      ['["Stryker was here"]', "index.groups.get(name).values"],
      "a name that is looked up has been put in with all others",
    ],
    ['?? "no service"', ['""', "environment.services[0].label"], never],
  ),
  ...of("rules/jwt-secret-injected.ts", ["...(carried[0] === undefined ? {}", ["false"], property]),
  ...of(
    "rules/fingerprint-agrees.ts",
    ['variable.value.kind === "unknown" ? variable.value.settled', ["true"], narrowing],
    ['[textOf(first) ?? "", textOf(other) ?? ""]', ['"Stryker was here!"'], never],
    [
      'variable.value.kind === "literal" && !variable.value.empty ?',
      ["true", 'variable.value.kind === "literal" || !variable.value.empty'],
      "only a literal has a text, and an empty one has none",
    ],
    ["if (first === undefined) return []", ["false"], shortCut],
  ),
  ...of("rules/jwt-secret-declared.ts", [
    '{ kind: "missing" }',
    ["{}", '""'],
    "`missing` is what is neither fine nor disabled nor undetermined",
  ]),
  ...of(
    "rules/no-plaintext-jwt-secret.ts",
    ["const empty = plain.every(", ["true"], narrowing],
    ["const reason = one.variable.value.kind", ["true", '"Stryker was here!"'], narrowing],
  ),
  ...of(
    "rules/previous-version-agrees.ts",
    ["if (compared.every(({ comparison }) =>", ["true", '""'], shortCut],
    ["if (previous.length === 0) return []", ["false"], shortCut],
  ),
  ...of(
    "rules/same-jwt-secret.ts",
    ["if (first !== undefined && all.every", ["true"], narrowing],
    ['if (doubt?.left.kind !== "reference"', ["doubt.left"], never],
    ['return "a key that cannot be told"', ["false", '""'], never],
    [
      'left.kind !== "undecided" && right.kind !== "undecided" &&',
      ["true", '""', 'left.kind !== "undecided" || right.kind !== "undecided"'],
      narrowing,
    ],
    ['at: first.right.kind === "undecided" ? undefined', ["false", '""'], narrowing],
    ["doubt?.comparison.kind", ["doubt.comparison"], never],
    ["const owner = doubt?.left.kind", ["doubt.left", "doubt.right"], never],
  ),
  ...of(
    "rules/same-jwt-secret-version.ts",
    ['if (one === "unknown" && other === "moving")', ["false", '""'], shortCut],
    [
      'return { kind: "different" };',
      ["{}", '""'],
      "`different` is what is neither the same nor undetermined",
    ],
    ['left.kind !== "reference" || right.kind !== "reference") return []', ["false"], narrowing],
  ),
  ...of(
    "rules/services-present.ts",
    ["const label = entries[0]?.label", ["entries[0].label", '"Stryker was here!"'], never],
    ["entries[0]?.role === role", ["entries[0].role"], never],
  ),
  ...of("rules/single-jwt-reference.ts", [
    "whether these are one cannot be told (",
    ["true", '"Stryker was here!"'],
    narrowing,
  ]),
];
