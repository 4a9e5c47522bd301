import { expect, test } from "vitest";
import {
  absent,
  carrying,
  container,
  declared,
  declaredVersion,
  findingsOf,
  fromSecret,
  hiddenService,
  literal,
  only,
  placeholder,
  reference,
  service,
  settled,
  staging,
  unknown,
  verdictOf,
  versionUrn,
} from "../baseline.ts";
import type { Environment, Part, Variable } from "../facts.ts";
import { sameJwtSecretVersion as rule } from "./same-jwt-secret-version.ts";

const at = (version: string | Part, secret = "jwt-secret-staging"): Variable =>
  fromSecret("JWT_SECRET_KEY", reference(secret, version));
const both = (auth: Variable, backend: Variable): Environment =>
  staging({ services: [carrying("auth", auth), carrying("backend", backend)] });

test("one version holds", () => {
  expect(verdictOf(rule, staging())).toBe("holds");
});

test("two versions are a violation", () => {
  const finding = only(rule, both(at("1"), at("2")));
  expect(finding).toMatchObject({
    rule: "same-jwt-secret-version",
    verdict: "violation",
    services: ["auth", "backend"],
  });
  expect(finding.message).toBe(
    "auth reads JWT_SECRET_KEY from netra-staging/jwt-secret-staging@1, backend reads it from netra-staging/jwt-secret-staging@2: backend will refuse every token auth signs.",
  );
});

test.each([
  ["latest", at("latest")],
  ["an alias", at("current")],
  ["no version", at(absent)],
])("a number on one side and %s on the other is a violation, either way round", (_what, moving) => {
  const finding = only(rule, both(at("1"), moving));
  expect(finding.verdict).toBe("violation");
  expect(finding.message).toContain("after the next rotation");
  expect(verdictOf(rule, both(moving, at("1")))).toBe("violation");
  expect(verdictOf(rule, both(moving, at(settled(versionUrn))))).toBe("violation");
});

test.each([
  ["latest and latest", at("latest"), at("latest")],
  ["an alias and nothing", at("current"), at(absent)],
])("%s are left to pinned-jwt-secret-version", (_what, auth, backend) => {
  expect(verdictOf(rule, both(auth, backend))).toBe("not applicable");
});

test.each([
  ["one resource", settled(versionUrn), settled(versionUrn), "holds"],
  ["two resources", settled(versionUrn), settled("urn:other"), "violation"],
  ["a number and a resource", "1", settled(versionUrn), "undetermined"],
  ["an unknown and a number", unknown("computed"), "1", "undetermined"],
  ["a number and an unknown", "1", unknown("computed"), "undetermined"],
  ["an unknown and latest", unknown("computed"), "latest", "undetermined"],
  ["latest and an unknown", "latest", unknown("computed"), "undetermined"],
  ["two unknowns", unknown("computed"), unknown("computed"), "undetermined"],
  ["one unknown twice", unknown("computed", "s"), unknown("computed", "s"), "holds"],
] as const)("%s", (_what, auth, backend, verdict) => {
  const environment = both(at(auth), at(backend));
  expect(verdictOf(rule, environment)).toBe(verdict);
  if (verdict === "undetermined")
    expect(only(rule, environment).message).toContain("whether these are one version cannot be told (");
});

test("a version resource is compared by the number that the document shows for it", () => {
  const environment = both(at("1"), at(settled(versionUrn)));
  expect(verdictOf(rule, { ...environment, declared: declared() })).toBe("holds");
  const second = declared({ versions: [declaredVersion({ version: { kind: "known", value: "2" } })] });
  expect(verdictOf(rule, { ...environment, declared: second })).toBe("violation");
});

test("different secrets are left to same-jwt-secret", () => {
  expect(verdictOf(rule, both(at("1"), at("2", "another")))).toBe("not applicable");
});

test("two numbers are a violation although the secret cannot be told", () => {
  const unsure = fromSecret("JWT_SECRET_KEY", reference(unknown("computed"), "2"));
  expect(verdictOf(rule, both(at("1"), unsure))).toBe("violation");
});

test("plain text, a hidden service and a missing role are left to other rules", () => {
  expect(verdictOf(rule, both(at("1"), literal("JWT_SECRET_KEY")))).toBe("not applicable");
  expect(verdictOf(rule, staging({ services: [hiddenService("auth"), service("backend")] }))).toBe(
    "not applicable",
  );
  expect(verdictOf(rule, staging({ services: [service("auth")] }))).toBe("not applicable");
});

test("a container that agrees proves nothing about one whose reading cannot be told", () => {
  const unread = container(literal("ENVIRONMENT", "staging"), fromSecret("JWT_SECRET_PRODUCTION"));
  const auth = service("auth", {
    containers: [container(literal("ENVIRONMENT", "staging"), at("1")), unread],
  });
  expect(verdictOf(rule, staging({ services: [auth, carrying("backend", at("1"))] }))).toBe("not applicable");
});

test("two services that agree prove nothing about a third whose reading cannot be told", () => {
  const unread = carrying("backend", fromSecret("JWT_SECRET_PRODUCTION"));
  const environment = (worker: Variable): Environment =>
    staging({ services: [carrying("auth", at("1")), unread, carrying("worker", worker)] });
  expect(verdictOf(rule, environment(at("1")))).toBe("not applicable");
  expect(verdictOf(rule, environment(at("2")))).toBe("violation");
});

test("a further service is held to the same version", () => {
  const worker = carrying("worker", at("2"));
  const finding = only(rule, staging({ services: [service("auth"), service("backend"), worker] }));
  expect(finding.services).toEqual(["auth", "worker"]);
});

test("two services are told once, by the gravest of their containers", () => {
  const many = service("backend", {
    containers: [container(at(unknown("computed"))), container(at("2")), container(at("3"))],
  });
  expect(
    findingsOf(rule, staging({ services: [carrying("auth", at("1")), many] })).map((one) => one.verdict),
  ).toEqual(["violation"]);
});

test.each<[string, string | Part, string | Part, string]>([
  ["a placeholder and latest", placeholder, "latest", `("${placeholder}" is not the name of a version)`],
  ["latest and a placeholder", "latest", placeholder, `("${placeholder}" is not the name of a version)`],
  ["none and an unknown", absent, unknown("it is computed"), "(it is computed)"],
  ["an unknown and none", unknown("it is computed"), absent, "(it is computed)"],
])("%s are undetermined because of the one that is not known", (_what, auth, backend, reason) => {
  expect(only(rule, both(at(auth), at(backend))).message).toContain(reason);
});

test("variables of two names are both named", () => {
  const environment = both(
    fromSecret("JWT_SECRET", reference("s", "1")),
    fromSecret("JWT_SECRET_KEY", reference("s", "2")),
  );
  expect(only(rule, environment).message).toContain(
    "auth reads JWT_SECRET from netra-staging/s@1, backend reads JWT_SECRET_KEY from netra-staging/s@2",
  );
});

test("each service that differs from auth is told by itself", () => {
  const services = [carrying("auth", at("1")), carrying("backend", at("2")), carrying("worker", at("3"))];
  expect(findingsOf(rule, staging({ services })).map((one) => one.services)).toEqual([
    ["auth", "backend"],
    ["auth", "worker"],
  ]);
});

test("a service without a place in a document is judged like any other", () => {
  const backend = { ...carrying("backend", at("2")), location: {} };
  expect(verdictOf(rule, staging({ services: [carrying("auth", at("1")), backend] }))).toBe("violation");
});

test.each<[string, [string | Part, string | Part], string]>([
  ["two violations", ["2", "3"], "backend reads it from netra-staging/jwt-secret-staging@2"],
  ["two doubts", [unknown("the first"), unknown("the second")], "(the first)"],
  ["a violation before a doubt", ["2", unknown("the second")], "will refuse every token"],
])("of %s between containers of two services the first is told", (_what, [one, two], told) => {
  const backend = service("backend", { containers: [container(at(one)), container(at(two))] });
  expect(only(rule, staging({ services: [carrying("auth", at("1")), backend] })).message).toContain(told);
});
