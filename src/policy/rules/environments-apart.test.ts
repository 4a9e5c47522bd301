import { expect, test } from "vitest";
import {
  carrying,
  declared,
  declaredSecret,
  findingsOf,
  fromSecret,
  hiddenService,
  literal,
  only,
  reference,
  secretUrn,
  service,
  settled,
  staging,
  unknown,
  unseen,
  verdictOf,
} from "../baseline.ts";
import type { Environment, Reference, Variable } from "../facts.ts";
import { environmentsApart as rule } from "./environments-apart.ts";

/** An environment whose two services carry these. */
const named = (name: string, ...variables: Variable[]): Environment =>
  staging({ name, services: [carrying("auth", ...variables), carrying("backend", ...variables)] });
const refersTo = (name: string, to: Reference): Environment => named(name, fromSecret("JWT_SECRET_KEY", to));
const both = (a: Environment, b: Environment): [Environment, Environment[]] => [a, [a, b]];

test("two secrets hold, in one project or two", () => {
  expect(
    verdictOf(rule, ...both(refersTo("staging", reference("a")), refersTo("production", reference("b")))),
  ).toBe("holds");
  const elsewhere = refersTo("production", reference("a", "1", "netra-production"));
  expect(verdictOf(rule, ...both(refersTo("staging", reference("a")), elsewhere))).toBe("holds");
});

test("one secret in two environments is a violation on each, in any version", () => {
  const [staging, production] = [
    refersTo("staging", reference("a", "1")),
    refersTo("production", reference("a", "2")),
  ];
  const finding = only(rule, ...both(staging, production));
  expect(finding).toMatchObject({ rule: "environments-apart", verdict: "violation", services: ["auth"] });
  expect(finding.message).toBe(
    "auth of staging reads JWT_SECRET_KEY from netra-staging/a, which production refers to as well: tokens signed in one environment are accepted in the other.",
  );
  expect(only(rule, production, [staging, production]).message).toContain("which staging refers to as well");
});

test("a previous key, a further service and a variable out of the read order count", () => {
  const current = fromSecret("JWT_SECRET_KEY", reference("b"));
  const other = refersTo("production", reference("a"));
  expect(
    verdictOf(
      rule,
      ...both(named("staging", current, fromSecret("JWT_SECRET_PREVIOUS", reference("a"))), other),
    ),
  ).toBe("violation");
  expect(
    verdictOf(
      rule,
      ...both(named("staging", current, fromSecret("JWT_SECRET_PRODUCTION", reference("a"))), other),
    ),
  ).toBe("violation");
  const further = named("staging", current);
  further.services.push(carrying("worker", fromSecret("JWT_SECRET", reference("a"))));
  expect(only(rule, ...both(further, other)).services).toEqual(["worker"]);
});

test("many environments with one secret are one finding, shortened", () => {
  const all = Array.from({ length: 9 }, (_, index) => refersTo(`e${index}`, reference("a")));
  const [first] = all;
  expect(first && only(rule, first, all).message).toContain(
    "which e1, e2, e3, e4, e5 and 3 more refer to as well",
  );
});

test("an environment without a name is called by its service", () => {
  const { name: _name, ...nameless } = refersTo("x", reference("a"));
  expect(only(rule, ...both(refersTo("staging", reference("a")), nameless)).message).toContain(
    "which the environment of auth refers to as well",
  );
});

test.each<[string, Reference, Reference, string]>([
  [
    "an ID against an unmatched number",
    reference("a", "1", "someone"),
    reference("a", "1", "999"),
    "undetermined",
  ],
  ["an ID against the number of another project", reference("a"), reference("a", "1", "999"), "holds"],
  ["an ID against its number", reference("a"), reference("a", "1", "701982941522"), "violation"],
  [
    "one name in an unknown project",
    reference("a"),
    reference("a", "1", unknown("no project is named")),
    "undetermined",
  ],
  [
    "two names in unknown projects",
    reference("a", "1", unknown("none")),
    reference("b", "1", unknown("none")),
    "holds",
  ],
  [
    "unknown projects of one file",
    reference("a", "1", unknown("none", "f")),
    reference("a", "1", unknown("none", "f")),
    "violation",
  ],
  [
    "equal spellings of two unknown projects",
    reference("a", "1", unknown("none")),
    reference("a", "1", unknown("none")),
    "undetermined",
  ],
  ["a secret not known", reference(unknown("computed")), reference("b"), "undetermined"],
  [
    "a secret not known in another project",
    reference(unknown("computed")),
    reference("b", "1", "netra-production"),
    "holds",
  ],
  ["one resource", reference(settled("urn:a")), reference(settled("urn:a")), "violation"],
  ["two resources", reference(settled("urn:a")), reference(settled("urn:b")), "holds"],
])("%s", (_what, a, b, verdict) => {
  const production = refersTo("production", b);
  production.projects.push({ id: "netra-staging", number: "701982941522" });
  expect(verdictOf(rule, ...both(refersTo("staging", a), production))).toBe(verdict);
});

test("unknown projects of two files are undetermined", () => {
  const of = (name: string, scope: string): Environment =>
    refersTo(name, reference("a", "1", unknown("none", scope)));
  expect(verdictOf(rule, ...both(of("staging", "f"), of("production", "g")))).toBe("undetermined");
});

test("a sure sharing is told although an earlier environment cannot be compared", () => {
  const [one, doubtful, sharing] = [
    refersTo("one", reference("a")),
    refersTo("doubtful", reference("a", "1", "999")),
    refersTo("sharing", reference("a")),
  ];
  expect(only(rule, one, [one, doubtful, sharing]).message).toContain("which sharing refers to as well");
  const scoped = (name: string): Environment => refersTo(name, reference(unknown("computed", "s")));
  const [first, last] = [scoped("first"), scoped("last")];
  expect(only(rule, first, [first, doubtful, last]).message).toContain("which last refers to as well");
});

test("undetermined names the other environment and the reason", () => {
  const finding = only(
    rule,
    ...both(refersTo("staging", reference("a")), refersTo("production", reference("a", "1", "999"))),
  );
  expect(finding).toMatchObject({ verdict: "undetermined", services: ["auth"] });
  expect(finding.message).toContain(
    "auth of staging reads JWT_SECRET_KEY from netra-staging/a: whether production refers to the same secret cannot be told (",
  );
});

test("a resource is compared by the name its own document shows", () => {
  const byResource = {
    ...refersTo("staging", reference(settled(secretUrn))),
    declared: declared({ secrets: [declaredSecret()] }),
  };
  expect(verdictOf(rule, ...both(byResource, refersTo("production", reference("jwt-secret-staging"))))).toBe(
    "violation",
  );
  expect(verdictOf(rule, ...both(byResource, refersTo("production", reference("another"))))).toBe("holds");
});

test("what the document does not show is undetermined", () => {
  const other = refersTo("production", reference("a"));
  const hidden = only(
    rule,
    ...both(staging({ services: [hiddenService("auth"), service("backend")] }), other),
  );
  expect(hidden.message).toContain(
    "hides the containers of auth (containers are masked), so whether staging shares a secret",
  );
  const masked = findingsOf(rule, ...both(named("staging", unseen("JWT_SECRET_KEY", "it is masked")), other));
  expect(masked.map((one) => [one.verdict, one.services])).toEqual([
    ["undetermined", ["auth"]],
    ["undetermined", ["backend"]],
  ]);
  expect(masked[0]?.message).toContain("(it is masked), so whether staging shares a secret");
});

test("one environment alone, or one without references, does not apply", () => {
  expect(verdictOf(rule, staging())).toBe("not applicable");
  expect(
    verdictOf(rule, ...both(named("staging", literal("JWT_SECRET")), refersTo("production", reference("a")))),
  ).toBe("not applicable");
});

test("a masked variable leaves it open although another shows its secret", () => {
  const masked = named("staging", fromSecret("JWT_SECRET_KEY", reference("b")), unseen("JWT_SECRET"));
  expect(findingsOf(rule, ...both(masked, refersTo("production", reference("a"))))).toMatchObject([
    { verdict: "undetermined", services: ["auth"] },
    { verdict: "undetermined", services: ["backend"] },
  ]);
});

test("a reference that nobody can tell leaves it open, also when both look alike", () => {
  const unclear = reference(unknown("it is computed"), "1", unknown("it is computed"));
  const all = ["one", "two", "three"].map((name) => refersTo(name, unclear));
  for (const environment of all) expect(verdictOf(rule, environment, all)).toBe("undetermined");
});

test("a secret that nobody can tell leaves every other environment open", () => {
  const unclear = refersTo(
    "production",
    reference(unknown("it is computed"), "1", unknown("it is computed")),
  );
  const clear = refersTo("staging", reference("a"));
  for (const environment of [clear, unclear]) {
    expect(verdictOf(rule, environment, [clear, unclear])).toBe("undetermined");
  }
});
