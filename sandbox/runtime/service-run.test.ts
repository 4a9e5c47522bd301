import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import { Store } from "../cloud/index.ts";
import { isAlive } from "../lock.ts";
import { addressOf } from "./front.ts";
import { ServiceRun } from "./service-run.ts";
import { TestPlatform } from "./testing/platform.ts";

const key = { JWT_SECRET_KEY: "jwt@1" };

/** A way to a cloud that can be shut: what asks then waits, and `asked` says that somebody does. */
async function gateTo(cloud: string) {
  let opened = Promise.resolve();
  let asked = () => {};
  const server = createServer(async (incoming, outgoing) => {
    asked();
    await opened;
    const { authorization = "" } = incoming.headers;
    const answer = await fetch(`${cloud}${incoming.url}`, { headers: { authorization } });
    outgoing.writeHead(answer.status).end(await answer.text());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${addressOf(server).port}`,
    shut() {
      const gate = Promise.withResolvers<void>();
      opened = gate.promise;
      return { asked: new Promise<void>((resolve) => (asked = resolve)), open: gate.resolve };
    },
    [Symbol.dispose]: () => void server.close(),
  };
}

test("a rollback to a revision whose last request ends meanwhile finds its new instance", async () => {
  await using platform = await TestPlatform.start();
  await platform.secret("jwt");
  await platform.deploy("auth", key);
  await platform.deploy("backend", key);
  using gate = await gateTo(platform.platform.cloud.url);
  const { name } = platform.service("backend");
  const store = new Store(platform.directory);
  const run = new ServiceRun(name, { store, cloud: gate.url, hosts: "", log: () => {} });
  onTestFinished(() => run.close());
  await run.open(undefined);
  await run.apply();
  const [{ revision: first } = { revision: "" }] = run.targets;
  const [pid = 0] = run.pools.flatMap(({ instances }) => instances.map((instance) => instance.pid));
  const headers = { authorization: `Bearer ${await platform.token()}` };
  const socket = new WebSocket(`${run.address.replace("http", "ws")}/ws`, { headers });
  await once(socket, "message");
  await platform.deploy("backend", { ...key, LOG_LEVEL: "debug" });
  await run.apply();

  const starting = gate.shut();
  await platform.traffic("backend", first);
  const rollback = run.apply();
  await starting.asked;
  socket.close();
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 30_000 });
  starting.open();
  await rollback;

  const answer = await fetch(run.address);
  expect(answer.headers.get("x-revision")).toBe(first);
});

test("one that is closed while a revision starts leaves nothing running, and says nothing of the revision", async () => {
  await using platform = await TestPlatform.start();
  await platform.secret("jwt");
  await platform.deploy("auth", key);
  using gate = await gateTo(platform.platform.cloud.url);
  const { name } = platform.service("auth");
  // A copy, which the platform itself does not follow.
  const directory = mkdtempSync(join(tmpdir(), "service-run-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  cpSync(join(platform.directory, "cloud.json"), join(directory, "cloud.json"));
  const store = new Store(directory);
  const [revision] = await store.transact((state) => {
    const revisions = state.services[name]?.revisions ?? [];
    for (const one of revisions) Object.assign(one, { ready: false, starting: true });
    return revisions;
  });
  const run = new ServiceRun(name, { store, cloud: gate.url, hosts: "", log: () => {} });
  await run.open(undefined);

  const starting = gate.shut();
  const applied = run.apply().catch((error: Error) => error.message);
  await starting.asked;
  const closed = run.close();
  starting.open();
  await closed;

  expect(await applied).toMatch(/is ending/);
  expect(run.pools).toEqual([]);
  expect(store.read().services[name]?.revisions).toEqual([revision]);
});
