/** Names of variables and files, and what a container says of its environment. */
import { describe, expect, test } from "vitest";
import { container, file, fromSecret, hiddenService, literal, service, unseen } from "./baseline.ts";
import type { Variable } from "./facts.ts";
import {
  environmentOf,
  fingerprintVariables,
  hiddenBecause,
  isJwtVariable,
  jwtVariables,
  nameOf,
  previousVariables,
} from "./variables.ts";

test.each<[Variable, string]>([
  [fromSecret("a/b-c.d"), "a/b-c.d"],
  [file("/etc/jwt-secret.key"), "JWT_SECRET_KEY"],
  [file("/etc/jwt/JWT_SECRET/"), "JWT_SECRET"],
  [file("jwt-secret"), "JWT_SECRET"],
  [file("/"), ""],
])("%j stands for %s", (variable, name) => expect(nameOf(variable)).toBe(name));

test.each<[string, boolean]>([
  ["JWT_SECRET", true],
  ["JWT_SECRET_KEY", true],
  ["JWT_SECRET_X", true],
  ["JWT_SECRET_\n", true],
  ["JWT_SECRET_", false],
  ["JWT_SECRETS", false],
  ["MY_JWT_SECRET_KEY", false],
  ["jwt_secret", false],
  ["JWT_SECRET_PREVIOUS", false],
  ["JWT_SECRET_FINGERPRINT", false],
])("%j is a JWT variable: %s", (name, is) =>
  expect(isJwtVariable(fromSecret(name), service("auth"))).toBe(is),
);

test("what the service is said to read counts, by the variable's name or the file's path", () => {
  const reading = service("auth", { reads: ["KEY", "/keys/own"] });
  expect(
    [fromSecret("KEY"), file("/x/key"), file("/keys/own")].map((one) => isJwtVariable(one, reading)),
  ).toEqual([true, true, true]);
  expect(isJwtVariable(file("/x/own"), reading)).toBe(false);
});

test("each kind is found over all containers", () => {
  const one = service("auth", {
    containers: [
      container(
        fromSecret("JWT_SECRET"),
        file("/s/jwt-secret-previous"),
        literal("JWT_SECRET_FINGERPRINT", "ab"),
      ),
      container(
        fromSecret("JWT_SECRET_PREVIOUS"),
        file("/s/JWT_SECRET_FINGERPRINT"),
        file("JWT_SECRET_FINGERPRINT"),
      ),
    ],
  });
  expect(jwtVariables(one).map(({ name }) => name)).toEqual(["JWT_SECRET"]);
  expect(previousVariables(one)).toHaveLength(2);
  expect(fingerprintVariables(one)).toHaveLength(1);
  expect(jwtVariables(hiddenService("auth"))).toEqual([]);
  expect(hiddenBecause(one)).toBeUndefined();
});

test.each([
  ["It is masked. By v1.\n", "It is masked. By v1"],
  ["It is masked.", "It is masked"],
  ["It is masked", "It is masked"],
])("the reason %j is told within a sentence as %j", (reason, told) => {
  const containers = { kind: "unknown", reason } as const;
  expect(hiddenBecause(service("auth", { containers }))).toBe(told);
});

describe("what a container says of its environment", () => {
  const said = (...variables: Variable[]) => environmentOf(container(...variables));
  const name = "ENVIRONMENT";
  test.each<[string, Variable[], Record<string, unknown>]>([
    ["nothing", [literal("OTHER", "x")], { kind: "absent" }],
    ["a file is nothing", [file(name)], { kind: "absent" }],
    ["its name", [literal(name, "staging")], { kind: "known", text: "staging" }],
    [
      "its name twice",
      [literal(name, "staging"), literal(name, "staging")],
      { kind: "known", text: "staging" },
    ],
    [
      "two names",
      [literal(name, "a"), literal(name, "b")],
      { kind: "unknown", reason: "it is set more than once" },
    ],
    [
      "a name and nothing",
      [literal(name, "a"), literal(name, "")],
      { kind: "unknown", reason: "it is set more than once" },
    ],
    ["an empty text", [literal(name, "")], { kind: "empty" }],
    ["text that is not kept", [literal(name)], { kind: "unknown", reason: "its text is not kept" }],
    ["a secret", [fromSecret(name)], { kind: "unknown", reason: "it comes from a secret" }],
    ["what is masked", [unseen(name, "it is masked")], { kind: "unknown", reason: "it is masked" }],
  ])("%s", (_, variables, expected) => expect(said(...variables)).toMatchObject(expected));
});
