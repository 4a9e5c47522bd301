import { expect, test } from "vitest";
import {
  carrying,
  container,
  findingsOf,
  fromSecret,
  hiddenService,
  literal,
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

test("versions of another secret than auth's are not compared: that it is another one is told", () => {
  const services = [
    service("auth"),
    service("backend"),
    carrying("worker", key("another", "1")),
    carrying("crawler", key("another", "2")),
  ];
  expect(verdictOf(sameJwtSecretVersion, staging({ services }))).toBe("holds");
  expect(verdictOf(sameJwtSecret, staging({ services }))).toBe("violation");
});

test("but they are where one container of auth does not say what it reads", () => {
  const auth = service("auth", {
    containers: [
      container(key("another")),
      container(literal("ENVIRONMENT", "staging"), fromSecret("JWT_SECRET_PRODUCTION")),
    ],
  });
  const services = [auth, service("backend"), carrying("worker", key("jwt-secret-staging", "2"))];
  expect(findingsOf(sameJwtSecretVersion, staging({ services }))).toMatchObject([
    { verdict: "violation", services: ["backend", "worker"] },
  ]);
});

test("of several that read the same, the first is named", () => {
  const services = [
    hiddenService("auth"),
    service("backend"),
    service("worker"),
    carrying("crawler", key("another")),
  ];
  const [violation] = findingsOf(sameJwtSecret, staging({ services })).filter(
    ({ verdict }) => verdict === "violation",
  );
  expect(violation?.services).toEqual(["backend", "crawler"]);
});

test("plain text is not taken for what is hidden: beside a reference it is a violation", () => {
  const services = [
    hiddenService("auth"),
    hiddenService("backend"),
    carrying("worker", literal("JWT_SECRET_KEY")),
    carrying("crawler", key("another")),
  ];
  expect(verdictOf(sameJwtSecret, staging({ services }))).toBe("undetermined and violation");
});
