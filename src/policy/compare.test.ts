/** Same, different, or not told: everything else in the policy rests on this. */
import { describe, expect, test } from "vitest";
import { absent, known, placeholder, reference, settled, unknown } from "./baseline.ts";
import {
  all,
  type Comparison,
  compareProjects,
  compareReferences,
  compareSecrets,
  compareVersions,
  pinning,
  textOf,
  type What,
  whyUnknown,
} from "./compare.ts";
import type { Part } from "./facts.ts";

const short = (comparison: Comparison) =>
  comparison.kind === "undetermined" ? comparison.reason : comparison.kind;
const pairs = [{ id: "netra-staging", number: "42" }];

describe("text", () => {
  test.each<[What, string]>([
    ["project", "netra-staging"],
    ["project", "example.com:netra"],
    ["project", "123456789012"],
    ["secret", "jwt_secret-1"],
    ["secret", "s".repeat(255)],
    ["secret", "__jwt"],
    ["secret", "jwt__"],
    ["secret", "a__JWT__"],
    ["secret", "__JWT__a"],
    ["version", "__v__1"],
    ["version", "latest"],
    ["version", "v".repeat(63)],
  ])("of a %s may be %s", (what, text) => expect(textOf(known(text), what)).toBe(text));

  test.each<[What, string]>([
    ["project", ""],
    ["project", placeholder],
    ["project", "-a"],
    ["project", " a"],
    ["project", "a "],
    ["project", "a/b"],
    ["project", "PROJECT-ID"],
    ["project", "netra-Staging"],
    ["secret", ""],
    ["secret", placeholder],
    ["secret", "[secret]"],
    ["secret", "a b"],
    ["secret", "$a"],
    ["secret", "a$"],
    ["secret", "a\n"],
    ["secret", "s".repeat(256)],
    ["secret", "__JWT_SECRET__"],
    ["version", "__VERSION__"],
    ["version", ""],
    ["version", "{{x"],
    ["version", "1}"],
    ["version", "v".repeat(64)],
  ])("of a %s is not %j", (what, text) => {
    expect(textOf(known(text), what)).toBeUndefined();
  });

  test.each<[string, Part, string]>([
    ["known", known(placeholder), `"${placeholder}" is not the name of a secret`],
    ["settled", settled("u"), "the secret is known by its resource alone"],
    ["absent", absent, "the secret is left out"],
    ["unknown", unknown("it is masked. By v1.0"), "it is masked. By v1.0"],
    ["unknown, in a sentence", unknown("it is masked.\n "), "it is masked"],
  ])("that is not there says why: %s", (_, part, reason) => {
    expect(textOf(part, "secret")).toBe(undefined);
    expect(whyUnknown(part, "secret")).toBe(reason);
  });
});

describe("versions", () => {
  const [one, two] = [settled("urn:1"), settled("urn:2")];
  test.each<[string, Part, Part, string]>([
    ["equal numbers", known("1"), known("1"), "same"],
    ["two numbers", known("1"), known("2"), "different"],
    ["latest and a number", known("latest"), known("1"), "different"],
    ["one resource", one, one, "same"],
    ["two resources", one, two, "different"],
    ["a resource and a number", one, known("1"), "the version is known by its resource alone"],
    ["a number and a resource", known("1"), one, "the version is known by its resource alone"],
    ["two left out", absent, absent, "the version is left out"],
    [
      "two equal placeholders",
      known(placeholder),
      known(placeholder),
      `"${placeholder}" is not the name of a version`,
    ],
    ["a number and none", known("1"), absent, "the version is left out"],
    ["two unknown for one reason", unknown("a"), unknown("a"), "a"],
    ["two unknown of one scope", unknown("a", "f"), unknown("b", "f"), "same"],
    ["two unknown of two scopes", unknown("a", "f"), unknown("b", "g"), "a"],
    ["unknown with a scope and without", unknown("a", "f"), unknown("b"), "a"],
    ["known and unknown of a scope", known("1"), unknown("b", "f"), "b"],
    ["unknown of a scope and a resource", unknown("a", "f"), one, "a"],
  ])("%s", (_, a, b, expected) => expect(short(compareVersions(a, b))).toBe(expected));
});

describe("projects", () => {
  const compare = (a: Part, b: Part) => short(compareProjects(a, b, pairs));
  test.each<[string, Part, Part, string]>([
    ["one ID", known("netra-staging"), known("netra-staging"), "same"],
    ["two IDs", known("netra-staging"), known("netra-production"), "different"],
    ["two numbers", known("42"), known("43"), "different"],
    ["a matched ID and number", known("netra-staging"), known("42"), "same"],
    ["a matched number and ID", known("42"), known("netra-staging"), "same"],
    ["a matched ID and another number", known("netra-staging"), known("43"), "different"],
    ["a matched number and another ID", known("42"), known("other"), "different"],
    [
      "two that nothing matches",
      known("other"),
      known("43"),
      "nothing shown tells whether project other has the number 43; --project other=43 would",
    ],
    [
      "two that nothing matches, the number first",
      known("43"),
      known("other"),
      "nothing shown tells whether project other has the number 43; --project other=43 would",
    ],
    ["an ID that ends in digits is no number", known("project-42"), known("other"), "different"],
    ["an ID that begins with digits is no number", known("42a"), known("other"), "different"],
    ["unknown and a matched number", unknown("a"), known("42"), "a"],
    ["a matched number and unknown", known("42"), unknown("a"), "a"],
    ["unknown and a matched ID", unknown("a"), known("netra-staging"), "a"],
    ["two resources", settled("u"), settled("v"), "the projects are known by their resources alone"],
    ["one resource", settled("u"), settled("u"), "same"],
    ["one scope", unknown("a", "f"), unknown("b", "f"), "same"],
  ])("%s", (_, a, b, expected) => expect(compare(a, b)).toBe(expected));
});

describe("secrets and references", () => {
  const secret = (name: string, project: string | Part = "netra-staging") => reference(name, "1", project);
  test("are the same only in one project", () => {
    expect(short(compareSecrets(secret("a"), secret("a", "42"), pairs))).toBe("same");
    expect(short(compareSecrets(secret("a"), secret("a", "other"), pairs))).toBe("different");
    expect(short(compareSecrets(secret("a"), secret("a", unknown("no project")), pairs))).toBe("no project");
  });
  test("of two names differ whatever the project", () => {
    expect(short(compareSecrets(secret("a"), secret("b", unknown("no project")), pairs))).toBe("different");
  });
  test("are one reference only with one version", () => {
    expect(short(compareReferences(reference("a", "1"), reference("a", "1"), pairs))).toBe("same");
    expect(short(compareReferences(reference("a", "1"), reference("a", "2"), pairs))).toBe("different");
    expect(short(compareReferences(reference("a", "1"), reference("b", "1"), pairs))).toBe("different");
  });
  test("all of nothing is the same; one difference outweighs a doubt, a doubt outweighs the rest", () => {
    const [same, different, doubt] = [
      { kind: "same" },
      { kind: "different" },
      { kind: "undetermined", reason: "r" },
    ] as const;
    expect(short(all([]))).toBe("same");
    expect(short(all([same, same]))).toBe("same");
    expect(short(all([same, doubt, same]))).toBe("r");
    expect(short(all([same, doubt, different]))).toBe("different");
  });
});

test.each<[string, Part, string]>([
  ["a number", known("10"), "pinned"],
  ["a resource", settled("u"), "pinned"],
  ["latest", known("latest"), "moving"],
  ["zero", known("0"), "moving"],
  ["a number with a zero before it", known("01"), "moving"],
  ["an alias that begins with a number", known("1a"), "moving"],
  ["an alias that ends with a number", known("a1"), "moving"],
  ["none", absent, "moving"],
  ["unknown", unknown("a"), "unknown"],
  ["a placeholder", known(placeholder), "unknown"],
])("%s as a version", (_, version, expected) => expect(pinning(version)).toBe(expected));
