/** The package as users get it: packed, installed in an empty folder without a network, run, imported. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { TestCloud } from "../../sandbox/cloud/testing.ts";
import { v2 } from "../../src/documents/testing/cloud-run.ts";
import { resources, service, state } from "../../src/documents/testing/stack.ts";
import { root } from "../../tools/generated.ts";
import { withoutProgress } from "./deployed.ts";

const folder = mkdtempSync(join(tmpdir(), "jwt-secret-package-"));
const user = join(folder, "user");

interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

/** Tools of this repository must not help: npm and the program see no PATH but Node's own. */
const execute = (cwd: string, command: string, ...args: string[]) => executeWith({}, cwd, command, args);

function executeWith(
  added: Record<string, string>,
  cwd: string,
  command: string,
  args: string[],
): Promise<Result> {
  const path = (process.env.PATH ?? "").split(":").filter((part) => !part.includes("node_modules"));
  const env = {
    ...process.env,
    PATH: [join(process.execPath, ".."), ...path].join(":"),
    npm_config_offline: "true",
    ...added,
  };
  return new Promise((done) => {
    const child = execFile(command, args, { cwd, env }, (_, stdout, stderr) =>
      done({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

const jwtSecret = (...args: string[]) =>
  execute(user, join(user, "node_modules", ".bin", "jwt-secret"), ...args);

const jwtSecretWith = (added: Record<string, string>, ...args: string[]) =>
  executeWith(added, user, join(user, "node_modules", ".bin", "jwt-secret"), args);

const sound = state(resources("projects/netra-staging/secrets/jwt-secret-staging", "1"));
const put = (name: string, text: string) => writeFileSync(join(user, name), text);

beforeAll(async () => {
  mkdirSync(user);
  put("package.json", JSON.stringify({ name: "user", private: true, type: "module" }));
  const packed = await execute(root, "npm", "pack", "--json", "--pack-destination", folder);
  expect(packed.code, packed.stderr).toBe(0);
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  const installed = await execute(
    user,
    "npm",
    "install",
    "--no-audit",
    "--no-fund",
    join(folder, tarball ?? ""),
  );
  expect(installed.code, installed.stderr).toBe(0);
  put("sound.json", JSON.stringify(sound));
  const live = v2("auth");
  put("auth.yaml", JSON.stringify(live, null, 2).replace("{", "# YAML\n{"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the installed package", () => {
  test("is alone", () => {
    expect(readdirSync(join(user, "node_modules")).filter((name) => !name.startsWith("."))).toEqual([
      "jwt-secret",
    ]);
  });

  test("holds what runs and what explains, and no source", () => {
    const files = readdirSync(join(user, "node_modules", "jwt-secret"), { recursive: true }).map(String);
    expect(files).toEqual(
      expect.arrayContaining([
        "README.md",
        "LICENSE",
        join("dist", "check.d.ts"),
        join("bin", "jwt-secret.cjs"),
      ]),
    );
    expect(files.filter((name) => /^(?:src|test|sandbox|tools)\b|\.cache|\.test\./u.test(name))).toEqual([]);
  });

  test("checks a state, twice: the second time from its cache", async () => {
    for (let run = 0; run < 2; run += 1) {
      const { code, stdout, stderr } = await jwtSecret("check", "sound.json", "--format", "json");
      expect({ code: code === 0 || code === 1, stderr }).toEqual({ code: true, stderr: "" });
      const { environments } = z
        .object({ environments: z.array(z.object({ name: z.string(), passed: z.array(z.string()) })) })
        .parse(JSON.parse(stdout));
      expect(environments.map(({ name }) => name)).toEqual(["staging"]);
      expect(environments[0]?.passed).toContain("same-jwt-secret");
    }
    const cache = join(user, "node_modules", "jwt-secret", "dist", ".cache");
    expect(readdirSync(cache)).toHaveLength(1);
  });

  test("runs with a cache that is none", async () => {
    const cache = join(user, "node_modules", "jwt-secret", "dist", ".cache");
    for (const name of readdirSync(cache)) writeFileSync(join(cache, name), "not a cache");
    const { stdout } = await jwtSecret("check", "sound.json");
    expect(stdout).toContain("staging: ");
    for (const name of readdirSync(cache))
      expect(readFileSync(join(cache, name)).length).toBeGreaterThan(10_000);
  });

  test("prints what is not ASCII, though the program's text is", async () => {
    const bundle = readFileSync(join(user, "node_modules", "jwt-secret", "dist", "jwt-secret.cjs"));
    expect(bundle.findIndex((byte) => byte > 0x7f)).toBe(-1);
    const { stdout } = await jwtSecret("check", "sound.json", "--format", "markdown");
    expect(stdout).toMatch(/^## [✅❌❔] jwt-secret/u);
  });

  test("is found by npx", async () => {
    const { stdout } = await execute(user, "npx", "--no-install", "jwt-secret", "check", "sound.json");
    expect(stdout).toContain("staging: ");
  });

  test("finds a mismatch", async () => {
    const [secret, version, auth] = sound.deployment.resources;
    const other = state([service("backend", [])]).deployment.resources.map((each) => ({
      ...each,
      inputs: JSON.parse(
        JSON.stringify(auth?.inputs)
          .replaceAll("jwt-secret-staging", "another")
          .replaceAll("auth", "backend"),
      ),
    }));
    put(
      "wrong.json",
      JSON.stringify({ version: 3, deployment: { resources: [secret, version, auth, ...other] } }),
    );
    const { code, stdout } = await jwtSecret("check", "wrong.json");
    expect(code).toBe(1);
    expect(stdout).toContain("violation: same-jwt-secret");
  });

  test("reads YAML", async () => {
    const { stdout, stderr } = await jwtSecret("check", "auth.yaml");
    expect(stderr).toBe("");
    expect(stdout).toContain("services-present");
  });

  test.each(["text", "json", "sarif", "junit", "github", "markdown"])("writes %s", async (format) => {
    const { stdout, stderr } = await jwtSecret("check", "sound.json", "--format", format);
    expect({ stderr, written: stdout.length > 0 }).toEqual({ stderr: "", written: true });
  });

  test("says its version, explains its rules", async () => {
    expect((await jwtSecret("--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/u);
    expect((await jwtSecret("explain", "same-jwt-secret")).stdout).toContain("same-jwt-secret");
  });

  test("signs tokens, from the chunk it loads for that", async () => {
    await using cloud = await TestCloud.start();
    const key = randomBytes(48).toString("base64url");
    await cloud.secret("jwt-secret-staging", key);
    const version = "projects/demo-staging/secrets/jwt-secret-staging/versions/1";
    const args = ["--secret-version", version, "--subject", "e2e"];
    const env = { SECRET_MANAGER_ENDPOINT: cloud.cloud.url };
    const { stdout, stderr } = await jwtSecretWith(env, "token", ...args);
    expect(withoutProgress(stderr)).toBe("");
    await jwtVerify(stdout.trim(), Buffer.from(key), { subject: "e2e" });
    const refused = await jwtSecretWith(env, "token", ...args, "--ttl", "9h");
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toMatch(/^jwt-secret token: --ttl takes 1 to 3600 seconds[^\n]*\n$/u);
    const nobody = { GOOGLE_APPLICATION_CREDENTIALS: join(user, "none.json") };
    const { code, stderr: said } = await jwtSecretWith(
      nobody,
      "smoke",
      ...args,
      "--url",
      "https://127.0.0.1:1",
    );
    expect({ code, said }).toMatchObject({ code: 2, said: expect.stringContaining("--confirm-host") });
    const lost = await jwtSecretWith(nobody, "token", ...args);
    expect(withoutProgress(lost.stderr)).toMatch(/^jwt-secret token: Google gives no token [^\n]*\n$/u);
  });

  test("says what it needs where no file is given", async () => {
    const { code, stdout, stderr } = await jwtSecret("check");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^jwt-secret check: no FILE is given: name a document[^\n]*\n$/u);
  });
});

describe("the imported function", () => {
  test("gives the report", async () => {
    put(
      "run.js",
      `import { readFileSync } from "node:fs";
import { check } from "jwt-secret";
const report = check({ documents: [{ file: "sound.json", content: readFileSync("sound.json") }] });
console.log(JSON.stringify([report.environments[0].name, check({ documents: [] }).verdict]));`,
    );
    const { stdout, stderr } = await execute(user, "node", "run.js");
    expect({ stdout, stderr }).toEqual({ stdout: '["staging","undetermined"]\n', stderr: "" });
  });

  test("has types that need nothing else", async () => {
    put(
      "typed.ts",
      `import { check, type Report } from "jwt-secret";
const report: Report = check({ documents: [{ file: "a", content: "{}" }], settings: { all: "mandatory" } });
const verdict: "pass" | "violation" | "undetermined" = report.verdict;
// @ts-expect-error No such setting.
check({ documents: [], settings: { all: "sometimes" } });
// @ts-expect-error A document has a name.
check({ documents: [{ content: "" }] });
export { verdict };`,
    );
    const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
    const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022"];
    const { code, stdout } = await execute(user, "node", compiler, ...options, "typed.ts");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  });
});
