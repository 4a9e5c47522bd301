import { createHash, createHmac, randomBytes } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { isAlive } from "../lock.ts";
import { handshake } from "../runtime/handshake.ts";
import { type Instance, startInstance } from "../runtime/instance.ts";
import { fileOf, type Program } from "../runtime/program.ts";

const random = () => randomBytes(48).toString("base64url");
const current = random();
const previous = random();
const running: Instance[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((instance) => instance.stop()));
});

/** Starts a program; gives its address. */
async function start(program: Program, env: Record<string, string>): Promise<string> {
  const instance = await startInstance({ revision: "r", file: fileOf(program), env, log: () => {} });
  running.push(instance);
  return `http://127.0.0.1:${instance.port}`;
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token of `alice` that expires in `seconds`; those of the table are signed before the first test runs. */
function sign(key: string, seconds = 3600, header: object = { alg: "HS256", typ: "JWT" }): string {
  const content = `${part(header)}.${part({ sub: "alice", exp: Math.floor(Date.now() / 1000) + seconds })}`;
  return `${content}.${createHmac("sha256", key).update(content).digest("base64url")}`;
}

const keys = { JWT_SECRET_KEY: current, JWT_SECRET_PREVIOUS: previous };
const unsigned = `${part({ alg: "none" })}.${part({ sub: "alice", exp: 9_999_999_999 })}.`;

const tokens: [string, string | undefined, number, string | undefined][] = [
  ["signed with the current key", sign(current), 200, undefined],
  ["signed with the previous key", sign(previous), 200, undefined],
  ["that is missing", undefined, 401, "no token"],
  ["signed with another key", sign(random()), 403, "bad signature"],
  ["that expired", sign(current, -60), 401, "expired"],
  ["of the previous key that expired", sign(previous, -60), 401, "expired"],
  ["of another key that expired", sign(random(), -60), 403, "bad signature"],
  ["that is none", "rubbish", 401, "not a valid token"],
  ["that is not signed at all", unsigned, 401, "not a valid token"],
  ["that names another algorithm", sign(current, 3600, { alg: "HS512" }), 401, "not a valid token"],
];

test("backend answers each token with what is wrong with it, over HTTP and over WebSocket", async () => {
  const address = await start("backend", keys);
  for (const [what, token, status, error] of tokens) {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`${address}/me`, { headers });
    const body = await response.json();
    expect({ what, status: response.status, body }).toMatchObject(
      error === undefined
        ? { what, status, body: { claims: { sub: "alice" } } }
        : { what, status, body: { error } },
    );
    for (const by of ["header", "subprotocol"] as const) {
      const answered = await handshake(address, { by, ...(token !== undefined && { token }) });
      const wanted = status === 200 ? { status: 101, body: "" } : { status, body: `{"error":"${error}"}\n` };
      expect({ what, by, ...answered }).toEqual({ what, by, ...wanted });
    }
  }
});

test("auth says of each token what backend says", async () => {
  const address = await start("auth", keys);
  for (const [what, token, status] of tokens) {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`${address}/validate`, { method: "POST", headers });
    expect({ what, status: response.status }).toEqual({ what, status });
  }
});

test("auth signs with the current key, for whom and for how long it is asked", async () => {
  const address = await start("auth", keys);
  const body = JSON.stringify({ sub: "bob", ttl: 30, claims: { scope: "read" } });
  const answer = await (await fetch(`${address}/token`, { method: "POST", body })).json();
  const [header = "", claims = "", signature] = String(Object(answer).access_token).split(".");
  expect(signature).toBe(createHmac("sha256", current).update(`${header}.${claims}`).digest("base64url"));
  const said = JSON.parse(Buffer.from(claims, "base64url").toString());
  expect(said).toMatchObject({ sub: "bob", scope: "read", iss: "auth" });
  expect(said.exp - said.iat).toBe(30);
  expect(answer).toMatchObject({ token_type: "Bearer", expires_in: 30 });
});

test.each(['{"ttl":0}', '{"ttl":"long"}', '{"subject":"x"}', "{"])(
  "auth refuses the request %s",
  async (body) => {
    const address = await start("auth", keys);
    expect((await fetch(`${address}/token`, { method: "POST", body })).status).toBe(400);
  },
);

test("a client that offers a subprotocol of its own gets that one, and its token is not said back", async () => {
  const address = await start("backend", keys);
  const coded = `jwt.${Buffer.from(sign(current)).toString("base64url")}`;
  const socket = new WebSocket(`${address.replace("http", "ws")}/ws`, [coded, "jwt-auth"]);
  await vi.waitFor(() => expect(socket.readyState).toBe(WebSocket.OPEN), { timeout: 30_000 });
  expect(socket.protocol).toBe("jwt-auth");
  socket.close();
});

describe("a program does not start", () => {
  const wrong: [string, Record<string, string>, RegExp][] = [
    ["without a key", {}, /JWT_SECRET_KEY: not set\./],
    ["with an empty key", { JWT_SECRET_KEY: "" }, /JWT_SECRET_KEY: not set\./],
    ["with a key under another name", { JWT_SECRET: current }, /JWT_SECRET_KEY: not set\./],
    ["with a short key", { JWT_SECRET_KEY: current.slice(0, 31) }, /JWT_SECRET_KEY is too short/],
    [
      "with a key in white space",
      { JWT_SECRET_KEY: `${current}\n` },
      /JWT_SECRET_KEY begins or ends with white space/,
    ],
    [
      "with a short previous key",
      { JWT_SECRET_KEY: current, JWT_SECRET_PREVIOUS: "x" },
      /JWT_SECRET_PREVIOUS is too/,
    ],
    [
      "with a key that has not the fingerprint it was told",
      { JWT_SECRET_KEY: current, JWT_SECRET_FINGERPRINT: "0123456789abcdef" },
      /The key in JWT_SECRET_KEY has the fingerprint [0-9a-f]{16}, and JWT_SECRET_FINGERPRINT says 0123456789abcdef/,
    ],
  ];
  test.each(
    wrong.flatMap(([what, env, why]) => (["auth", "backend"] as const).map((it) => ({ what, env, why, it }))),
  )("$what: $it", async ({ env, why, it }) => {
    const failure = await start(it, env).catch((error: Error) => error.message);
    expect(failure).toMatch(why);
    expect(failure).not.toContain(current.slice(0, 12));
  });
});

test("a program starts with a key that has the fingerprint it was told", async () => {
  const told = createHash("sha256").update(current).digest("hex").slice(0, 16);
  const address = await start("auth", { JWT_SECRET_KEY: current, JWT_SECRET_FINGERPRINT: told });
  expect(await (await fetch(address)).json()).toMatchObject({
    fingerprint: told,
    signsWith: "JWT_SECRET_KEY",
  });
});

test("JWT_READS decides which of several keys is read: the first that is there", async () => {
  const two = { JWT_SECRET_STAGING: current, JWT_SECRET: previous };
  const address = await start("backend", {
    ...two,
    JWT_READS: "JWT_SECRET_KEY, JWT_SECRET,JWT_SECRET_STAGING",
  });
  expect(await (await fetch(address)).json()).toMatchObject({ verifiesWith: "JWT_SECRET" });
});

test("a placeholder answers everything as Google's hello container does", async () => {
  const address = await start("hello", {});
  for (const path of ["/", "/token", "/any/where"]) {
    const response = await fetch(`${address}${path}`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("<title>Congratulations | Cloud Run</title>");
  }
  expect(await handshake(address, { token: sign(current) })).toMatchObject({ status: 200 });
});

test("a program ends when whoever started it is gone", async () => {
  const { spawn } = await import("node:child_process");
  const child = spawn(process.execPath, [fileOf("hello")], {
    env: { PATH: process.env.PATH, PORT: "0" },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  try {
    await new Promise((resolve) => child.once("message", resolve));
    child.disconnect();
    await vi.waitFor(() => expect(isAlive(child.pid ?? 0)).toBe(false), { timeout: 30_000 });
  } finally {
    child.kill("SIGKILL");
  }
});
