import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { isAlive } from "../lock.ts";
import { handshake } from "./handshake.ts";
import { TestPlatform } from "./testing/platform.ts";

const key = { JWT_SECRET_KEY: "jwt@1" };
const until = { timeout: 30_000, interval: 20 };

let platform: TestPlatform;
beforeEach(async () => {
  platform = await TestPlatform.start();
  await platform.secret("jwt");
});
afterEach(() => platform[Symbol.asyncDispose]());

/** Which revision answers. */
async function serving(role: "auth" | "backend"): Promise<string | null> {
  return (await fetch(platform.service(role).address)).headers.get("x-revision");
}

/** Status of an HTTP request with a token. */
async function asked(token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${platform.service("backend").address}/me`, { headers })).status;
}

test("a token of auth opens backend's WebSocket, in a header and in a subprotocol, and its HTTP endpoint", async () => {
  expect(await platform.deploy("backend", key)).toBeUndefined();
  expect(await platform.deploy("auth", key)).toBeUndefined();
  const { address } = platform.service("backend");
  const token = await platform.token();
  expect(await handshake(address, { token })).toMatchObject({ status: 101 });
  expect(await handshake(address, { token, by: "subprotocol" })).toMatchObject({ status: 101 });
  expect(await asked(token)).toBe(200);
});

test("backend asks auth at the address Cloud Run would give it", async () => {
  await platform.deploy("auth", key);
  await platform.deploy("backend", { ...key, AUTH_SERVICE_URL: platform.service("auth").url });
  const headers = { authorization: `Bearer ${await platform.token()}` };
  const remote = await fetch(`${platform.service("backend").address}/remote`, { headers });
  expect(await remote.json()).toMatchObject({ valid: true, claims: { sub: "alice" } });
});

describe("a new revision", () => {
  beforeEach(() => platform.deploy("auth", key));

  test("takes the traffic once it is ready, and the one before ends", async () => {
    const before = await serving("auth");
    const [old] = platform.service("auth").instances;
    await platform.deploy("auth", { ...key, LOG_LEVEL: "debug" });
    expect(await serving("auth")).not.toBe(before);
    await vi.waitFor(() => expect(isAlive(old?.pid ?? 0)).toBe(false), until);
  });

  test("that cannot read its version fails the deployment, and the traffic stays", async () => {
    const before = await serving("auth");
    await platform.addVersion("jwt");
    await platform.switch("jwt", 2, "disable");
    expect(await platform.deploy("auth", { JWT_SECRET_KEY: "jwt@2" })).toContain("is in DISABLED state");
    expect(await serving("auth")).toBe(before);
  });

  test("whose program does not start fails the deployment with its last words, and the traffic stays", async () => {
    const before = await serving("auth");
    const failure = await platform.deploy("auth", { ...key, JWT_SECRET_FINGERPRINT: "0123456789abcdef" });
    expect(failure).toMatch(
      /^Revision 'auth-staging-\S+' is not ready and cannot serve traffic\. .*0123456789abcdef/,
    );
    expect(await serving("auth")).toBe(before);
    expect((await platform.described("auth")).latestReadyRevision).toMatch(new RegExp(`/${before}$`));
  });

  test("after one that failed goes on as if that had never been", async () => {
    await platform.deploy("auth", { ...key, JWT_SECRET_FINGERPRINT: "0123456789abcdef" });
    expect(await platform.deploy("auth", { ...key, LOG_LEVEL: "debug" })).toBeUndefined();
    expect((await platform.described("auth")).latestReadyRevision).toMatch(`/${await serving("auth")}`);
  });
});

test("a WebSocket stays with the revision it was opened on until it is closed, and only then that one ends", async () => {
  await platform.deploy("backend", key);
  await platform.deploy("auth", key);
  const [old] = platform.service("backend").instances;
  const { address } = platform.service("backend");
  const headers = { authorization: `Bearer ${await platform.token()}` };
  const socket = new WebSocket(`${address.replace("http", "ws")}/ws`, { headers });
  const messages: string[] = [];
  socket.on("message", (data) => messages.push(String(data)));
  await vi.waitFor(() => expect(messages).toEqual(['{"accepted":"alice"}']), until);

  await platform.deploy("backend", { ...key, LOG_LEVEL: "debug" });
  const leaving = platform.service("backend").instances.filter((instance) => instance.leaving);
  expect(leaving).toMatchObject([{ pid: old?.pid, inFlight: 1 }]);
  socket.send("still there?");
  await vi.waitFor(() => expect(messages).toContain("still there?"), until);
  socket.close();
  await vi.waitFor(() => expect(isAlive(old?.pid ?? 0)).toBe(false), until);
});

test("no request is refused or lost while revisions change under load", async () => {
  await platform.deploy("backend", key);
  await platform.deploy("auth", key);
  const token = await platform.token();
  const statuses = new Set<number>();
  let done = false;
  let count = 0;
  const load = Array.from({ length: 8 }, async () => {
    for (; !done; count += 1) statuses.add(await asked(token));
  });
  for (let change = 0; change < 3; change += 1) {
    // However busy the machine is, requests are under way before, while and after a revision changes.
    const before = count;
    await platform.deploy("backend", { ...key, CHANGE: String(change) });
    await platform.platform.runtime.scale("backend-staging", 2);
    await vi.waitFor(() => expect(count).toBeGreaterThan(before + 40), until);
  }
  done = true;
  await Promise.all(load);
  expect([...statuses]).toEqual([200]);
});

describe("variables are resolved when an instance starts", () => {
  test("so with `latest` two instances of one revision hold two keys, and a pinned one does not care", async () => {
    await platform.deploy("backend", { JWT_SECRET_KEY: "jwt@latest" });
    await platform.deploy("auth", key);
    const token = await platform.token();
    await platform.addVersion("jwt");
    await platform.platform.runtime.scale("backend-staging", 2);
    const statuses = await Promise.all(Array.from({ length: 8 }, () => asked(token)));
    expect(new Set(statuses)).toEqual(new Set([200, 403]));
    await platform.deploy("backend", key);
    await platform.platform.runtime.scale("backend-staging", 2);
    const pinned = await Promise.all(Array.from({ length: 8 }, () => asked(token)));
    expect(new Set(pinned)).toEqual(new Set([200]));
  });

  test("so a scale-out fails when the version was disabled meanwhile, and what runs goes on", async () => {
    await platform.deploy("auth", key);
    await platform.switch("jwt", 1, "disable");
    await expect(platform.platform.runtime.scale("auth-staging", 2)).rejects.toThrow(
      /jwt\/versions\/1 could not be read as auth-staging@.*DISABLED/,
    );
    expect(await platform.token()).toMatch(/^ey/);
  });

  test("as the runtime account: without its grant, nothing starts", async () => {
    await platform.deploy("auth", key);
    await platform.call("POST", "/v1/projects/demo-staging/secrets/jwt:setIamPolicy", {
      policy: { bindings: [] },
    });
    await expect(platform.platform.runtime.scale("auth-staging", 2)).rejects.toThrow(/Permission .* denied/);
  });
});

describe("a rollback", () => {
  test("sends all traffic to an earlier revision, whose instances start again, and forward again", async () => {
    await platform.deploy("auth", key);
    const first = (await serving("auth")) ?? "";
    await platform.deploy("auth", { ...key, LOG_LEVEL: "debug" });
    const second = await serving("auth");
    await platform.traffic("auth", first);
    expect(await serving("auth")).toBe(first);
    await platform.traffic("auth");
    expect(await serving("auth")).toBe(second);
  });

  test("to a revision whose version is disabled is dead: 503, which says nothing about tokens", async () => {
    await platform.addVersion("jwt");
    await platform.deploy("auth", key);
    const first = (await serving("auth")) ?? "";
    await platform.deploy("auth", { JWT_SECRET_KEY: "jwt@2" });
    await platform.switch("jwt", 1, "disable");
    await platform.traffic("auth", first);
    expect((await fetch(platform.service("auth").address)).status).toBe(503);
    await platform.traffic("auth");
    expect((await fetch(platform.service("auth").address)).status).toBe(200);
  });
});

test("an instance that breaks is replaced when it is needed", async () => {
  await platform.deploy("auth", key);
  const [broken] = platform.service("auth").instances;
  process.kill(broken?.pid ?? 0, "SIGKILL");
  await vi.waitFor(() => expect(platform.service("auth").instances).toEqual([]), until);
  expect(await platform.token()).toMatch(/^ey/);
});

test("what another process deploys into the same cloud is followed", async () => {
  await platform.deploy("auth", key);
  const before = await serving("auth");
  const { startCloud } = await import("../cloud/index.ts");
  const other = await startCloud({
    directory: platform.directory,
    faults: [],
    runtime: { revised: async () => {} },
  });
  const path = `/v2/${platform.service("auth").name}`;
  const service = await (await fetch(`${other.url}${path}`)).json();
  await fetch(`${other.url}${path}`, {
    method: "PATCH",
    body: JSON.stringify({
      ...Object(service),
      template: { ...Object(service).template, labels: { a: "b" } },
    }),
  });
  await other.close();
  await vi.waitFor(async () => expect(await serving("auth")).not.toBe(before), until);
});

// Any process may get the port while nobody listens on it, so once is no proof.
test("a service keeps its address when everything is started again", { retry: 3 }, async () => {
  await platform.deploy("auth", key);
  const { address } = platform.service("auth");
  await platform.platform.close();
  await using again = await TestPlatform.start({ directory: platform.directory });
  expect(again.service("auth").address).toBe(address);
  expect(await again.token()).toMatch(/^ey/);
});

test("no key is in what programs print, nor in what is kept beside the cloud", async () => {
  await platform.deploy("backend", key);
  await platform.deploy("auth", { ...key, JWT_SECRET_FINGERPRINT: "0123456789abcdef" });
  const cloud = readFileSync(join(platform.directory, "cloud.json"), "utf8");
  const value = Buffer.from(/"data": "([^"]+)"/.exec(cloud)?.[1] ?? "", "base64").toString();
  expect(value).toHaveLength(64);
  expect(platform.lines.join("\n")).toContain("fingerprint");
  for (const file of ["ports.json", "hosts.json"]) {
    expect(readFileSync(join(platform.directory, file), "utf8")).not.toContain(value);
  }
  expect(platform.lines.join("\n")).not.toContain(value);
});
