import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { fileOf, programFor, programs, roleOf } from "./program.ts";

const variables = (...names: string[]) => new Map(names.map((name) => [name, undefined]));

test.each([
  ["auth-staging", variables(), "auth"],
  ["netra-backend-staging", variables("JWT_SECRET"), "backend"],
  ["authority", variables("JWT_SECRET_KEY"), "auth"],
  ["sign-in", variables("JWT_SECRET_KEY"), "auth"],
  ["api", variables("JWT_SECRET_KEY", "AUTH_SERVICE_URL"), "backend"],
  ["backend-auth-proxy", variables(), undefined],
  ["website", variables("LOG_LEVEL"), undefined],
])("the role of %s is in its name, else in its variables", (name, carried, role) => {
  expect(roleOf(name, carried)).toBe(role);
  expect(programFor(name, carried)).toBe(role ?? "hello");
});

test("a service that asks for it is a placeholder, whatever its role", () => {
  expect(programFor("auth-staging", new Map([["SANDBOX_PLACEHOLDER", "1"]]))).toBe("hello");
  expect(programFor("auth-staging", new Map([["SANDBOX_PLACEHOLDER", "0"]]))).toBe("auth");
});

test("every program is there", () => {
  for (const program of programs) expect(existsSync(fileOf(program))).toBe(true);
});
