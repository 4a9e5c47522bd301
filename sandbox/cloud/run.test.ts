import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { projectNumber } from "./projects.ts";
import { reference, serviceBody, services, TestCloud } from "./testing.ts";

const number = projectNumber("demo-staging");
let cloud: TestCloud;
let account: string;
let clock: Date;

beforeEach(async () => {
  clock = new Date("2026-01-01T00:00:00Z");
  cloud = await TestCloud.start({ delayGrantsSeconds: 60, now: () => clock });
  await cloud.secret("jwt", "a value");
  account = await cloud.account("auth-staging");
  await cloud.grant("jwt", `serviceAccount:${account}`);
  clock = new Date("2026-01-01T01:00:00Z");
});
afterEach(() => cloud[Symbol.asyncDispose]());

const right = () => serviceBody(account, [reference("JWT_SECRET_KEY", "jwt", "1")]);
const create = (body: object) => cloud.call("POST", `${services}?serviceId=auth`, body);
const described = () => cloud.cloud.describe().services[0];

describe("a service", () => {
  test("comes up with its first revision and a URL known beforehand", async () => {
    const { body } = await create(right());
    expect(body).toMatchObject({
      done: true,
      response: { generation: "1", uri: `https://auth-${number}.us-central1.run.app` },
    });
    expect(described()?.latestReadyRevision).toMatch(/^auth-00001-\w{3}$/);
    expect(described()?.revisions[0]?.references).toEqual([
      { variable: "JWT_SECRET_KEY", secret: "jwt", version: "1" },
    ]);
  });

  test("gets another revision when its template changes, and none otherwise", async () => {
    await create(right());
    await cloud.call("PATCH", `${services}/auth`, { ...right(), description: "new words" });
    expect(described()?.revisions).toHaveLength(1);
    await cloud.call(
      "PATCH",
      `${services}/auth`,
      serviceBody(account, [{ name: "LOG_LEVEL", value: "debug" }]),
    );
    expect(described()?.revisions).toHaveLength(2);
    expect(described()?.latestReadyRevision).toMatch(/^auth-00003-/);
  });

  test("that exists is not created again", async () => {
    await create(right());
    expect(await create(right())).toMatchObject({ status: 409, message: "Resource 'auth' already exists." });
  });

  test("can send its traffic back to an earlier revision, but not to one that never was", async () => {
    await create(right());
    const first = described()?.latestReadyRevision;
    const traffic = (revision: string | undefined) => [
      { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", revision, percent: 100 },
    ];
    await cloud.call("PATCH", `${services}/auth`, serviceBody(account, []));
    await cloud.call("PATCH", `${services}/auth?updateMask=traffic`, { traffic: traffic(first) });
    expect(described()?.traffic).toEqual([{ revision: first, percent: 100 }]);
    const refused = await cloud.call("PATCH", `${services}/auth?updateMask=traffic`, {
      traffic: traffic("auth-9"),
    });
    expect(refused.message).toContain("Revision 'auth-9' does not exist or is deleted.");
  });
});

describe("a revision is not ready", () => {
  const failure = async (body: object) => (await create(body)).body.error;
  const place = "spec.template.spec.containers[0].env[0].value_from.secret_key_ref.name";

  test("without a grant, and the service stays without it", async () => {
    const other = await cloud.account("backend-staging");
    expect(await failure(serviceBody(other, [reference("JWT_SECRET_KEY", "jwt", "1")]))).toEqual({
      code: 9,
      message: `${place}: Permission denied on secret: projects/${number}/secrets/jwt/versions/1 for Revision service account ${other}. The service account used must be granted the 'Secret Manager Secret Accessor' role (roles/secretmanager.secretAccessor) at the secret, project or higher level.`,
    });
    expect(described()).toMatchObject({ latestReadyRevision: undefined, revisions: [{ ready: false }] });
  });

  test("until a fresh grant works", async () => {
    const other = await cloud.account("backend-staging");
    const body = serviceBody(other, [reference("JWT_SECRET_KEY", "jwt", "1")]);
    await cloud.grant("jwt", `serviceAccount:${other}`);
    expect(await failure(body)).toMatchObject({
      message: expect.stringContaining("Permission denied on secret"),
    });
    clock = new Date("2026-01-01T01:01:00Z");
    expect((await cloud.call("PATCH", `${services}/auth`, body)).body).toHaveProperty("response");
    expect(described()?.revisions.map(({ ready }) => ready)).toEqual([false, true]);
  });

  test("with a version that does not exist", async () => {
    expect(await failure(serviceBody(account, [reference("JWT_SECRET_KEY", "jwt", "7")]))).toEqual({
      code: 9,
      message: `${place}: Secret projects/${number}/secrets/jwt/versions/7 was not found`,
    });
  });

  test("with a version that is disabled", async () => {
    await cloud.call("POST", "/v1/projects/demo-staging/secrets/jwt/versions/1:disable");
    expect(await failure(right())).toMatchObject({
      message: expect.stringContaining("is in DISABLED state"),
    });
  });

  test("with a mounted secret it cannot read", async () => {
    const body = serviceBody(account, []);
    body.template.volumes = [
      { name: "keys", secret: { secret: "other", items: [{ path: "key", version: "1" }] } },
    ];
    expect(await failure(body)).toMatchObject({
      message: expect.stringContaining("secrets/other/versions/1 was not found"),
    });
  });

  test("and then the one before keeps serving", async () => {
    await create(right());
    const before = described()?.latestReadyRevision;
    await cloud.call(
      "PATCH",
      `${services}/auth`,
      serviceBody(account, [reference("JWT_SECRET_KEY", "jwt", "7")]),
    );
    expect(described()).toMatchObject({
      latestReadyRevision: before,
      traffic: [{ revision: before, percent: 100 }],
    });
    expect(described()?.latestCreatedRevision).not.toBe(before);
  });
});

describe("nothing is made", () => {
  afterEach(() => expect(cloud.cloud.describe().services).toEqual([]));

  test.each([
    [
      "of a variable with both a value and a reference",
      [{ ...reference("A", "jwt", "1"), value: "x" }],
      "only one of value and value_source",
    ],
    ["of a malformed secret name", [reference("A", "projects//secrets/x", "1")], "must be in the form"],
    ["of a malformed version", [reference("A", "jwt", "1.0")], "must be latest, a number or an alias"],
    [
      "of a name Cloud Run sets itself",
      [{ name: "PORT", value: "80" }],
      "reserved env names were provided: PORT",
    ],
  ])("%s", async (_what, env, words) => {
    const { status, message } = await create(serviceBody(account, env));
    expect(status).toBe(400);
    expect(message).toContain(words);
  });

  test("for an account that does not exist", async () => {
    const { status, message } = await create(serviceBody("no@demo-staging.iam.gserviceaccount.com", []));
    expect(status).toBe(403);
    expect(message).toContain("Permission 'iam.serviceaccounts.actAs' denied on service account no@");
  });

  test("under a malformed name", async () => {
    expect(await cloud.call("POST", `${services}?serviceId=Auth`, right())).toMatchObject({ status: 400 });
  });
});
