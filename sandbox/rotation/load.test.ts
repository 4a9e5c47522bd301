/** The load against two services in this process, one change each. */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { jwtVerify, SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { type Load, startLoad } from "./load.ts";
import type { Result } from "./tally.ts";

/** What the two services do; a test changes it while the load goes on. */
interface Behaviour {
  signs: Uint8Array;
  accepts: Uint8Array[];
  /** Answers every request of backend with this. */
  status?: number;
  /** Why backend refuses. */
  error?: string;
  /** When tokens expire. */
  expires?: string;
  /** Auth gives no token. */
  mute?: boolean;
}

const keys = () => ({ first: new Uint8Array(randomBytes(48)), second: new Uint8Array(randomBytes(48)) });
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

async function services(behaviour: Behaviour): Promise<{ auth: string; backend: string }> {
  const accepted = async (token: string): Promise<boolean> => {
    for (const key of behaviour.accepts) {
      if (await jwtVerify(token, key).then(Boolean, () => false)) return true;
    }
    return false;
  };
  const auth = createServer(async (_, response) => {
    const token = await new SignJWT({ sub: "a" })
      .setProtectedHeader({ alg: "HS256" })
      .setExpirationTime(behaviour.expires ?? "10m")
      .sign(behaviour.signs);
    response.writeHead(behaviour.mute === true ? 503 : 200, { "x-revision": "auth-1" });
    response.end(JSON.stringify(behaviour.mute === true ? {} : { access_token: token }));
  });
  const revision = { "x-revision": "backend-1" };
  const backend = createServer(async (request, response) => {
    const ok = await accepted(request.headers.authorization?.slice("Bearer ".length) ?? "");
    response.writeHead(behaviour.status ?? (ok ? 200 : 403), revision);
    response.end(JSON.stringify(ok ? {} : { error: behaviour.error ?? "bad signature" }));
  });
  const sockets = new WebSocketServer({ noServer: true });
  sockets.on("headers", (headers) => headers.push("x-revision: backend-1"));
  closers.push(async () => {
    for (const socket of sockets.clients) socket.terminate();
  });
  backend.on("upgrade", async (request: IncomingMessage, socket, head) => {
    const coded = String(request.headers["sec-websocket-protocol"]).slice("jwt.".length);
    if (await accepted(Buffer.from(coded, "base64url").toString("utf8"))) {
      sockets.handleUpgrade(request, socket, head, () => {});
      return;
    }
    const body = JSON.stringify({ error: behaviour.error ?? "bad signature" });
    socket.end(
      `HTTP/1.1 403 Forbidden\r\nx-revision: backend-1\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  });
  return { auth: await listen(auth), backend: await listen(backend) };
}

let behaviour: Behaviour;
let second: Uint8Array;
beforeEach(() => {
  const { first, second: other } = keys();
  behaviour = { signs: first, accepts: [first] };
  second = other;
});

/** A load whose middle is changed; its tokens are shown for some seconds, so that some from before are left. */
async function loaded(change: (load: Load) => void | Promise<void>, lifetime = 6): Promise<Result> {
  const load = await startLoad({ ...(await services(behaviour)), lifetime, rate: 2000 });
  await load.more(150);
  await change(load);
  await load.more(150);
  return load.stop();
}

test("while nothing goes wrong every token is accepted, by request and by handshake", async () => {
  const result = await loaded((load) => load.mark("half"));
  expect(result.total).toMatchObject({ refused: 0, failed: 0 });
  expect(result.total.accepted).toBeGreaterThanOrEqual(300);
  expect(result.handshakes).toBeGreaterThan(result.total.accepted / 8);
  expect(result.handshakes).toBeLessThan(result.total.accepted / 2);
  expect(result.pairs).toEqual([{ signedBy: "auth-1", checkedBy: "backend-1", ...result.total }]);
  expect(result.buckets.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(result.total.accepted);
  expect(result).toMatchObject({ marks: [{ label: "half" }], cut: 0, reasons: {} });
});

describe("what goes wrong is counted as what it is", () => {
  test("tokens of a new key that backend does not know are refused, old ones are not", async () => {
    const { total, reasons } = await loaded(() => {
      behaviour.signs = second;
    });
    expect(total.refused).toBeGreaterThan(0);
    expect(total.accepted).toBeGreaterThanOrEqual(150);
    expect(total.failed).toBe(0);
    expect(Object.keys(reasons).sort()).toEqual([
      "handshake: 403, bad signature",
      "request: 403, bad signature",
    ]);
  });

  test("old tokens are refused by a backend that has let go of the old key too early", async () => {
    const { total } = await loaded(() => {
      behaviour.signs = second;
      behaviour.accepts = [second];
    });
    expect(total.refused).toBeGreaterThan(0);
  });

  test("a living token that is called expired is refused; one that died before anybody looked is not counted", async () => {
    const { total } = await loaded(async (load) => {
      behaviour.error = "expired";
      behaviour.expires = "1 minute ago";
      await load.during(0.2);
      behaviour.expires = "10m";
    });
    expect(total).toMatchObject({ refused: 0, failed: 0 });
    const alive = await loaded(() => {
      behaviour.accepts = [];
    });
    expect(alive.total.refused).toBeGreaterThan(0);
  });

  test("an answer that says nothing about the token is a failure, not a refusal and not a pass", async () => {
    const { total, reasons } = await loaded(() => {
      behaviour.status = 500;
    });
    expect(total.refused).toBe(0);
    expect(total.failed).toBeGreaterThan(0);
    expect(Object.keys(reasons)).toEqual(["request: 500"]);
  });

  test("an auth that gives no token is a failure", async () => {
    const { total, reasons } = await loaded(() => {
      behaviour.mute = true;
    });
    expect(total.failed).toBeGreaterThan(0);
    expect(Object.keys(reasons)).toEqual(["auth: 503"]);
  });

  test("a WebSocket that is cut is counted", async () => {
    const { cut } = await loaded(() => {
      for (const close of closers.slice(0, 1)) void close();
    });
    expect(cut).toBe(4);
  });
});
