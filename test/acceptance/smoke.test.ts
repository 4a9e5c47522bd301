/** `jwt-secret smoke` as users run it, against services on this machine, each spoilt in one way. */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { decodeJwt } from "jose";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { folder, type Ran } from "./command.ts";
import { deployed, expectLine, runHere, stateOf, versionName, withoutProgress } from "./deployed.ts";
import { type Behaviour, issuer, type Judge, type Reply, type Service, serve, verifier } from "./services.ts";

const stack = deployed();
const place = folder();
const otherKey = randomBytes(48);

const Report = z.object({
  verdict: z.string(),
  cause: z.string().nullable(),
  checks: z.array(
    z.object({ id: z.string(), verdict: z.string(), status: z.number().nullable(), message: z.string() }),
  ),
  notAsked: z.array(z.string()),
  notes: z.array(z.string()),
});

interface Options {
  auth?: Service | undefined;
  args?: readonly string[];
  env?: Record<string, string>;
}

function stateFor(backend: string, auth?: string) {
  place.put(
    "state.json",
    stateOf({
      version: versionName(1),
      backendUrl: backend,
      ...(auth === undefined ? {} : { authUrl: auth }),
    }),
  );
  return ["smoke", "--stack", "staging", "--state", "state.json", "--settle", "0s"];
}

/** Tests a deployed stack whose backend behaves so, in this process. */
async function smoke(behaviour: Partial<Behaviour> = {}, options: Options = {}) {
  await using backend = await serve({ judge: verifier(stack.key(1)), ...behaviour });
  const args = [...stateFor(backend.url, options.auth?.url), "--format", "json", ...(options.args ?? [])];
  const ran = await runHere(place.path, args, { ...stack.env, ...options.env });
  stack.keepsSecret(ran);
  expect(withoutProgress(ran.stderr)).toBe("");
  const report = Report.parse(JSON.parse(ran.stdout));
  const verdicts = Object.fromEntries(report.checks.map(({ id, verdict }) => [id, verdict]));
  return { ...report, code: ran.code, verdicts, seen: backend.seen, backend };
}

const everything =
  (reply: Reply | "hang"): Judge =>
  async () =>
    reply;

describe("accepted", () => {
  test("a sound environment, as a program of its own", async () => {
    await using backend = await serve({ judge: verifier(stack.key(1)) });
    const ran = await place.run(stateFor(backend.url), { env: stack.env });
    stack.keepsSecret(ran);
    expect({ code: ran.code, stderr: withoutProgress(ran.stderr) }).toEqual({ code: 0, stderr: "" });
    expect(ran.stdout).toContain(
      `staging: accepted\n  version  ${versionName(1)}\n  backend  ${backend.url}/\n`,
    );
    expect(ran.stdout).toContain("  pass          backend accepts a fresh token over WebSocket (101)\n");
    expect(ran.stdout).toContain(
      "  pass          backend refuses an expired token over HTTP (403, it says: expired)\n",
    );
    expect(ran.stdout).toContain(
      "  Not asked: auth's own token: say where auth gives one (--auth-token-path).\n",
    );
  });

  test("asks every question over both ways, with tokens of a minute", async () => {
    const { code, verdicts, seen, notAsked } = await smoke();
    expect(code).toBe(0);
    const kinds = ["fresh", "other-key", "expired", "missing"];
    const ids = kinds.flatMap((kind) => [`${kind}-websocket`, `${kind}-http`]);
    expect(verdicts).toEqual(Object.fromEntries(ids.map((id) => [id, "pass"])));
    expect(notAsked).toHaveLength(3);
    const tokens = seen.flatMap(
      ({ headers }) => /^Bearer (.+)/u.exec(headers.authorization ?? "")?.[1] ?? [],
    );
    expect(tokens).toHaveLength(6);
    for (const { exp = 0, iat = 0, sub } of tokens.map((token) => decodeJwt(token)))
      expect({ life: exp - iat, sub }).toEqual({ life: 60, sub: "smoke-test" });
  });

  test("auth's own token and its validation", async () => {
    await using auth = await serve({ judge: everything({ status: 404 }), routes: issuer(stack.key(1)) });
    const args = [
      "--auth-token-path",
      "/token",
      "--auth-validate-path",
      "/validate",
      "--remote-path",
      "/remote",
    ];
    const { code, verdicts, notAsked, notes } = await smoke({}, { auth, args });
    expect({ code, notAsked, notes }).toEqual({ code: 0, notAsked: [], notes: [] });
    expect(Object.keys(verdicts)).toEqual(
      expect.arrayContaining(["auth-websocket", "auth-http", "fresh-validation", "other-key-validation"]),
    );
  });

  test("a token in a subprotocol, beside others, and other paths", async () => {
    const args = [
      "--websocket-token",
      "subprotocol",
      "--subprotocol",
      "jwt-auth",
      "--websocket-path",
      "/live",
    ];
    const { code, seen } = await smoke({}, { args: [...args, "--http-path", "/me?full=1"] });
    expect(code).toBe(0);
    const offered = seen.filter(({ path }) => path === "/live").map(({ headers }) => headers);
    expect(offered).toHaveLength(4);
    for (const headers of offered) {
      expect(headers["sec-websocket-protocol"]).toMatch(/^jwt-auth(?:,jwt\.[\w-]+)?$/u);
      expect(headers.authorization).toBeUndefined();
    }
    expect(seen.filter(({ path }) => path === "/me").length).toBeGreaterThanOrEqual(4);
  });

  test("a backend that looks at the token after the handshake", async () => {
    const { code, verdicts } = await smoke({ closeWith: 1008 }, { args: ["--settle", "2s"] });
    expect({ code, other: verdicts["other-key-websocket"] }).toEqual({ code: 0, other: "pass" });
  });

  test("a backend that starts in the meantime, when told to wait", async () => {
    let calls = 0;
    const sound = verifier(stack.key(1));
    const judge: Judge = async (request) => {
      calls += 1;
      return calls < 6 ? { status: 503 } : await sound(request);
    };
    const { code } = await smoke({ judge }, { args: ["--wait", "2m"] });
    expect(code).toBe(0);
  });

  test("a private service, with an identity token beside the token under test", async () => {
    const sound = verifier(stack.key(1));
    const page =
      "<html><head><title>403 Forbidden</title></head><body><h1>Error: Forbidden</h1>" +
      "<h2>Your client does not have permission to get URL <code>/</code> from this server.</h2></body></html>";
    const judge: Judge = async (request) =>
      request.headers["x-serverless-authorization"] === "Bearer an.identity.token"
        ? await sound(request)
        : { status: 403, body: page };
    const asked: string[] = [];
    // The metadata server of a Google machine, which gives identity tokens.
    const metadata = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(200, { "metadata-flavor": "Google" }).end("an.identity.token");
    });
    await new Promise<void>((ready) => metadata.listen(0, "127.0.0.1", ready));
    const address = metadata.address();
    const host = `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    try {
      await using backend = await serve({ judge });
      const env = { ...stack.env, GCE_METADATA_HOST: host, METADATA_SERVER_DETECTION: "assume-present" };
      const home = { HOME: place.path };
      const ran = await place.run(stateFor(backend.url), { env: { ...env, ...home } });
      expect({ code: ran.code, stderr: withoutProgress(ran.stderr) }).toEqual({ code: 0, stderr: "" });
      expect(asked.some((url) => url.includes(`identity?format=full&audience=${backend.url}`))).toBe(true);
      const none = await place.run([...stateFor(backend.url), "--no-identity-token"], { env });
      expect(none.code).toBe(2);
      expect(none.stdout).toContain("is private (Google's front end answers 403)");
      const stranger = await place.run(stateFor(backend.url), { env: { ...stack.env, ...home } });
      expect(stranger.code).toBe(2);
      expect(stranger.stdout).toContain("there are no Google credentials");
    } finally {
      metadata.closeAllConnections();
      metadata.close();
    }
  });
});

describe("rejected", () => {
  const cases: [string, () => Partial<Behaviour>, RegExp][] = [
    [
      "another key, and it says so",
      () => ({ judge: verifier(otherKey) }),
      /verifies with another key than projects\/demo-staging/u,
    ],
    [
      "403 to everything, without a reason",
      () => ({ judge: everything({ status: 403 }) }),
      /refuses a token signed with .* and does not say why/u,
    ],
    [
      "its clock is a day ahead",
      () => ({ judge: verifier(stack.key(1), () => new Date(Date.now() + 86_400_000)) }),
      /its clock or this machine's is off/u,
    ],
    [
      "it looks for the token elsewhere",
      () => ({ judge: everything({ status: 401, body: "no token" }) }),
      /does not see the token/u,
    ],
    [
      "it accepts everything",
      () => ({ judge: everything({ status: 200, body: "{}" }) }),
      /without a token, and one with a token signed with another key: it checks nothing/u,
    ],
    [
      "it only wants some token",
      () => ({
        judge: async ({ headers }) =>
          headers.authorization === undefined ? { status: 401 } : { status: 200, body: "{}" },
      }),
      /accepts a token signed with another key: it does not verify signatures/u,
    ],
    [
      "it accepts expired tokens",
      () => ({ judge: verifier(stack.key(1), () => new Date(Date.now() - 3_600_000)) }),
      /accepts a token that expired/u,
    ],
    [
      "it closes every WebSocket for its token",
      () => ({ judge: everything({ status: 403, body: "bad signature" }), closeWith: 4401 }),
      /verifies with another key/u,
    ],
  ];
  test.each(cases)("%s", async (_, behaviour, cause) => {
    const spoilt = behaviour();
    const settle = spoilt.closeWith === undefined ? "0s" : "2s";
    const { code, verdict, cause: said } = await smoke(spoilt, { args: ["--settle", settle] });
    expect({ code, verdict }).toEqual({ code: 1, verdict: "rejected" });
    expect(said).toMatch(cause);
  });

  const auths: [string, () => Behaviour["routes"], RegExp][] = [
    ["auth signs with another key", () => issuer(otherKey), /auth does not sign with projects/u],
    ["auth validates with another key", () => issuer(stack.key(1), otherKey), /auth's validation refuses/u],
    [
      "auth takes every token for valid",
      () => ({ ...issuer(stack.key(1)), "/validate": async () => ({ status: 200, body: '{"valid":true}' }) }),
      /^auth accepts a token signed with another key/u,
    ],
  ];
  test.each(auths)("%s", async (_, routes, cause) => {
    await using auth = await serve({ judge: everything({ status: 404 }), routes: routes() ?? {} });
    const args = ["--auth-token-path", "/token", "--auth-validate-path", "/validate"];
    const { code, cause: said } = await smoke({}, { auth, args });
    expect(code).toBe(1);
    expect(said).toMatch(cause);
  });

  test("auth holds another key where backend asks it", async () => {
    const routes = {
      "/remote": async (request: IncomingMessage) => {
        const reply = await verifier(otherKey)(request);
        return reply === "hang" ? { status: 500 } : reply;
      },
    };
    const { code, cause, verdicts } = await smoke({ routes }, { args: ["--remote-path", "/remote"] });
    expect({ code, direct: verdicts["fresh-http"] }).toEqual({ code: 1, direct: "pass" });
    expect(cause).toMatch(/where it asks auth about it: auth holds another key/u);
  });

  test("both services share a key that is not the deployed one", async () => {
    await using auth = await serve({ judge: everything({ status: 404 }), routes: issuer(otherKey) });
    const sound = verifier(otherKey);
    const judge: Judge = async (request) => {
      const reply = await sound(request);
      return reply !== "hang" && reply.status === 403 ? { status: 403 } : reply;
    };
    const { code, cause, notes } = await smoke({ judge }, { auth, args: ["--auth-token-path", "/token"] });
    expect(code).toBe(1);
    expect(cause).toContain(`auth and backend share a key, and it is not ${versionName(1)}`);
    expect(notes).toEqual([`auth's own token is not signed with ${versionName(1)}`]);
  });
});

describe("could not be told", () => {
  const sound: Judge = (request) => verifier(stack.key(1))(request);
  const unless =
    (spoilt: (reply: Reply) => boolean, instead: Reply): Judge =>
    async (request) => {
      const reply = await sound(request);
      return reply !== "hang" && spoilt(reply) ? instead : reply;
    };
  const hello =
    "<!doctype html><html><head><title>Congratulations | Cloud Run</title></head><body>It's running!</body></html>";
  const cases: [string, Judge, RegExp][] = [
    ["500 to everything", everything({ status: 500 }), /with 500, which says nothing about the token/u],
    ["500 to bad tokens alone", unless(({ status }) => status === 403, { status: 500 }), /with 500/u],
    ["500 to the good token alone", unless(({ status }) => status === 200, { status: 500 }), /with 500/u],
    ["404 to everything", everything({ status: 404 }), /name a path that it serves/u],
    [
      "429 to bad tokens",
      unless(({ status }) => status === 403, { status: 429 }),
      /neither accepts nor refuses/u,
    ],
    ["Google's placeholder", everything({ status: 200, body: hello }), /not your service yet/u],
    ["no answer", everything("hang"), /no answer in time/u],
  ];
  test.each(cases)("%s", async (what, judge, message) => {
    const args = what === "no answer" ? ["--timeout", "1s"] : [];
    const { code, verdict, cause } = await smoke({ judge }, { args });
    expect({ code, verdict }).toEqual({ code: 2, verdict: "undetermined" });
    expect(cause).toMatch(message);
  });

  test("a redirect, which never takes the token along", async () => {
    await using elsewhere = await serve({ judge: everything({ status: 200, body: "{}" }) });
    const headers = { location: `${elsewhere.url}/login?next=secret` };
    const { code, cause } = await smoke({ judge: everything({ status: 302, headers }) });
    expect({ code, seen: elsewhere.seen }).toEqual({ code: 2, seen: [] });
    expect(cause).toContain(`redirect (302) to ${elsewhere.url}/login, which is not followed`);
  });

  test("a private service that the caller may not call", async () => {
    const body =
      "<h1>Error: Forbidden</h1><h2>Your client does not have permission to get URL <code>/</code> from this server.</h2>";
    const args = ["--no-identity-token"];
    const { code, cause } = await smoke({ judge: everything({ status: 403, body }) }, { args });
    expect(code).toBe(2);
    expect(cause).toContain("is private");
  });

  test("a certificate that nobody vouches for, and nothing is sent to it", async () => {
    const { code, cause, seen } = await smoke({ tls: true, judge: sound });
    expect({ code, seen }).toEqual({ code: 2, seen: [] });
    expect(cause).toContain("has a certificate that is not trusted here (DEPTH_ZERO_SELF_SIGNED_CERT)");
  });

  test("nothing listens, or no name server knows the host", async () => {
    // A label that is too long for a name, so that no name server is asked: a slow one would be another trouble.
    const host = `${"x".repeat(64)}.invalid`;
    for (const [address, said] of [
      // No port that a test gets: somebody else could have it by now.
      ["http://127.0.0.1:2", "ECONNREFUSED"],
      [`https://${host}`, `no name server knows (${host}`],
    ] as const) {
      const { code, stdout } = await runHere(place.path, stateFor(address), stack.env);
      expect(code).toBe(2);
      expect(stdout).toContain(said);
    }
  });

  test("auth gives no token", async () => {
    for (const [reply, said] of [
      [{ status: 401 }, "auth gives no token: it answers POST /token with 401"],
      [{ status: 200, body: "{}" }, "auth answers POST /token without a token"],
      [{ status: 500 }, "auth answers POST /token with 500"],
    ] as const) {
      await using auth = await serve({ judge: everything(reply) });
      const { code, cause } = await smoke({}, { auth, args: ["--auth-token-path", "/token"] });
      expect(code).toBe(2);
      expect(cause).toContain(said);
    }
  });

  test("auth's validation says neither yes nor no", async () => {
    await using auth = await serve({ judge: everything({ status: 200, body: "ok" }) });
    const { code, cause } = await smoke({}, { auth, args: ["--auth-validate-path", "/validate"] });
    expect(code).toBe(2);
    expect(cause).toContain("without saying valid or active");
  });

  test("the key may not be read", async () => {
    await using backend = await serve({ judge: sound });
    const env = { ...stack.env, SANDBOX_MEMBER: "user:eve@example.com" };
    const ran = await runHere(place.path, stateFor(backend.url), env);
    expectLine(ran, "smoke", "you may not read");
    expect(backend.seen).toEqual([]);
  });
});

describe("services that are not the stack's", () => {
  const run = async (args: string[]): Promise<Ran> =>
    await runHere(
      place.path,
      ["smoke", "--secret-version", versionName(1), "--settle", "0s", ...args],
      stack.env,
    );

  test("are told nothing until their host is confirmed", async () => {
    await using backend = await serve({ judge: verifier(stack.key(1)) });
    const unasked = await run(["--url", backend.url]);
    expectLine(unasked, "smoke", `add --confirm-host ${backend.host}`);
    const other = await run(["--url", backend.url, "--confirm-host", "other.example.com"]);
    expectLine(other, "smoke", "is not one of the stack's own hosts");
    expect(backend.seen).toEqual([]);
    expect((await run(["--url", backend.url, "--confirm-host", backend.host])).code).toBe(0);
  });

  test("stand beside a stack whose own hosts need no confirmation", async () => {
    await using backend = await serve({ judge: verifier(stack.key(1)) });
    await using other = await serve({ judge: verifier(stack.key(1)) });
    const args = stateFor(backend.url);
    expect((await runHere(place.path, [...args, "--url", backend.url], stack.env)).code).toBe(0);
    expectLine(await runHere(place.path, [...args, "--url", other.url], stack.env), "smoke", other.host);
    const auth = await runHere(place.path, [...args, "--auth-url", other.url], stack.env);
    expectLine(auth, "smoke", other.host);
    expect(other.seen).toEqual([]);
  });

  test("are https, this machine aside", async () => {
    const ran = await run(["--url", "http://api.example.com", "--confirm-host", "api.example.com"]);
    expectLine(ran, "smoke", "a token goes over https only");
  });
});

describe("arguments", () => {
  const staging = ["--stack", "staging", "--state", "state.json"];
  const wrong: [string, string[], string | RegExp][] = [
    ["nothing to ask", [...staging, "--no-http", "--no-websocket"], "leave nothing to ask"],
    ["no backend", ["--secret-version", versionName(1)], "needs --url"],
    ["an address with a password", [...staging, "--url", "https://a:b@example.com"], "--url takes"],
    ["a path that is a host", [...staging, "--http-path", "//example.com"], "--http-path takes"],
    ["an unknown format", [...staging, "--format", "xml"], "--format takes text, json, github, markdown"],
    [
      "an unknown way",
      [...staging, "--websocket-token", "query"],
      "--websocket-token takes header, subprotocol",
    ],
    ["no state", ["--stack", "staging", "--state", "missing.json"], "missing.json"],
  ];
  test.each(wrong)("%s", async (_, args, said) => {
    place.put("state.json", stateOf({ version: versionName(1), backendUrl: "http://127.0.0.1:1" }));
    expectLine(await runHere(place.path, ["smoke", ...args], stack.env), "smoke", said);
  });

  test("production is asked for", async () => {
    place.put(
      "state.json",
      stateOf({ version: versionName(1), backendUrl: "http://127.0.0.1:1" }, "production"),
    );
    const args = ["smoke", "--stack", "production", "--state", "state.json"];
    expectLine(await runHere(place.path, args, stack.env), "smoke", "add --production");
    const { stdout } = await runHere(place.path, [...args, "--production"], stack.env);
    expect(stdout).toContain("production: undetermined");
  });
});

test("every format says the verdict and the cause, and spells out what is hostile", async () => {
  const location = "https://x.example/::error::a";
  await using backend = await serve({ judge: everything({ status: 302, headers: { location } }) });
  const written = async (format: string) =>
    (await runHere(place.path, [...stateFor(backend.url), "--format", format], stack.env)).stdout;
  expect(await written("github")).toMatch(/^::error title=jwt-secret smoke \(staging\)::It cannot be told/u);
  expect(await written("github")).toMatch(/\njwt-secret: staging: undetermined\n$/u);
  expect(await written("markdown")).toContain("## ❔ <code>staging</code>: undetermined");
  expect(await written("markdown")).not.toContain("://x.example");
  expect(await written("text")).toContain("  Likely cause: It cannot be told");
  const args = [...stateFor(backend.url), "--output", "report.txt"];
  expect((await runHere(place.path, args, stack.env)).stdout).toBe("");
});
