/**
 * The incident of August 2025, with services that really run: the wirings the field had, in the orders in which its
 * services read their variables, give HTTP 403 on the WebSocket where the field saw it; the check names each of them
 * from the wiring alone.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { handshake } from "../../sandbox/runtime/index.ts";
import { TestPlatform, type Variables } from "../../sandbox/runtime/testing/platform.ts";
import { check } from "../../src/check.ts";
import { jwtVariableNames } from "../../src/environment/names.ts";

const [STAGING, KEY, PLAIN] = jwtVariableNames("staging");

interface Wiring {
  date: string;
  auth: Variables;
  backend: Variables;
  /** Read orders of auth and of backend, first variable first, and what the WebSocket answered. */
  seen: { auth: string; backend: string; status: 101 | 403 }[];
  /** The rules that the check finds violated. */
  violated: string[];
}

const twoSecrets: Variables = { [STAGING]: "jwt-secret-staging@latest", [KEY]: "jwt-secret-key@latest" };
const oneSecret: Variables = {
  [KEY]: "jwt-secret-staging@latest",
  [STAGING]: "jwt-secret-staging@latest",
  [PLAIN]: "jwt-secret-staging@latest",
};

const field: Wiring[] = [
  {
    date: "08-21: backend has no variable and falls back to a default",
    auth: { [PLAIN]: "jwt-secret@latest" },
    backend: { JWT_FALLBACK: "default" },
    seen: [{ auth: PLAIN, backend: KEY, status: 403 }],
    violated: ["jwt-secret-injected", "pinned-jwt-secret-version"],
  },
  {
    date: "08-22: one variable, two secrets",
    auth: { [KEY]: "jwt-secret-staging@latest" },
    backend: { [KEY]: "jwt-secret-key-staging@latest" },
    seen: [{ auth: KEY, backend: KEY, status: 403 }],
    violated: ["pinned-jwt-secret-version", "same-jwt-secret"],
  },
  {
    date: "08-24: auth has a second variable with another secret",
    auth: { [KEY]: "jwt-secret-key-staging@latest", [PLAIN]: "jwt-secret-staging@latest" },
    backend: { [KEY]: "jwt-secret-key-staging@latest" },
    seen: [
      { auth: `${KEY},${PLAIN}`, backend: KEY, status: 101 },
      { auth: `${PLAIN},${KEY}`, backend: KEY, status: 403 },
    ],
    violated: ["pinned-jwt-secret-version", "single-jwt-reference"],
  },
  {
    date: "08-31: variable by variable equal, read in two orders",
    auth: twoSecrets,
    backend: twoSecrets,
    seen: [
      { auth: `${STAGING},${KEY}`, backend: `${KEY},${STAGING}`, status: 403 },
      { auth: `${KEY},${STAGING}`, backend: `${STAGING},${KEY}`, status: 403 },
      { auth: `${KEY},${STAGING}`, backend: `${KEY},${STAGING}`, status: 101 },
      { auth: `${STAGING},${KEY}`, backend: `${STAGING},${KEY}`, status: 101 },
    ],
    violated: ["pinned-jwt-secret-version", "single-jwt-reference"],
  },
  {
    date: "09-07: one secret under every name, though unpinned",
    auth: oneSecret,
    backend: oneSecret,
    seen: [
      { auth: `${STAGING},${KEY}`, backend: `${KEY},${STAGING}`, status: 101 },
      { auth: PLAIN, backend: `${STAGING},${KEY}`, status: 101 },
    ],
    violated: ["pinned-jwt-secret-version"],
  },
];

const own = Object.fromEntries(jwtVariableNames("staging").map((name) => [name, "jwt-secret-staging@1"]));

let platform: TestPlatform;
beforeAll(async () => {
  platform = await TestPlatform.start();
  // Four secrets, four keys.
  for (const name of ["jwt-secret", "jwt-secret-key", "jwt-secret-staging", "jwt-secret-key-staging"]) {
    await platform.secret(name);
  }
});
afterAll(() => platform?.[Symbol.asyncDispose]());

/** Deploys both with their read orders; gives how the handshake ended and what the check says of the two services. */
async function replay(auth: Variables, backend: Variables, order: { auth: string; backend: string }) {
  const wired = (variables: Variables, reads: string) => ({
    ...variables,
    ENVIRONMENT: "staging",
    JWT_READS: reads,
  });
  expect(await platform.deploy("auth", wired(auth, order.auth))).toBeUndefined();
  expect(await platform.deploy("backend", wired(backend, order.backend))).toBeUndefined();
  const { address } = platform.service("backend");
  const answer = await handshake(address, { token: await platform.token(), by: "subprotocol" });
  const roles = ["auth", "backend"] as const;
  const documents = await Promise.all(
    roles.map(async (role) => ({
      file: `${role}.json`,
      content: JSON.stringify(await platform.described(role)),
    })),
  );
  const { verdict, environments } = check({ documents });
  const found = environments.flatMap(({ findings }) => findings.filter((one) => one.verdict === "violation"));
  return { answer, verdict, violated: [...new Set(found.map(({ rule }) => rule))].sort() };
}

describe.each(field)("$date", ({ auth, backend, seen, violated }) => {
  test.each(seen)("auth reads $auth, backend $backend: $status", async (order) => {
    const replayed = await replay(auth, backend, order);
    expect(replayed.answer).toEqual(
      order.status === 101 ? { status: 101, body: "" } : { status: 403, body: '{"error":"bad signature"}\n' },
    );
    // From the wiring alone: the order is not in it, and the verdict is the same for all.
    expect(replayed).toMatchObject({ verdict: "violation", violated });
  });
});

describe("the program's own wiring: one pinned version under every name", () => {
  const orders = [
    `${STAGING},${KEY},${PLAIN}`,
    `${KEY},${PLAIN},${STAGING}`,
    `${PLAIN},${STAGING},${KEY}`,
  ] as const;
  test.each(orders.map((auth, index) => ({ auth, backend: orders[(index + 1) % 3] ?? KEY })))(
    "auth reads $auth, backend $backend: 101",
    async (order) => {
      expect(await replay(own, own, order)).toMatchObject({ answer: { status: 101 }, verdict: "pass" });
    },
  );
});
