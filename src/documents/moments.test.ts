/** A stack is one thing at one time: what two documents of it do not both say, nobody knows. */
import { expect, test } from "vitest";
import {
  absent,
  declared,
  declaredSecret,
  declaredVersion,
  grant,
  known,
  secretUrn,
  service,
  settled,
  unknown,
} from "../policy/baseline.ts";
import type { Declared } from "../policy/facts.ts";
import { contradiction } from "./moments.ts";

const account = (change: Partial<Declared["accounts"][number]> = {}) => ({
  urn: "urn:pulumi:staging::jwt-secret::gcp:serviceaccount/account:Account::auth",
  email: known("auth@netra-staging.iam.gserviceaccount.com"),
  ...change,
});
const stack = (change: Partial<Declared> = {}): Declared => declared({ accounts: [account()], ...change });
const between = (a: Declared, b: Declared) =>
  contradiction({ services: [], declared: a }, { services: [], declared: b });
const said = (name: string) =>
  `the documents of the stack do not say the same of ${name}: give only the newest of them`;

test("two documents that say the same contradict nothing", () => {
  expect(between(stack(), stack())).toBeUndefined();
});

test.each<[string, Partial<Declared>]>([
  ["a version whose number is not known yet", { versions: [declaredVersion({ version: settled("urn:v") })] }],
  [
    "a version of which nobody knows whether it is enabled",
    { versions: [declaredVersion({ enabled: "?" })] },
  ],
  [
    "a version of which nobody knows whether it is destroyed",
    { versions: [declaredVersion({ destroyedOnReplacement: "?" })] },
  ],
  ["a secret without a known name", { secrets: [declaredSecret({ secret: unknown("not yet") })] }],
  ["a secret of which nobody knows whether it expires", { secrets: [declaredSecret({ expires: "?" })] }],
  ["a secret with a masked label", { secrets: [declaredSecret({ environment: unknown("masked") })] }],
  ["an account without an e-mail yet", { accounts: [account({ email: settled("urn:a") })] }],
  [
    "members that are not known yet",
    { grants: [grant("auth", { members: [unknown("not yet")] }), grant("backend")] },
  ],
  ["a role that is not known", { grants: [grant("auth", { role: unknown("masked") }), grant("backend")] }],
])("%s contradicts nothing, in whatever order", (_, change) => {
  expect(between(stack(), stack(change))).toBeUndefined();
  expect(between(stack(change), stack())).toBeUndefined();
});

test.each<[string, string, Partial<Declared>]>([
  ["jwt-secret", "another name", { secrets: [declaredSecret({ secret: known("other") })] }],
  ["jwt-secret", "another label", { secrets: [declaredSecret({ environment: known("production") })] }],
  ["jwt-secret", "no label", { secrets: [declaredSecret({ environment: absent })] }],
  ["jwt-secret", "no protection", { secrets: [declaredSecret({ protected: false })] }],
  ["jwt-secret", "being read only", { secrets: [declaredSecret({ external: true })] }],
  ["jwt-secret", "an end", { secrets: [declaredSecret({ expires: true })] }],
  ["jwt-secret", "not being there", { secrets: [] }],
  ["jwt-secret-1", "another secret", { versions: [declaredVersion({ secret: known("other") })] }],
  ["jwt-secret-1", "another number", { versions: [declaredVersion({ version: known("2") })] }],
  ["jwt-secret-1", "being disabled", { versions: [declaredVersion({ enabled: false })] }],
  ["jwt-secret-1", "being destroyed", { versions: [declaredVersion({ destroyedOnReplacement: true })] }],
  ["jwt-secret-1", "not being there", { versions: [] }],
  ["auth", "another secret", { grants: [grant("auth", { secret: known("other") }), grant("backend")] }],
  ["auth", "the project", { grants: [grant("auth", { secret: absent }), grant("backend")] }],
  ["auth", "another role", { grants: [grant("auth", { role: known("roles/viewer") }), grant("backend")] }],
  ["auth", "another member", { grants: [grant("auth", { members: [known("allUsers")] }), grant("backend")] }],
  [
    "auth",
    "another member among others",
    { grants: [grant("auth", { members: [known("x"), known("y")] }), grant("backend")] },
  ],
  ["auth", "no member", { grants: [grant("auth", { members: [] }), grant("backend")] }],
  ["auth", "a condition", { grants: [grant("auth", { conditional: true }), grant("backend")] }],
  ["auth", "taking from others", { grants: [grant("auth", { exclusive: "role" }), grant("backend")] }],
  ["auth", "one more entry", { grants: [grant("auth"), grant("auth"), grant("backend")] }],
  ["auth", "not being there", { grants: [grant("backend")] }],
  ["auth", "another e-mail", { accounts: [account({ email: known("x@y.z") })] }],
])("of %s: %s is of another moment, in whatever order", (name, _, change) => {
  expect(between(stack(), stack(change))).toBe(said(name));
  expect(between(stack(change), stack())).toBe(said(name));
});

test("of the entries of one policy all count", () => {
  const policy = (...roles: string[]) =>
    stack({ grants: roles.map((role) => grant("policy", { role: known(role) })) });
  expect(between(policy("a", "b"), policy("a", "b"))).toBeUndefined();
  expect(between(policy("a", "b"), policy("a", "c"))).toBe(said("policy"));
});

test("of several members all count", () => {
  const members = (...names: string[]) =>
    stack({ grants: [grant("auth", { members: names.map((name) => known(name)) })] });
  expect(between(members("a", "b"), members("a", "b"))).toBeUndefined();
  expect(between(members("a", "b"), members("a", "c"))).toBe(said("auth"));
});

test("documents of two stacks add up", () => {
  const elsewhere = (urn: string) => urn.replace("::jwt-secret::", "::services::");
  const other = stack({
    secrets: [],
    versions: [],
    accounts: [],
    grants: [grant("auth", { urn: elsewhere(grant("auth").urn) })],
  });
  expect(between(stack(), other)).toBeUndefined();
});

test("a stack whose document shows nothing but a service is known by that", () => {
  const bare = declared({ secrets: [], versions: [], grants: [] });
  const shows = { services: [service("auth", { location: { urn: secretUrn } })], declared: bare };
  expect(contradiction({ services: [], declared: stack() }, shows)).toBe(said("jwt-secret"));
  expect(
    contradiction({ services: [], declared: stack() }, { services: [service("auth")], declared: bare }),
  ).toBeUndefined();
});

test("a document that is not whole anyway, or that declares nothing, is not asked", () => {
  const partial = stack({ secrets: [], incomplete: "left out" });
  expect(between(stack(), partial)).toBeUndefined();
  expect(between(partial, stack())).toBeUndefined();
  expect(contradiction({ services: [], declared: stack() }, { services: [] })).toBeUndefined();
  expect(contradiction({ services: [] }, { services: [], declared: stack() })).toBeUndefined();
});
