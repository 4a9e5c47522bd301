import { expect, test } from "vitest";
import {
  absent,
  carrying,
  container,
  file,
  findingsOf,
  fromSecret,
  hiddenService,
  literal,
  only,
  reference,
  service,
  settled,
  staging,
  unknown,
  unseen,
  verdictOf,
} from "../baseline.ts";
import type { Environment, Part, Variable } from "../facts.ts";
import { previousVersionAgrees as rule } from "./previous-version-agrees.ts";

const current = (version: string | Part = "2"): Variable =>
  fromSecret("JWT_SECRET_KEY", reference("jwt-secret-staging", version));
const previous = (version: string | Part = "1", secret: string | Part = "jwt-secret-staging"): Variable =>
  fromSecret("JWT_SECRET_PREVIOUS", reference(secret, version));
const both = (auth: Variable[], backend: Variable[] = auth): Environment =>
  staging({ services: [carrying("auth", ...auth), carrying("backend", ...backend)] });

test("no previous key, or the same older one on both, holds", () => {
  expect(verdictOf(rule, staging())).toBe("holds");
  expect(verdictOf(rule, both([current(), previous()]))).toBe("holds");
});

test("a previous key of another secret holds", () => {
  expect(verdictOf(rule, both([current(), previous("2", "older")]))).toBe("holds");
  expect(verdictOf(rule, both([current(), previous("latest", "older")]))).toBe("holds");
});

test("a previous key on one service alone is a violation", () => {
  const finding = only(rule, both([current(), previous()], [current()]));
  expect(finding).toMatchObject({
    rule: "previous-version-agrees",
    verdict: "violation",
    services: ["auth", "backend"],
  });
  expect(finding.message).toBe(
    "auth carries JWT_SECRET_PREVIOUS and backend does not: backend will refuse tokens signed before the rotation.",
  );
  expect(verdictOf(rule, both([current()], [current(), previous()]))).toBe("violation");
});

test("another previous key on each service is a violation", () => {
  const finding = only(rule, both([current("3"), previous("1")], [current("3"), previous("2")]));
  expect(finding).toMatchObject({ verdict: "violation", services: ["auth", "backend"] });
  expect(finding.message).toContain(
    "auth reads JWT_SECRET_PREVIOUS from netra-staging/jwt-secret-staging@1, backend reads JWT_SECRET_PREVIOUS from netra-staging/jwt-secret-staging@2",
  );
});

test("previous keys that cannot be compared are undetermined", () => {
  const finding = only(
    rule,
    both([current(), previous("1", "older")], [current(), previous("1", unknown("it is computed"))]),
  );
  expect(finding.verdict).toBe("undetermined");
  expect(finding.message).toContain("whether these are one version cannot be told (it is computed)");
});

test("the current key as the previous one is a violation on each service", () => {
  const findings = findingsOf(rule, both([current("1"), previous("1")]));
  expect(findings.map((one) => [one.verdict, one.services])).toEqual([
    ["violation", ["auth"]],
    ["violation", ["backend"]],
  ]);
  expect(findings[0]?.message).toContain(
    "auth carries the current key netra-staging/jwt-secret-staging@1 as JWT_SECRET_PREVIOUS too",
  );
  expect(verdictOf(rule, both([current("latest"), previous("latest")]))).toBe("violation");
  expect(verdictOf(rule, both([current(settled("urn:1")), previous(settled("urn:1"))]))).toBe("violation");
});

test.each<[string, Variable[]]>([
  ["a current version that moves", [current("latest"), previous("1")]],
  ["a previous version that moves", [current("2"), previous("latest")]],
  ["an unknown version", [current(unknown("computed", "a")), previous("1")]],
  ["a version by its resource beside a number", [current(settled("urn:1")), previous("1")]],
  ["a key that is not decided", [unseen("JWT_SECRET_KEY"), previous("1")]],
])("%s may be the current key: undetermined", (_what, variables) => {
  const [finding] = findingsOf(rule, both(variables));
  expect(verdictOf(rule, both(variables))).toBe("undetermined");
  expect(finding?.message).toContain(
    "Whether JWT_SECRET_PREVIOUS of auth, from netra-staging/jwt-secret-staging@",
  );
  expect(finding?.message).toContain("is the current key cannot be told (");
});

test("two versions by their resources are two keys", () => {
  expect(verdictOf(rule, both([current(settled("urn:2")), previous(settled("urn:1"))]))).toBe("holds");
});

test("a previous key without a version, the same on both, may be the current one", () => {
  expect(verdictOf(rule, both([current(), previous(absent)]))).toBe("undetermined");
});

test("plain text is a violation, a value not shown is undetermined", () => {
  const plain = only(rule, both([current(), literal("JWT_SECRET_PREVIOUS")], [current(), previous()]));
  expect(plain).toMatchObject({ verdict: "violation", services: ["auth"] });
  expect(plain.message).toContain("auth carries JWT_SECRET_PREVIOUS as plain text");
  const masked = only(
    rule,
    both([current(), unseen("JWT_SECRET_PREVIOUS", "it is masked")], [current(), previous()]),
  );
  expect(masked.message).toBe("What JWT_SECRET_PREVIOUS of auth carries cannot be told (it is masked).");
  expect(masked.verdict).toBe("undetermined");
});

test("beside a current key in plain text, the previous one is not compared with it", () => {
  expect(verdictOf(rule, both([literal("JWT_SECRET_KEY"), previous()]))).toBe("holds");
});

test("a mounted file that stands for the previous key counts", () => {
  const mounted = file("/keys/jwt-secret-previous", reference("jwt-secret-staging", "1"));
  expect(verdictOf(rule, both([current(), mounted]))).toBe("holds");
  expect(verdictOf(rule, both([current(), mounted], [current()]))).toBe("violation");
});

test("further services need none, but one that is there must be the same; each is told by itself", () => {
  const sound = [carrying("auth", current(), previous()), carrying("backend", current(), previous())];
  expect(verdictOf(rule, staging({ services: [...sound, carrying("worker", current())] }))).toBe("holds");
  const wrong = ["one", "two"].map((label) => carrying(label, current(), previous("7")));
  expect(findingsOf(rule, staging({ services: [...sound, ...wrong] })).map((one) => one.services)).toEqual([
    ["auth", "one"],
    ["auth", "two"],
  ]);
});

test("any two that differ are a violation, whatever stands between them", () => {
  const auth = carrying("auth", current("3"), previous(settled("urn:1")), previous("1"));
  const finding = findingsOf(
    rule,
    staging({ services: [auth, carrying("backend", current("3"), previous("2"))] }),
  );
  expect(finding.filter((one) => one.verdict === "violation").map((one) => one.services)).toEqual([
    ["auth", "backend"],
  ]);
});

test("a container that holds it as current is enough", () => {
  const auth = service("auth", { containers: [container(current(), previous()), container(current("1"))] });
  const environment = staging({ services: [auth, carrying("backend", current(), previous())] });
  expect(only(rule, environment)).toMatchObject({ verdict: "violation", services: ["auth"] });
});

test("hidden containers are undetermined and say nothing about the other service", () => {
  const environment = staging({
    services: [hiddenService("auth"), carrying("backend", current(), previous())],
  });
  expect(only(rule, environment)).toMatchObject({ verdict: "undetermined", services: ["auth"] });
});

test("a missing role leaves it open", () => {
  expect(verdictOf(rule, staging({ services: [carrying("auth", current(), previous())] }))).toBe(
    "not applicable",
  );
});

test("a container whose current version moves leaves it open although another's is another number", () => {
  const auth = service("auth", {
    containers: [container(current(), previous()), container(current("latest"))],
  });
  const environment = staging({ services: [auth, carrying("backend", current(), previous())] });
  expect(only(rule, environment)).toMatchObject({ verdict: "undetermined", services: ["auth"] });
});
