/** The services that `npm start` runs: how long they stay, and that deployments reach them while they serve. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { isAlive } from "../../sandbox/lock.ts";
import { connect, handshake, readRunning } from "../../sandbox/runtime/index.ts";
import { secretValues } from "./cloud-file.ts";
import { edit } from "./environment.ts";
import { TestSandbox } from "./sandbox.ts";

const until = { timeout: 120_000, interval: 50 };
let sandbox: TestSandbox;

/** Where the environment's services answer. */
function addresses(): { auth: string; backend: string } {
  const { environments } = readRunning(sandbox.home) ?? {};
  return z.object({ auth: z.string(), backend: z.string() }).parse(environments?.["sandbox-staging"]);
}

async function token(): Promise<string> {
  const response = await fetch(`${addresses().auth}/token`, { method: "POST" });
  return z.looseObject({ access_token: z.string() }).parse(await response.json()).access_token;
}

const supervisor = () => readRunning(sandbox.home)?.pid ?? 0;

/** Resolves once a command that goes on has printed something. */
function says(child: ReturnType<TestSandbox["start"]>["child"], words: string): Promise<void> {
  let printed = "";
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (chunk: string) => {
      printed += chunk;
      if (printed.includes(words)) resolve();
    });
    child.on("exit", () => reject(new Error(`ended before it said ${words}: ${printed}`)));
  });
}

describe("without a terminal", () => {
  beforeEach(() => {
    sandbox = new TestSandbox();
  });
  afterEach(() => sandbox.remove());

  test("npm start ends with a handshake, and with nothing left running", async () => {
    const ran = await sandbox.run(["up"], { services: true });
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toMatch(/^Running$[\s\S]*auth-staging +http:\/\/127\.0\.0\.1:\d+$/m);
    expect(ran.stdout).toMatch(/backend +WebSocket \/ws +101 +accepted: the token of auth$/m);
    expect(ran.stdout).toMatch(/backend +WebSocket \/ws +403 +bad signature: signed with another key$/m);
    expect(await connect(sandbox.home)).toBeUndefined();
    expect(readRunning(sandbox.home)).toBeUndefined();
  });

  test("a deployment whose services do not start fails with their reason, and leaves nothing running", async () => {
    sandbox.configure("staging", (config) => {
      const services = z
        .record(z.string(), z.record(z.string(), z.unknown()))
        .parse(config["jwt-secret:services"]);
      services.backend = { ...services.backend, env: { JWT_READS: "JWT_KEY" } };
      config["jwt-secret:services"] = services;
    });
    const ran = await sandbox.run(["up"], { services: true });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      /^error backend: .*Revision 'backend-staging-\S+' is not ready.*JWT_KEY: not set/m,
    );
    expect(await connect(sandbox.home)).toBeUndefined();
  });

  test("a placeholder is called one", async () => {
    sandbox.configure("staging", (config) => {
      const services = z
        .record(z.string(), z.record(z.string(), z.unknown()))
        .parse(config["jwt-secret:services"]);
      services.backend = { ...services.backend, env: { SANDBOX_PLACEHOLDER: "1" } };
      config["jwt-secret:services"] = services;
    });
    const ran = await sandbox.run(["up"], { services: true });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain("backend-staging is a placeholder, not your service yet");
  });
});

describe("detached services", () => {
  beforeAll(async () => {
    sandbox = new TestSandbox();
    expect(await sandbox.run(["up", "--detach"])).toMatchObject({ code: 0, stderr: "" });
  });
  afterAll(() => sandbox.remove());

  test("run on, and so does a token", async () => {
    expect(isAlive(supervisor())).toBe(true);
    expect(await handshake(addresses().backend, { token: await token() })).toMatchObject({ status: 101 });
  });

  test("get a later deployment while they serve: a whole rotation loses and refuses nothing", async () => {
    const before = { ...addresses(), pid: supervisor() };
    const old = await token();
    const statuses = new Map<number, number>();
    let done = false;
    const load = Array.from({ length: 4 }, async () => {
      while (!done) {
        for (const one of [old, await token()]) {
          const headers = { authorization: `Bearer ${one}` };
          const { status } = await fetch(`${before.backend}/me`, { headers });
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
      }
    });
    edit(sandbox);
    expect(await sandbox.run(["up"])).toMatchObject({ code: 0, stderr: "" });
    done = true;
    await Promise.all(load);
    expect([...statuses.keys()]).toEqual([200]);
    expect({ ...addresses(), pid: supervisor() }).toEqual(before);
    const root = await (await fetch(before.backend)).json();
    expect(root).toMatchObject({ service: "backend", previous: true });
  });

  test("are told of by a plain npm start, which leaves them running", async () => {
    const again = await sandbox.run(["up"], { services: true });
    expect(again.stdout).toContain("as they did before");
    expect(isAlive(supervisor())).toBe(true);
  });

  test("scale out when asked, with the key of the revision", async () => {
    const control = await connect(sandbox.home);
    await control?.scale("backend-staging", 2);
    const one = await token();
    const headers = { authorization: `Bearer ${one}` };
    const asked = Array.from({ length: 8 }, () => fetch(`${addresses().backend}/me`, { headers }));
    const answers = await Promise.all(asked);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await expect(control?.scale("nobody", 2)).rejects.toThrow("No service nobody runs");
  });

  test("are controlled by who can read control.json alone", async () => {
    const { port } = z
      .looseObject({ port: z.number() })
      .parse(JSON.parse(readFileSync(join(sandbox.home, "control.json"), "utf8")));
    expect((await fetch(`http://127.0.0.1:${port}/stop`, { method: "POST", body: "{}" })).status).toBe(403);
    expect(isAlive(supervisor())).toBe(true);
  });

  test("keep no key in any file but the cloud's, nor in a command line", async () => {
    const values = secretValues(sandbox.home);
    expect(values).toHaveLength(2);
    const files = sandbox.files().filter((path) => !path.endsWith(join("cloud", "cloud.json")));
    for (const path of files) {
      // The supervisor replaces its files while they are looked at: what is gone by now has another name.
      const text = existsSync(path) ? readFileSync(path, "latin1") : "";
      for (const value of values) expect(text.includes(value.slice(0, 20)), path).toBe(false);
    }
  });

  test("are taken over by npm start at a terminal, from it by another one, and end with Ctrl-C", async () => {
    const first = sandbox.start(["up", "--stay"]);
    await says(first.child, "until Ctrl-C");
    const pid = supervisor();
    const second = sandbox.start(["up", "--stay"]);
    await says(second.child, "until Ctrl-C");
    expect(await first.ended).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("taken the services over"),
    });
    expect(supervisor()).toBe(pid);
    // From the terminal and from npm, as it comes.
    process.kill(-(second.child.pid ?? 0), "SIGINT");
    process.kill(-(second.child.pid ?? 0), "SIGINT");
    expect(await second.ended).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("The services are ended."),
    });
    expect(isAlive(pid)).toBe(false);
  });

  test("end with npm run stop, and stay deployed", async () => {
    expect(await sandbox.run(["up", "--detach"])).toMatchObject({ code: 0 });
    const pid = supervisor();
    expect(await sandbox.run(["stop"])).toMatchObject({ code: 0, stdout: expect.stringContaining("ended") });
    expect(isAlive(pid)).toBe(false);
    expect((await sandbox.run(["stop"])).stdout).toBe("No services run.\n");
    expect((await sandbox.run(["state"])).stdout).toContain("backend-staging");
  });

  test("end with whoever held them, even when that is killed", async () => {
    const { child, ended } = sandbox.start(["up", "--stay"]);
    await says(child, "until Ctrl-C");
    const pid = supervisor();
    const { pid: instance } = z.looseObject({ pid: z.number() }).parse({ pid: await instanceOf("auth") });
    process.kill(-(child.pid ?? 0), "SIGKILL");
    await ended;
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), until);
    expect(isAlive(instance)).toBe(false);
  });

  test("end, instances and all, when the supervisor itself is killed", async () => {
    expect(await sandbox.run(["up", "--detach"])).toMatchObject({ code: 0 });
    const instance = await instanceOf("auth");
    process.kill(supervisor(), "SIGKILL");
    await vi.waitFor(() => expect(isAlive(instance)).toBe(false), until);
    await vi.waitFor(() => expect(readRunning(sandbox.home)).toBeUndefined(), until);
  });

  test("end with npm run destroy, and with npm run reset", async () => {
    expect(await sandbox.run(["up", "--detach"])).toMatchObject({ code: 0 });
    const destroyed = supervisor();
    expect(await sandbox.run(["destroy", "--yes"])).toMatchObject({ code: 0 });
    expect(isAlive(destroyed)).toBe(false);
    expect(await sandbox.run(["up", "--detach"])).toMatchObject({ code: 0 });
    const reset = supervisor();
    expect(await sandbox.run(["reset", "--yes"])).toMatchObject({ code: 0 });
    expect(isAlive(reset)).toBe(false);
    expect(sandbox.files()).toEqual([]);
  });
});

/** The process that answers for a service. */
async function instanceOf(role: "auth" | "backend"): Promise<number> {
  return Number((await fetch(addresses()[role])).headers.get("x-instance"));
}
