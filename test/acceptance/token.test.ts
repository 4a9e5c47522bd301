/** `jwt-secret token` as users run it, against the sandbox's Secret Manager. */
import { chmodSync, mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { folder, type Ran } from "./command.ts";
import {
  deployed,
  expectLine,
  runHere,
  secretName,
  stateOf,
  versionName,
  withoutProgress,
} from "./deployed.ts";

const stack = deployed();
const place = folder();

/** Runs the command where `state.json` is of a stack `staging` that deploys version 1. */
async function token(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  place.put("state.json", stateOf({ version: versionName(1), secret: secretName }));
  const ran = await place.run(["token", ...args], { env: { ...stack.env, ...env } });
  stack.keepsSecret(ran);
  return ran;
}

/** The same without a process of its own. */
async function tokenHere(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  place.put("state.json", stateOf({ version: versionName(1), secret: secretName }));
  const ran = await runHere(place.path, ["token", ...args], { ...stack.env, ...env });
  stack.keepsSecret(ran);
  return ran;
}
const staging = ["--stack", "staging", "--state", "state.json", "--subject", "e2e"];

describe("a token", () => {
  test("is signed with the version that the stack deploys, not with a newer one", async () => {
    const { code, stdout, stderr } = await token(staging);
    expect({ code, stderr: withoutProgress(stderr) }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/u);
    const { payload } = await jwtVerify(stdout.trim(), stack.key(1), {
      algorithms: ["HS256"],
      subject: "e2e",
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
    await expect(jwtVerify(stdout.trim(), stack.key(2))).rejects.toThrow("signature");
  });

  test("carries what it is told to", async () => {
    const claims = ["--claim", "role=tester=1", "--claim", 'groups:=["a","b"]', "--ttl", "2m"];
    const { stdout } = await token([...staging, ...claims, "--format", "json"]);
    const printed = JSON.parse(stdout);
    const payload = decodeJwt(printed.token);
    expect(payload).toMatchObject({ sub: "e2e", role: "tester=1", groups: ["a", "b"] });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(120);
    expect(printed).toMatchObject({ version: versionName(1), subject: "e2e" });
    expect(Date.parse(printed.expires)).toBe((payload.exp ?? 0) * 1000);
    expect(decodeProtectedHeader(printed.token)).toEqual({ alg: "HS256", typ: "JWT" });
  });

  test("can be had where there is no stack", async () => {
    const { stdout } = await token(["--secret-version", versionName(2), "--subject", "e2e"]);
    await jwtVerify(stdout.trim(), stack.key(2));
  });

  test("leaves no key in any log that can be asked for", async () => {
    const { code } = await token(staging, {
      GOOGLE_SDK_NODE_LOGGING: "all",
      NODE_DEBUG: "http,net",
      JWT_SECRET_DEBUG: "1",
    });
    expect(code).toBe(0);
  });
});

describe("the stack", () => {
  test("is asked of pulumi", async () => {
    mkdirSync(join(place.path, "bin"));
    place.put(
      join("bin", "pulumi"),
      `#!/bin/sh\n[ "$*" = "stack output --json --non-interactive --stack staging" ] && echo '${JSON.stringify({ version: versionName(2) })}'\n`,
    );
    chmodSync(join(place.path, "bin", "pulumi"), 0o755);
    const path = `${join(place.path, "bin")}:${process.env.PATH}`;
    const { stdout } = await token(["--stack", "staging", "--subject", "e2e"], { PATH: path });
    await jwtVerify(stdout.trim(), stack.key(2));
  });

  test("cannot be read: pulumi says why", async () => {
    mkdirSync(join(place.path, "bin"));
    place.put(
      join("bin", "pulumi"),
      "#!/bin/sh\necho \"error: no stack named 'staging' found\" >&2\nexit 255\n",
    );
    chmodSync(join(place.path, "bin", "pulumi"), 0o755);
    const path = `${join(place.path, "bin")}:${process.env.PATH}`;
    const ran = await token(["--stack", "staging", "--subject", "e2e"], { PATH: path });
    expectLine(ran, "token", "no stack named 'staging' found", "--state");
  });

  test("cannot be read: pulumi is not there", async () => {
    const ran = await token(["--stack", "staging", "--subject", "e2e"], { PATH: place.path });
    expectLine(ran, "token", "pulumi", "is not found", "--state");
  });

  const states: [string, unknown, string][] = [
    ["of another stack", stateOf({ version: versionName(1) }, "production"), "is the state of production"],
    ["without the output", stateOf({}), "has no output `version`"],
    [
      "with an encrypted output",
      stateOf({ version: { "4dabf18193072939515e22adb298388d": "x" } }),
      "not in clear",
    ],
    ["at an alias", stateOf({ version: `${secretName}/versions/latest` }), "not one numbered version"],
    ["with nothing deployed", { version: 3, deployment: {} }, "is not the state of a stack"],
    ["that is something else", [1], "is not the state of a stack"],
  ];
  test.each(states)("has a state %s", async (_, state, said) => {
    place.put("other.json", state);
    const ran = await tokenHere(["--stack", "staging", "--state", "other.json", "--subject", "e2e"]);
    expectLine(ran, "token", said);
  });

  test("is the sandbox's, where its files say", async () => {
    const home = join(place.path, ".sandbox");
    const states = join(home, "state", ".pulumi", "stacks", "jwt-secret");
    const none = await token(["--sandbox", "--subject", "e2e"]);
    expectLine(none, "token", "no services run in the sandbox", "npm start");
    mkdirSync(states, { recursive: true });
    const latest = (stateOf({ version: versionName(2) }) as { deployment: object }).deployment;
    place.put(join(".sandbox", "state", ".pulumi", "stacks", "jwt-secret", "staging.json"), {
      version: 3,
      checkpoint: { stack: "organization/jwt-secret/staging", latest },
    });
    const running = { pid: process.pid, cloud: stack.cloud.cloud.url, environments: {}, services: [] };
    place.put(join(".sandbox", "running.json"), running);
    const { stdout } = await token(["--sandbox", "--subject", "e2e"], { SECRET_MANAGER_ENDPOINT: "" });
    await jwtVerify(stdout.trim(), stack.key(2));
  });
});

describe("Secret Manager", () => {
  const version = (number: number) => ["--secret-version", versionName(number), "--subject", "e2e"];
  const change = async (number: number, what: string) =>
    await stack.cloud.call("POST", `/v1/${versionName(number)}:${what}`);

  test("refuses whom the environment does not list", async () => {
    const env = { SANDBOX_MEMBER: "user:eve@example.com" };
    expectLine(
      await tokenHere(staging, env),
      "token",
      "you may not read",
      versionName(1),
      "jwt-secret:accessors",
    );
  });

  test("has the version, and it is disabled or destroyed", async () => {
    await stack.cloud.addVersion("jwt-secret-staging", "gone");
    await change(3, "disable");
    expectLine(
      await tokenHere(version(3)),
      "token",
      "is not enabled",
      "DISABLED",
      "gcloud secrets versions enable 3",
    );
    await change(3, "destroy");
    expectLine(await tokenHere(version(3)), "token", "is destroyed");
  });

  test("has no such version", async () => {
    expectLine(await tokenHere(version(99)), "token", `${versionName(99)} is not there`);
  });

  test("gives bytes that do not match their checksum", async () => {
    const answers: [object, string][] = [
      [{ data: Buffer.from("a key").toString("base64"), dataCrc32c: "1" }, "does not match its checksum"],
      [{ data: Buffer.from("a key").toString("base64") }, "does not match its checksum"],
      [{}, "holds no payload"],
    ];
    for (const [payload, said] of answers) {
      const server = createServer((_request, response) =>
        response.end(JSON.stringify({ name: versionName(1), payload })),
      );
      await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
      const address = server.address();
      const port = typeof address === "object" ? address?.port : undefined;
      const ran = await tokenHere(staging, { SECRET_MANAGER_ENDPOINT: `http://127.0.0.1:${port}` });
      server.close();
      expectLine(ran, "token", said);
    }
  });

  test("is elsewhere: a stand-in is on this machine or none", async () => {
    const env = {
      SECRET_MANAGER_ENDPOINT: "",
      CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER: "https://example.com/",
    };
    expectLine(await tokenHere(staging, env), "token", "must be on this machine", "CLOUDSDK_API_ENDPOINT");
  });

  test("is Google's, and there are no credentials", async () => {
    const env = { SECRET_MANAGER_ENDPOINT: "", HOME: place.path, METADATA_SERVER_DETECTION: "none" };
    expectLine(
      await token(staging, env),
      "token",
      "there are no Google credentials",
      "gcloud auth application-default login",
    );
  });

  test("is Google's, and the credentials are no file", async () => {
    const env = { SECRET_MANAGER_ENDPOINT: "", GOOGLE_APPLICATION_CREDENTIALS: "missing.json" };
    expectLine(await token(staging, env), "token", "Google gives no token", "GOOGLE_APPLICATION_CREDENTIALS");
  });
});

describe("production", () => {
  const production = ["--stack", "production", "--state", "production.json", "--subject", "e2e"];
  test("is refused unless told twice", async () => {
    place.put("production.json", stateOf({ version: versionName(1) }, "production"));
    expectLine(
      await tokenHere(production),
      "token",
      "production is production",
      "--production --confirm production",
    );
    const once = await tokenHere([...production, "--production"]);
    expectLine(once, "token", "say which once more");
    const wrong = await tokenHere([...production, "--production", "--confirm", "staging"]);
    expectLine(wrong, "token", "say which once more");
    const twice = await tokenHere([...production, "--production", "--confirm", "production"]);
    await jwtVerify(twice.stdout.trim(), stack.key(1));
  });

  test("is known by the secret's name too", async () => {
    const name = "projects/shop-prod/secrets/jwt-secret/versions/1";
    expectLine(await tokenHere(["--secret-version", name, "--subject", "e2e"]), "token", "is production");
  });
});

describe("arguments", () => {
  const wrong: [string, string[], string][] = [
    ["no subject", ["--stack", "staging", "--state", "state.json"], "needs --subject"],
    ["no stack", ["--subject", "e2e"], "needs --stack"],
    ["too long a life", [...staging, "--ttl", "2h"], "--ttl takes 1 to 3600 seconds"],
    ["no time at all", [...staging, "--ttl", "soon"], "--ttl takes"],
    ["a claim that has a flag", [...staging, "--claim", "exp=1"], "--claim cannot set exp"],
    ["half a claim", [...staging, "--claim", "admin"], "--claim takes NAME=TEXT"],
    ["a claim that is no JSON", [...staging, "--claim", "a:=b"], "--claim a:= takes JSON"],
    [
      "an alias",
      ["--secret-version", `${secretName}/versions/latest`, "--subject", "e2e"],
      "--secret-version takes",
    ],
    ["an unknown flag", [...staging, "--key", "x"], "unknown option '--key'"],
  ];
  test.each(wrong)("%s", async (_, args, said) => {
    expectLine(await tokenHere(args), "token", said);
  });
});
