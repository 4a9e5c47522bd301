/** What the program promises about updates, seen on the real engine. */
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { startCloud } from "../../sandbox/cloud/index.ts";
import { homeIn } from "../../sandbox/home.ts";
import { readCalls, readCloud } from "./cloud-file.ts";
import { edit } from "./environment.ts";
import { TestSandbox } from "./sandbox.ts";

let sandbox: TestSandbox;
beforeEach(() => {
  sandbox = new TestSandbox();
});
afterEach(() => sandbox.remove());

const Template = z.looseObject({
  containers: z.array(
    z.looseObject({ image: z.string(), env: z.array(z.looseObject({ name: z.string() })) }),
  ),
});
const authService = "projects/sandbox-staging/locations/us-central1/services/auth-staging";

/** The only container of the auth service, as it is deployed. */
function authContainer() {
  const service = readCloud(sandbox.home).services[authService];
  const container = Template.parse(service?.settings.template).containers[0];
  if (container === undefined) throw new Error("auth has no container");
  return container;
}

/** What a service's own pipeline does: deploys another image, and touches nothing else. */
async function deployImage(image: string): Promise<void> {
  const cloud = await startCloud({ directory: homeIn(sandbox.home).cloud });
  try {
    const url = `${cloud.url}/v2/${authService}`;
    const service = z.looseObject({ template: Template }).parse(await (await fetch(url)).json());
    for (const container of service.template.containers) container.image = image;
    const answer = await fetch(url, {
      method: "PATCH",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...service, client: "gcloud" }),
    });
    expect(answer.status).toBe(200);
  } finally {
    await cloud.close();
  }
}

test("an update changes backend before auth: while backend's has no answer, auth is left alone", async () => {
  const log = join(sandbox.folder, "calls");
  expect(await sandbox.run(["up"])).toMatchObject({ code: 0 });
  edit(sandbox);
  const failed = await sandbox.run(["up"], {
    callLog: log,
    faults: [{ at: { method: "PATCH", path: "/backend-staging$" }, do: "timeout", effect: false }],
  });
  expect(failed.code).toBe(1);
  expect(patchedServices(log)).toEqual(["backend-staging"]);
  expect(await sandbox.run(["up"], { callLog: log })).toMatchObject({ code: 0 });
  expect(patchedServices(log)).toEqual(["backend-staging", "backend-staging", "auth-staging"]);
});

function patchedServices(log: string): (string | undefined)[] {
  return readCalls(log)
    .filter(({ method }) => method === "PATCH")
    .map(({ path }) => path.split("/").at(-1));
}

test("a rotation hands both versions to both services, and retires a version without destroying it", async () => {
  expect(await sandbox.run(["up"])).toMatchObject({ code: 0 });
  edit(sandbox);
  const rotated = await sandbox.run(["up"]);
  expect(rotated).toMatchObject({ code: 0, stderr: "" });
  expect(rotated.stdout.match(/JWT_SECRET_KEY +\S+\/versions\/2$/gm)).toHaveLength(2);
  expect(rotated.stdout.match(/JWT_SECRET_PREVIOUS +\S+\/versions\/1$/gm)).toHaveLength(2);
  sandbox.configure("staging", (config) => {
    config["jwt-secret:secret"] = { source: "generated", current: 2 };
  });
  expect(await sandbox.run(["up"])).toMatchObject({ code: 0, stderr: "" });
  const [secret] = Object.values(readCloud(sandbox.home).secrets);
  expect(secret?.versions.map(({ number, state }) => `${number} ${state}`)).toEqual([
    "1 DISABLED",
    "2 ENABLED",
  ]);
});

test("a service deployed by its own pipeline keeps the pipeline's image, and its variables stay ours", async () => {
  sandbox.configure("staging", (config) => {
    config["jwt-secret:services"] = { auth: { deployedBy: "pipeline" }, backend: { deployedBy: "pipeline" } };
  });
  expect(await sandbox.run(["up"])).toMatchObject({ code: 0, stderr: "" });
  await deployImage("us-docker.pkg.dev/sandbox-staging/apps/auth:2");
  sandbox.configure("staging", (config) => {
    config["jwt-secret:services"] = {
      auth: { deployedBy: "pipeline", env: { LOG_LEVEL: "debug" } },
      backend: { deployedBy: "pipeline" },
    };
  });
  // The engine learns of the pipeline's deployment as it does in the field: by a refresh.
  expect(await sandbox.run(["up", "--refresh"])).toMatchObject({ code: 0, stderr: "" });
  expect(authContainer().image).toBe("us-docker.pkg.dev/sandbox-staging/apps/auth:2");
  expect(authContainer().env.map(({ name }) => name)).toEqual([
    "ENVIRONMENT",
    "JWT_SECRET",
    "JWT_SECRET_FINGERPRINT",
    "JWT_SECRET_KEY",
    "JWT_SECRET_STAGING",
    "LOG_LEVEL",
  ]);
});
