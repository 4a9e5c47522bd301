import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { crc32c } from "./crc32c.ts";
import { projectNumber } from "./projects.ts";
import { TestCloud } from "./testing.ts";

const secrets = "/v1/projects/demo-staging/secrets";
const number = projectNumber("demo-staging");
let cloud: TestCloud;
const value = randomBytes(48).toString("base64url");

beforeEach(async () => {
  cloud = await TestCloud.start();
  await cloud.secret("jwt", value);
});
afterEach(() => cloud[Symbol.asyncDispose]());

describe("secrets", () => {
  test("a secret is named by the project's number", async () => {
    const { body } = await cloud.call("GET", `${secrets}/jwt`);
    expect(body).toMatchObject({ name: `projects/${number}/secrets/jwt`, replication: { automatic: {} } });
  });

  test("a secret is found by the project's number too", async () => {
    const { status } = await cloud.call("GET", `/v1/projects/${number}/secrets/jwt`);
    expect(status).toBe(200);
  });

  test("creating what exists is refused", async () => {
    const { status, body } = await cloud.call("POST", `${secrets}?secretId=jwt`, {
      replication: { automatic: {} },
    });
    expect(status).toBe(409);
    expect(body).toEqual({
      error: {
        code: 409,
        status: "ALREADY_EXISTS",
        message: `Secret [projects/${number}/secrets/jwt] already exists.`,
      },
    });
  });

  test("a malformed name is refused", async () => {
    const { status, message } = await cloud.call("POST", `${secrets}?secretId=a.b`, {
      replication: { automatic: {} },
    });
    expect(status).toBe(400);
    expect(message).toContain("does not match the expected format");
  });

  test("replication cannot be changed", async () => {
    const { status } = await cloud.call("PATCH", `${secrets}/jwt?updateMask=replication`, {
      replication: {},
    });
    expect(status).toBe(400);
  });

  test("a secret whose time has come is gone for good", async () => {
    await cloud.call("POST", `${secrets}?secretId=short`, { replication: { automatic: {} }, ttl: "0s" });
    expect(await cloud.call("GET", `${secrets}/short`)).toMatchObject({ status: 404 });
  });

  test("a number no project of the sandbox has is refused", async () => {
    expect(await cloud.call("GET", "/v1/projects/1/secrets/jwt")).toMatchObject({ status: 403 });
  });

  test("an API that must be enabled answers only then", async () => {
    await using strict = await TestCloud.start({ apisMustBeEnabled: true });
    const refused = await strict.call("GET", `${secrets}/jwt`);
    expect(refused.status).toBe(403);
    expect(refused.message).toContain("Secret Manager API has not been used in project");
    await strict.call("POST", "/v1/projects/demo-staging/services/secretmanager.googleapis.com:enable");
    expect(await strict.call("GET", `${secrets}/jwt`)).toMatchObject({ status: 404 });
  });
});

describe("versions", () => {
  test("they count from 1 and give back their payload with its checksum", async () => {
    await cloud.addVersion("jwt", "another");
    const { body } = await cloud.call("GET", `${secrets}/jwt/versions/1:access`);
    expect(body).toEqual({
      name: `projects/${number}/secrets/jwt/versions/1`,
      payload: {
        data: Buffer.from(value).toString("base64"),
        dataCrc32c: String(crc32c(Buffer.from(value))),
      },
    });
    expect((await cloud.call("GET", `${secrets}/jwt/versions`)).body.totalSize).toBe(2);
  });

  test("a version that was never added is refused", async () => {
    const { status, message } = await cloud.call("GET", `${secrets}/jwt/versions/2:access`);
    expect([status, message]).toEqual([
      404,
      `Secret Version [projects/${number}/secrets/jwt/versions/2] not found.`,
    ]);
  });

  test("a disabled version is not given out, and is again once enabled", async () => {
    await cloud.call("POST", `${secrets}/jwt/versions/1:disable`);
    const { status, message } = await cloud.call("GET", `${secrets}/jwt/versions/1:access`);
    expect([status, message]).toEqual([
      400,
      `Secret Version [projects/${number}/secrets/jwt/versions/1] is in DISABLED state.`,
    ]);
    await cloud.call("POST", `${secrets}/jwt/versions/1:enable`);
    expect(await cloud.call("GET", `${secrets}/jwt/versions/1:access`)).toMatchObject({ status: 200 });
  });

  test("latest is the highest number, even when that is destroyed", async () => {
    await cloud.addVersion("jwt", "another");
    await cloud.call("POST", `${secrets}/jwt/versions/2:destroy`);
    expect((await cloud.call("GET", `${secrets}/jwt/versions/latest:access`)).message).toContain("DESTROYED");
    expect(await cloud.call("POST", `${secrets}/jwt/versions/2:enable`)).toMatchObject({ status: 400 });
  });

  test("a member without the role cannot read, one with it can", async () => {
    const email = await cloud.account("e2e-tests");
    const as = { authorization: `Bearer member:serviceAccount:${email}` };
    const refused = await cloud.call("GET", `${secrets}/jwt/versions/1:access`, undefined, as);
    expect(refused.status).toBe(403);
    expect(refused.message).toContain("Permission 'secretmanager.versions.access' denied for resource");
    await cloud.grant("jwt", `serviceAccount:${email}`);
    expect(await cloud.call("GET", `${secrets}/jwt/versions/1:access`, undefined, as)).toMatchObject({
      status: 200,
    });
  });
});

describe("grants", () => {
  test("a service account that does not exist cannot be granted anything", async () => {
    const { status, message } = await cloud.call("POST", `${secrets}/jwt:setIamPolicy`, {
      policy: {
        bindings: [
          { role: "roles/viewer", members: ["serviceAccount:no@demo-staging.iam.gserviceaccount.com"] },
        ],
      },
    });
    expect([status, message]).toEqual([
      400,
      "Service account no@demo-staging.iam.gserviceaccount.com does not exist.",
    ]);
  });

  test("a policy that changed in between is not overwritten", async () => {
    const { body: policy } = await cloud.call("GET", `${secrets}/jwt:getIamPolicy`);
    await cloud.grant("jwt", "user:someone@example.com");
    const { status, body } = await cloud.call("POST", `${secrets}/jwt:setIamPolicy`, { policy });
    expect(status).toBe(409);
    expect(body).toMatchObject({ error: { status: "ABORTED" } });
  });

  test("a deleted account's grants do not come back with its name", async () => {
    const email = await cloud.account("auth-staging");
    await cloud.grant("jwt", `serviceAccount:${email}`);
    await cloud.call("DELETE", `/v1/projects/demo-staging/serviceAccounts/${email}`);
    await cloud.account("auth-staging");
    const as = { authorization: `Bearer member:serviceAccount:${email}` };
    expect(await cloud.call("GET", `${secrets}/jwt/versions/1:access`, undefined, as)).toMatchObject({
      status: 403,
    });
    expect(cloud.cloud.describe().secrets[0]?.grants[0]?.member).toMatch(
      /^deleted:serviceAccount:auth-staging@.*\?uid=/,
    );
  });
});
