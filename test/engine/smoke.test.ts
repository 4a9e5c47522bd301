/** The operators' commands against a running sandbox, as after `npm start -- --detach`. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { runIn } from "../acceptance/command.ts";
import { withoutProgress } from "../acceptance/deployed.ts";
import { TestSandbox } from "./sandbox.ts";

const tester = "user:e2e@example.com";
const sandbox = new TestSandbox({ policyPack: false });
const run = (args: string[], env: Record<string, string> = {}) =>
  runIn(sandbox.folder, args, { env: { SANDBOX_FOLDER: sandbox.home, ...env } });

beforeAll(async () => {
  sandbox.configure("staging", (config) => {
    config["jwt-secret:accessors"] = [tester];
  });
  const { code, stderr } = await sandbox.run(["up", "--detach"]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
});
afterAll(() => sandbox.remove());

test("the services accept what they must, and refuse what they must", async () => {
  const { code, stdout } = await run(["smoke", "--sandbox", "--settle", "0s", "--format", "json"]);
  const report = JSON.parse(stdout);
  expect({ code, verdict: report.verdict, notAsked: report.notAsked }).toEqual({
    code: 0,
    verdict: "accepted",
    notAsked: [],
  });
  expect(report.checks).toHaveLength(19);
});

test("who is listed gets a token, and nobody else", async () => {
  const args = ["token", "--sandbox", "--subject", "e2e"];
  const { code, stderr } = await run(args, { SANDBOX_MEMBER: tester });
  expect({ code, stderr: withoutProgress(stderr) }).toEqual({ code: 0, stderr: "" });
  const other = await run(args, { SANDBOX_MEMBER: "user:eve@example.com" });
  expect(other).toMatchObject({ code: 2, stdout: "" });
  expect(other.stderr).toContain("have your account listed in jwt-secret:accessors");
});

test("a placeholder is not the service yet", async () => {
  sandbox.configure("staging", (config) => {
    config["jwt-secret:services"] = {
      auth: { image: "auth:1" },
      backend: { image: "backend:1", env: { SANDBOX_PLACEHOLDER: "1" } },
    };
  });
  await sandbox.run(["up", "--detach"]);
  const { code, stdout } = await run(["smoke", "--sandbox", "--settle", "0s"]);
  expect(code).toBe(2);
  expect(stdout).toContain("not your service yet");
});
