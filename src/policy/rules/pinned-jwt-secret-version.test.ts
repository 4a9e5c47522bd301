import { expect, test } from "vitest";
import {
  absent,
  carrying,
  file,
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
  unseen,
  verdictOf,
  versionUrn,
} from "../baseline.ts";
import type { Environment, Part, Variable } from "../facts.ts";
import { pinnedJwtSecretVersion as rule } from "./pinned-jwt-secret-version.ts";

const auth = (...variables: Variable[]): Environment =>
  staging({ services: [carrying("auth", ...variables), service("backend")] });
const at = (version: string | Part, name = "JWT_SECRET"): Variable =>
  fromSecret(name, reference("s", version));

test.each<[string, string | Part]>([
  ["1", "1"],
  ["120", "120"],
  ["a version resource", settled(versionUrn)],
])("%s is pinned", (_what, version) => {
  expect(verdictOf(rule, auth(at(version)))).toBe("holds");
});

test.each<[string, string | Part, string]>([
  ["latest", "latest", "netra-staging/s@latest"],
  ["an alias", "current", "netra-staging/s@current"],
  ["0", "0", "netra-staging/s@0"],
  ["01", "01", "netra-staging/s@01"],
  ["1a", "1a", "netra-staging/s@1a"],
  ["nothing", absent, "netra-staging/s (no version)"],
])("%s is not pinned", (_what, version, printed) => {
  const finding = only(rule, auth(at(version)));
  expect(finding).toMatchObject({
    rule: "pinned-jwt-secret-version",
    verdict: "violation",
    services: ["auth"],
  });
  expect(finding.message).toContain(`auth reads JWT_SECRET from ${printed}, not pinned to a version number`);
});

test.each<[string, string | Part]>([
  ["an unknown version", unknown("it is computed")],
  ["a placeholder", placeholder],
])("%s is undetermined", (_what, version) => {
  expect(only(rule, auth(at(version)))).toMatchObject({ verdict: "undetermined", services: ["auth"] });
});

test("a value not shown is undetermined, with the reason", () => {
  expect(only(rule, auth(unseen("JWT_SECRET", "it is masked"))).message).toBe(
    "Whether JWT_SECRET of auth is pinned to a version number cannot be told (it is masked).",
  );
});

test("every JWT variable counts, mounted files too, and the gravest is told", () => {
  expect(verdictOf(rule, auth(at("1"), at("latest", "JWT_SECRET_PRODUCTION")))).toBe("violation");
  expect(verdictOf(rule, auth(at("1"), file("/jwt-secret", reference("s", "latest"))))).toBe("violation");
  expect(verdictOf(rule, auth(at(unknown("computed")), at("latest", "JWT_SECRET_KEY")))).toBe("violation");
  expect(verdictOf(rule, auth(at("1"), at("latest", "JWT_SECRET_PREVIOUS")))).toBe("holds");
});

test("both services at latest are two findings", () => {
  const environment = staging({
    services: [carrying("auth", at("latest")), carrying("backend", at("latest"))],
  });
  expect(findingsOf(rule, environment).map((one) => one.services)).toEqual([["auth"], ["backend"]]);
});

test("a further service is held to it, a hidden one is undetermined", () => {
  expect(
    only(rule, staging({ services: [service("auth"), service("backend"), carrying("worker", at("latest"))] }))
      .services,
  ).toEqual(["worker"]);
  expect(verdictOf(rule, staging({ services: [service("auth"), hiddenService("backend")] }))).toBe(
    "undetermined",
  );
});

test("without a reference it does not apply", () => {
  expect(
    verdictOf(rule, staging({ services: [carrying("auth", literal("JWT_SECRET")), carrying("backend")] })),
  ).toBe("not applicable");
});

test("a hidden service is undetermined although no other carries a reference", () => {
  const services = [carrying("auth", literal("JWT_SECRET")), hiddenService("backend")];
  expect(verdictOf(rule, staging({ services }))).toBe("undetermined");
});
