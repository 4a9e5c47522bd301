import { describe, expect, test } from "vitest";
import type { Service } from "../policy/facts.ts";
import { type RoleOptions, withRole } from "./roles.ts";
import { v1 } from "./testing/cloud-run.ts";
import { onlyEnvironment } from "./testing/facts.ts";

const named = (name: string): Service => {
  const [service] = onlyEnvironment(v1(name)).services;
  if (service === undefined) throw new Error("no service");
  const { role: _, ...rest } = service;
  return rest;
};
const roleOf = (name: string, options: RoleOptions = {}) => withRole(named(name), options).role;

describe("a role is a word of the name", () => {
  test.each([
    ["auth", "auth"],
    ["netra-auth-service", "auth"],
    ["backend-staging", "backend"],
    ["Backend-Staging", "backend"],
    ["authority", undefined],
    ["oauth-proxy", undefined],
    ["backends", undefined],
    ["auth_service", undefined],
    ["auth-backend", undefined],
    ["frontend", undefined],
  ])("%s is %s", (name, role) => expect(roleOf(name)).toBe(role));
});

test("--service gives a role, and takes it from whoever has it by name", () => {
  const options = { named: { auth: ["identity"] } };
  expect(roleOf("identity", options)).toBe("auth");
  expect(roleOf("auth", options)).toBeUndefined();
  expect(roleOf("backend", options)).toBe("backend");
  expect(roleOf("auth-backend", { named: { auth: ["auth-backend"] } })).toBe("auth");
});

test("a job is in no role unless it is named", () => {
  const job: Service = { ...named("auth"), kind: "job" };
  expect(withRole(job, {}).role).toBeUndefined();
  expect(withRole(job, { named: { auth: ["auth"] } }).role).toBe("auth");
});

test("--reads is the read order of its role alone", () => {
  const options = { reads: { auth: ["A", "B"] } };
  expect(withRole(named("auth"), options).reads).toEqual(["A", "B"]);
  expect(withRole(named("backend"), options).reads).toEqual([]);
});

test("a service is called by its name; by its label only where the name is not known", () => {
  const service = named("auth");
  expect(withRole({ ...service, label: "backend" }, {}).role).toBe("auth");
  const unnamed: Service = { ...service, name: { kind: "unknown", reason: "masked" }, label: "backend" };
  expect(withRole(unnamed, {}).role).toBe("backend");
});
