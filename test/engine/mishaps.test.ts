/** What goes wrong around an update: two at once, lost passphrases, damaged files, locks left behind, late grants. */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { homeIn } from "../../sandbox/home.ts";
import { checkpointOf } from "../../sandbox/workspace.ts";
import { counts, resourcesIn } from "./cloud-file.ts";
import { deployed } from "./environment.ts";
import { type Ran, TestSandbox } from "./sandbox.ts";

let sandbox: TestSandbox;
beforeEach(() => {
  sandbox = new TestSandbox();
});
afterEach(() => sandbox.remove());

/** One line on standard error, no stack trace, exit code 2. */
function isRefused(ran: Ran, message: RegExp): void {
  expect(ran.stderr).toMatch(message);
  expect(ran.stderr.trimEnd()).not.toContain("\n");
  expect(ran.code).toBe(2);
}

test("of two updates at once one is refused, and nothing is corrupted", async () => {
  const results = await Promise.all([sandbox.run(["up"]), sandbox.run(["up"])]);
  expect(results.map(({ code }) => code).sort()).toEqual([0, 2]);
  const refused = results.find(({ code }) => code === 2);
  expect(refused?.stderr).toMatch(/The sandbox is in use: `npm run up` \(process \d+\)/);
  expect(counts(sandbox.home)).toEqual(deployed);
  expect((await sandbox.run(["up"])).stdout).toContain("no changes (");
});

test("two sandboxes side by side do not disturb each other", async () => {
  const other = new TestSandbox();
  try {
    const results = await Promise.all([sandbox.run(["up"]), other.run(["up"])]);
    expect(results.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
      { code: 0, stderr: "" },
      { code: 0, stderr: "" },
    ]);
    expect(counts(sandbox.home)).toEqual(deployed);
    expect(counts(other.home)).toEqual(deployed);
  } finally {
    other.remove();
  }
});

describe("on a deployed environment", () => {
  let before: string;
  beforeEach(async () => {
    expect(await sandbox.run(["up"])).toMatchObject({ code: 0 });
    before = resourcesIn(sandbox.home);
  });

  async function goesOn(): Promise<void> {
    expect(resourcesIn(sandbox.home)).toBe(before);
    const again = await sandbox.run(["up"]);
    expect(again.stdout).toContain("no changes (");
  }

  test("a wrong passphrase is named as such, and nothing is lost", async () => {
    const wrong = await sandbox.run(["up"], { env: { PULUMI_CONFIG_PASSPHRASE: "not this one" } });
    isRefused(wrong, /passphrase does not open this sandbox's state: .*npm run reset/);
    await goesOn();
  });

  test("a missing passphrase is named as such, and nothing is lost", async () => {
    const { passphrase } = homeIn(sandbox.home);
    copyFileSync(passphrase, `${passphrase}.kept`);
    rmSync(passphrase);
    isRefused(await sandbox.run(["up"]), /passphrase of this sandbox is missing .*npm run reset/);
    copyFileSync(`${passphrase}.kept`, passphrase);
    await goesOn();
  });

  test("a damaged state file is named with its backup, and the backup works", async () => {
    const path = checkpointOf(homeIn(sandbox.home), "staging");
    const whole = readFileSync(path, "utf8");
    writeFileSync(path, whole.slice(0, whole.length / 2));
    isRefused(await sandbox.run(["up"]), /state file .*staging\.json is not readable.*staging\.json\.bak/);
    writeFileSync(path, whole);
    await goesOn();
  });

  test("a damaged cloud file is named with the way out, and is left as it is", async () => {
    const path = join(homeIn(sandbox.home).cloud, "cloud.json");
    const whole = readFileSync(path, "utf8");
    writeFileSync(path, whole.slice(0, whole.length / 2));
    isRefused(await sandbox.run(["up"]), /cloud\.json/);
    expect(readFileSync(path, "utf8")).toBe(whole.slice(0, whole.length / 2));
    writeFileSync(path, whole);
    await goesOn();
  });

  test("the lock of an update on another machine is kept, and named", async () => {
    const lock = join(homeIn(sandbox.home).state, ".pulumi/locks/organization/jwt-secret/staging/other.json");
    mkdirSync(dirname(lock), { recursive: true });
    writeFileSync(lock, JSON.stringify({ pid: 1, hostname: `not-${hostname()}`, username: "other" }));
    isRefused(await sandbox.run(["up"]), /staging is locked by an update of process 1 on .*other\.json/);
    rmSync(lock);
    await goesOn();
  });

  test("an environment that does not exist is refused, naming those that do", async () => {
    isRefused(await sandbox.run(["up", "prod"]), /There is no environment prod: .*production, staging/);
  });
});

describe("grants that take a while to work", () => {
  function grantRetry(retry: { settle: number; timeout: number; pause: number }): void {
    sandbox.configure("staging", (config) => {
      config["jwt-secret:grantRetry"] = retry;
    });
  }

  test("are waited for before a service is made that needs them", async () => {
    grantRetry({ settle: 8, timeout: 0, pause: 1 });
    const delayed = await sandbox.run(["up", "--grant-delay", "6"]);
    expect(delayed).toMatchObject({ code: 0, stderr: "" });
    expect(delayed.stdout).toContain("auth-accessor: waiting 8 s, the time a new grant takes to work");
    expect(counts(sandbox.home)).toEqual(deployed);
  });

  test("fail a first deployment that did not wait, in the platform's words, and the next one retries until they work", async () => {
    grantRetry({ settle: 0, timeout: 60, pause: 1 });
    const early = await sandbox.run(["up", "--grant-delay", "20"]);
    expect(early.code).toBe(1);
    expect(early.stderr).toMatch(/^error backend: .*Permission denied on secret: projects\/\d+\/secrets\//m);
    const retried = await sandbox.run(["up", "--grant-delay", "20"]);
    // The engine keeps the error of the first try on a resource whose update it retried, and updates it once more.
    expect(retried).toMatchObject({ code: 2, stderr: "" });
    expect(retried.stdout).toContain("does not tell whether a retry made that good: update once more");
    expect(counts(sandbox.home)).toEqual(deployed);
    expect(await sandbox.run(["up"])).toMatchObject({ code: 0, stderr: "" });
    expect((await sandbox.run(["up"])).stdout).toContain("no changes (");
  });

  test("fail an update when they do not come within the stated time, and a later run converges", async () => {
    grantRetry({ settle: 0, timeout: 2, pause: 1 });
    await sandbox.run(["up", "--grant-delay", "600"]);
    const late = await sandbox.run(["up", "--grant-delay", "600"]);
    expect(late.code).toBe(1);
    expect(late.stderr).toMatch(/^error backend: .*Permission denied on secret/m);
    expect(await sandbox.run(["up"])).toMatchObject({ code: 0, stderr: "" });
    expect(counts(sandbox.home)).toEqual(deployed);
  });
});

test("a configuration with mistakes is refused with all of them, and nothing is made", async () => {
  sandbox.configure("staging", (config) => {
    config["jwt-secret:secret"] = { source: "generated", current: 0 };
    config["jwt-secret:services"] = {
      auth: { image: "x", env: { JWT_SECRET_KEY: "x" } },
      backend: { imag: "x" },
    };
  });
  const refused = await sandbox.run(["up"]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("jwt-secret:secret.current");
  expect(refused.stderr).toContain("jwt-secret:services.auth.env.JWT_SECRET_KEY");
  expect(refused.stderr).toContain("jwt-secret:services.backend.imag");
  expect(refused.stderr).not.toMatch(/^ +at /m);
  expect(counts(sandbox.home)).toEqual({ secrets: 0, versions: 0, grants: 0, accounts: 0, services: 0 });
});
