import type { Output } from "@pulumi/pulumi";
import { expect, expectTypeOf, test } from "vitest";
import type { CloudRunServiceArgs, Container, OverridableArgs } from "./cloud-run-service.ts";
import type { JwtSecret } from "./jwt-secret.ts";
import { JwtReference, type JwtReferences } from "./reference.ts";
import { type PlainVariables, plainVariables, withVariables } from "./variables.ts";

const ours = [{ name: "JWT_SECRET", value: "ours" }];
const main: Container = { image: "auth:1", envs: [{ name: "LOG_LEVEL", value: "info" }] };

test("ours go into the first container, in order of names", () => {
  expect(withVariables("auth", [main, { image: "proxy:1" }], ours)).toEqual([
    { image: "auth:1", envs: [...ours, { name: "LOG_LEVEL", value: "info" }] },
    { image: "proxy:1", envs: [] },
  ]);
});

test.each(["JWT_SECRET", "JWT_SECRET_KEY", "jwt_secret_other", "ENVIRONMENT", "AUTH_SERVICE_URL", "PORT"])(
  "%s is refused in any container",
  (name) => {
    const sidecar = { image: "proxy:1", envs: [{ name, value: "x" }] };
    expect(() => withVariables("auth", [sidecar], ours)).toThrow(
      `auth: variable ${name} cannot be overridden`,
    );
    expect(() => withVariables("auth", [main, sidecar], ours)).toThrow(
      `auth: variable ${name} cannot be overridden`,
    );
  },
);

test("a name twice is refused", () => {
  const twice = [
    { name: "A", value: "1" },
    { name: "A", value: "2" },
  ];
  expect(() => withVariables("auth", [{ image: "auth:1", envs: twice }], ours)).toThrow(
    "auth: variable A is set twice",
  );
});

test("variables that cannot be read are refused, whatever the types were told", () => {
  const hidden: unknown = Promise.resolve([{ name: "JWT_SECRET" }]);
  expect(() => withVariables("auth", [{ image: "a", envs: hidden as [] }], ours)).toThrow("as a plain list");
  const name: unknown = Promise.resolve("JWT_SECRET");
  expect(() => withVariables("auth", [{ image: "a", envs: [{ name: name as string }] }], ours)).toThrow(
    "plain text",
  );
  expect(() => withVariables("auth", [], ours)).toThrow("container first");
});

test("names known only at run time are checked then", () => {
  expect(plainVariables({ LOG_LEVEL: "info" })).toEqual({ LOG_LEVEL: "info" });
  expect(() => plainVariables({ JWT_SECRET_KEY: "x" })).toThrow("reserved");
});

test("a JWT variable among plain ones does not compile", () => {
  const plain: PlainVariables = { LOG_LEVEL: "info" };
  // @ts-expect-error JWT variables come from the one secret
  const key: PlainVariables = { JWT_SECRET_KEY: "x" };
  // @ts-expect-error under every name of an environment
  const staging: PlainVariables = { LOG_LEVEL: "info", JWT_SECRET_STAGING: "x" };
  // @ts-expect-error and under the plain one
  const bare: PlainVariables = { JWT_SECRET: "x" };
  // @ts-expect-error ENVIRONMENT is the stack's name
  const environment: PlainVariables = { ENVIRONMENT: "x" };
  expect([plain, key, staging, bare, environment]).toHaveLength(5);
});

test("only a JwtSecret gives a service its key", () => {
  expectTypeOf<CloudRunServiceArgs["jwt"]>().toEqualTypeOf<JwtSecret>();
  expectTypeOf<string>().not.toMatchTypeOf<JwtReference>();
  expectTypeOf<{ secret: string; version: string }>().not.toMatchTypeOf<JwtReference>();
  expectTypeOf<JwtReferences["current"]>().toEqualTypeOf<JwtReference>();
  // @ts-expect-error what looks like a reference is none
  const forged: JwtReference = { as: (name: string) => ({ name }) };
  expect(forged).not.toBeInstanceOf(JwtReference);
});

test("an override can neither rename nor move a service, nor change its account", () => {
  expectTypeOf<OverridableArgs>().not.toHaveProperty("name");
  expectTypeOf<OverridableArgs>().not.toHaveProperty("project");
  expectTypeOf<OverridableArgs>().not.toHaveProperty("location");
  expectTypeOf<OverridableArgs["template"]>().not.toHaveProperty("serviceAccount");
  expectTypeOf<NonNullable<Container["envs"]>[number]["name"]>().toEqualTypeOf<string>();
  expectTypeOf<Output<string>>().not.toMatchTypeOf<NonNullable<Container["envs"]>[number]["name"]>();
});
