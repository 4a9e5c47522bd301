import { expect, test } from "vitest";
import {
  carrying,
  findingsOf,
  fromSecret,
  hiddenService,
  reference,
  service,
  staging,
  unknown,
  verdictOf,
} from "./baseline.ts";
import { sameJwtSecret } from "./rules/same-jwt-secret.ts";
import { sameJwtSecretVersion } from "./rules/same-jwt-secret-version.ts";

const key = (secret: string, version = "1") => fromSecret("JWT_SECRET_KEY", reference(secret, version));

test("backend and a further service that differ are a violation although auth is hidden", () => {
  const services = [hiddenService("auth"), service("backend"), carrying("worker", key("another"))];
  const found = findingsOf(sameJwtSecret, staging({ services }));
  expect(found.map(({ verdict, services: labels }) => [verdict, labels])).toContainEqual([
    "violation",
    ["backend", "worker"],
  ]);
});

test("and although auth carries nothing", () => {
  const services = [carrying("auth"), service("backend"), carrying("worker", key("another"))];
  expect(verdictOf(sameJwtSecret, staging({ services }))).toBe("violation");
});

test("and so are their versions", () => {
  const services = [
    hiddenService("auth"),
    service("backend"),
    carrying("worker", key("jwt-secret-staging", "2")),
  ];
  expect(verdictOf(sameJwtSecretVersion, staging({ services }))).toBe("violation");
});

test("two further services that differ are a violation although the two roles are in doubt", () => {
  const computed = fromSecret("JWT_SECRET_KEY", reference(unknown("computed")));
  const services = [
    carrying("auth", computed),
    carrying("backend", computed),
    carrying("worker", key("one")),
    carrying("crawler", key("two")),
  ];
  expect(verdictOf(sameJwtSecret, staging({ services }))).toBe("undetermined and violation");
});

test("where all the others agree, what auth hides stays undetermined", () => {
  const services = [hiddenService("auth"), service("backend"), service("worker")];
  expect(verdictOf(sameJwtSecret, staging({ services }))).toBe("undetermined");
  expect(verdictOf(sameJwtSecretVersion, staging({ services }))).toBe("not applicable");
});

test("a violation with auth is not told once more between the others", () => {
  const services = [service("auth"), service("backend"), carrying("worker", key("another"))];
  expect(findingsOf(sameJwtSecret, staging({ services }))).toHaveLength(1);
});
