/** What facts may leave out, and what they may say. */
import { expect, test } from "vitest";
import { absent, declared, grant, service } from "./baseline.ts";
import { Container, Declared, Facts, Grant, Service } from "./facts.ts";

test("facts that say nothing of read orders and projects say that there are none", () => {
  const { reads: _reads, ...auth } = service("auth");
  expect(Facts.parse({ environments: [{ services: [auth] }] })).toEqual({
    environments: [{ services: [{ ...auth, reads: [] }], projects: [] }],
  });
});

test.each(["service", "revision", "job", "workerPool"])("a service may be a %s", (kind) =>
  expect(Service.safeParse({ ...service("auth"), kind }).success).toBe(true),
);

test.each(["role", "all"])("a grant may take from others: %s", (exclusive) =>
  expect(Grant.safeParse({ ...grant("auth"), exclusive }).success).toBe(true),
);

test.each(["generated", "supplied", "existing"])("the source may be %s", (source) =>
  expect(Declared.safeParse({ ...declared(), source }).success).toBe(true),
);

test("a container may be an init container, or say nothing of it", () => {
  const container = { variables: [] };
  expect(Container.safeParse({ ...container, init: true }).success).toBe(true);
  expect(Container.safeParse({ ...container, init: false }).success).toBe(false);
});

test("what is none of these is refused", () => {
  expect(Service.safeParse({ ...service("auth"), kind: "" }).success).toBe(false);
  expect(Grant.safeParse({ ...grant("auth"), exclusive: "" }).success).toBe(false);
  expect(Declared.safeParse({ ...declared(), source: "" }).success).toBe(false);
  const account = { urn: "urn:auth", email: absent };
  expect(Declared.safeParse({ ...declared(), accounts: [account] }).success).toBe(true);
  expect(Declared.safeParse({ ...declared(), accounts: [{ ...account, name: "auth" }] }).success).toBe(false);
});
