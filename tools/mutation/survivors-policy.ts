/** Survivors in `src/policy` that are left alive, each with the reason. */
import type { Accepted } from "./accepted.ts";
import { reasons } from "./reasons.ts";

const { narrowing, never, shortCut } = reasons;
const cache = "a cache: without it the same answer is computed again";
const asGoodAsYes = "an answer that goes into `every`, where what is neither no nor maybe is yes";
const asGoodAsNo = "an answer that goes into `some`, where what is neither yes nor maybe is no";
const key = "a key that is held against others alone, and that is as unique";

/** Entries of one file: a part of the line, what is put in, why. */
const of = (file: string, ...entries: [code: string, to: string[], reason: string][]): Accepted[] =>
  entries.map(([code, to, reason]) => ({ file: `src/policy/${file}`, code, to, reason }));

export const acceptedInPolicy: readonly Accepted[] = [
  ...of(
    "compare.ts",
    ['return part.kind === "known" && readable', ["true"], narrowing],
    [
      'if (a.kind === "unknown" && b.kind === "unknown"',
      ["true", 'a.kind === "unknown" || b.kind === "unknown"'],
      narrowing,
    ],
  ),
  ...of(
    "decide.ts",
    ['part.kind === "settled" ||', ["true"], narrowing],
    ["outcome?.applicable === true", ["outcome.applicable"], never],
    ["outcome?.applicable === false", ["outcome.applicable"], never],
    ["outcomes.get(index)?.get(rule)", ["outcomes.get(index).get"], never],
    [
      "let environments: readonly Environment[] = [];",
      ['["Stryker was here"]'],
      "a first value that is replaced before anybody reads it",
    ],
  ),
  ...of(
    "declared.ts",
    ['if (comparison.kind === "undetermined") reason ??=', ["true"], narrowing],
    ["[{ version, doubt: comparison.reason }]", ["false", '""'], narrowing],
  ),
  ...of("describe.ts", ["textOf(part, what) ??", ["true"], narrowing]),
  ...of(
    "effective.ts",
    ["if (first === undefined) return", ["false", "{}", '""'], never],
    ["plain[0]?.name", ["plain[0].name"], never],
    ['if (own.kind === "known" && first !== undefined) {', ["true"], narrowing],
  ),
  ...of(
    "grants.ts",
    ["if (accessing.has(role.value)) return", ['""'], asGoodAsYes],
    ['return comparison.kind === "same" ? "yes" : comparison.kind', ['""'], asGoodAsYes],
    ['grant.conditional === false ? "yes"', ['""'], asGoodAsYes],
    ['startsWith("user:")) return "no"', ['""'], asGoodAsNo],
    ['startsWith("deleted:")) return "no"', ['""'], asGoodAsNo],
    ['return held === email ? "yes" : "no"', ['""'], asGoodAsNo],
    ['return urn === other ? "yes" : "no"', ['""'], asGoodAsNo],
    [
      '!/^serviceAccount:/i.test(member.value)) return "no"',
      ['""'],
      "an answer of which only yes and maybe are asked for",
    ],
    ["const written = member.kind", ["true"], narrowing],
    ['(member.kind === "settled" ? accountEmail(member, declared) : undefined)', ["true"], shortCut],
    ['written ?? ""', ['"Stryker was here!"'], never],
    ["const number = email === undefined ? undefined", ["false"], narrowing],
    [
      'if (number === undefined) return "maybe"',
      ["false"],
      "a short cut: no number is not known to be that of any project, which is maybe too",
    ],
    ["/^deleted:/i.test(member.value)", ["true"], narrowing],
    [
      'typeof a.conditional === "string" ||',
      ["false", '""'],
      "a grant whose condition is not shown gives no more than maybe all the same",
    ],
    ['a.kind !== "known" || b.kind !== "known"', ["false"], "only a grant whose role is known can lose it"],
    ["lowered(declared.disputedAccessors ?? [])", ['["Stryker was here"]'], "nobody is called so"],
    ["/^all(authenticated)?users$/i.test(member.value)", ["true"], narrowing],
  ),
  {
    file: "src/policy/grants.ts",
    code: 'member.kind === "known"',
    whole: true,
    to: ["true"],
    reason: narrowing,
  },
  ...of(
    "resolve.ts",
    ["if (index === undefined) {", ["true"], cache],
    ["indexes.set(declared, index)", [";"], cache],
    ["if (environment.declared === undefined) return reference;", ["false"], shortCut],
    ['while (current.kind === "settled"', ["true"], narrowing],
  ),
  ...of("rivals.ts", [
    "filter((service) => service !== anchor)",
    ["carriers(environment)", "true"],
    "the anchor has been compared with each of them already, and no violation was found",
  ]),
  ...of(
    "services.ts",
    ["if (!services.some(isRevision)) return services", ["false"], shortCut],
    [
      "return [...services.filter((one) => !isRevision(one))",
      ["services"],
      "a service that is there again says the same, and counts once",
    ],
    ["if (known !== undefined) return known", ["false"], cache],
    ["cache.set(environment, sorted)", [";"], cache],
    ["carrying.set(environment, found)", [";"], cache],
    [
      "const entries = place === undefined ? []",
      ["false"],
      "nothing is ever kept under no place, so that the list is a new one either way",
    ],
    [
      "if (place !== undefined) places.set(place, entries)",
      ["true"],
      "what has no place has a list of its own, and a list of one contradicts nothing",
    ],
    ["const twins = entries.find(([other])", ["true"], narrowing],
    [
      'rank[a.role ?? "none"]',
      ['""'],
      "a sort asks whether the first is less than the second, and a service without a role never is",
    ],
    [
      'if (a.name.kind === "known" && b.name.kind === "known") {',
      ["true", 'a.name.kind === "known" || b.name.kind === "known"'],
      "two of one place that are not one resource have both a name",
    ],
    ['JSON.stringify(["name", kindOf(service)', ['""'], key],
    ['JSON.stringify(["urn", service.location.urn])', ['""'], key],
    ['typeof inner === "object" && inner !== null', ["true"], "facts hold no null"],
    [
      "Object.entries(inner).sort(",
      ["a >= b", "a <= b"],
      "any order will do that is always the same, and no name is there twice",
    ],
  ),
  {
    file: "src/policy/services.ts",
    code: "return true;",
    whole: true,
    to: ["false"],
    reason: "two of one place are one resource or have both a name, which the lines before have answered",
  },
  ...of("variables.ts", ['const [text = ""] = texts', ['"Stryker was here!"'], never]),
  ...of(
    "versions.ts",
    ['if (comparison.kind !== "undetermined") return comparison', ["false"], shortCut],
    ['if (part.kind !== "settled") return undefined', ["false"], narrowing],
    [
      "(environment.declared?.versions ?? []).some(",
      ["environment.declared.versions", '["Stryker was here"]'],
      never,
    ],
  ),
  ...of(
    "waivers.ts",
    ["(today === undefined || !isDate(today))", ["false"], narrowing],
    ['const day = today ?? ""', ['"Stryker was here!"'], "nobody reads the day where there are no waivers"],
    [
      "byId.get(waiver.rule)?.unwaivable",
      ["byId.get(waiver.rule).unwaivable"],
      "a waiver of a rule that nobody knows does not parse",
    ],
    [
      "/^\\d{4}-\\d{2}-\\d{2}$/.test(text)",
      ["/^\\d{4}-\\d{2}-\\d{2}/"],
      "no text that is longer makes a date with the time that is put behind it",
    ],
  ),
];
