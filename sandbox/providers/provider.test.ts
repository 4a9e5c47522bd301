import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { projectNumber } from "../cloud/projects.ts";
import { initFailure, type State, TestEngine } from "./testing.ts";
import { isPlainObject, type Properties, secret, UNKNOWN } from "./values.ts";

const types = {
  secret: "gcp:secretmanager/secret:Secret",
  version: "gcp:secretmanager/secretVersion:SecretVersion",
  grant: "gcp:secretmanager/secretIamMember:SecretIamMember",
  account: "gcp:serviceaccount/account:Account",
  service: "gcp:cloudrunv2/service:Service",
  password: "random:index/randomPassword:RandomPassword",
};
const number = projectNumber("demo-staging");
const secretId = "projects/demo-staging/secrets/jwt";
const jwt = { secretId: "jwt", replication: { auto: {} }, labels: { environment: "staging" } };
let engine: TestEngine;
let value: string;

beforeEach(async () => {
  value = randomBytes(48).toString("base64url");
  engine = await TestEngine.start();
});
afterEach(() => engine[Symbol.asyncDispose]());

/** Everything a service needs, and the service's inputs. */
async function foundations(version = "1"): Promise<Properties> {
  await engine.create(types.secret, "jwt", jwt);
  await engine.create(types.version, "g1", { secret: secretId, secretData: secret(value) });
  const account = await engine.create(types.account, "auth", { accountId: "auth-staging" });
  await engine.create(types.grant, "auth", {
    secretId: "jwt",
    role: "roles/secretmanager.secretAccessor",
    member: account.outputs.member ?? "",
  });
  const reference = { secretKeyRef: { secret: "jwt", version } };
  return {
    name: "auth-staging",
    location: "us-central1",
    deletionProtection: false,
    template: {
      serviceAccount: account.outputs.email ?? "",
      containers: [
        {
          image: "us-docker.pkg.dev/cloudrun/container/hello",
          envs: [
            { name: "JWT_SECRET_KEY", valueSource: reference },
            { name: "ENVIRONMENT", value: "staging" },
          ],
        },
      ],
    },
  };
}

describe("a preview knows what the real provider knows", () => {
  test("of a secret its ID, not its name", async () => {
    const { id, outputs } = await engine.create(types.secret, "jwt", jwt, true);
    expect(id).toBe("");
    expect(outputs).toMatchObject({ secretId: "jwt", project: "demo-staging", name: UNKNOWN });
    expect(outputs).not.toHaveProperty("id");
  });

  test("of a version nothing but its inputs, and keeps the value secret", async () => {
    const inputs = { secret: UNKNOWN, secretData: secret(value) };
    const { outputs } = await engine.create(types.version, "g1", inputs, true);
    expect(outputs).toMatchObject({
      version: UNKNOWN,
      name: UNKNOWN,
      secretData: secret(value),
      enabled: true,
    });
  });

  test("of an account its email", async () => {
    const { outputs } = await engine.create(types.account, "auth", { accountId: "auth-staging" }, true);
    const email = "auth-staging@demo-staging.iam.gserviceaccount.com";
    expect(outputs).toMatchObject({ email, member: `serviceAccount:${email}`, uniqueId: UNKNOWN });
  });

  test("and it changes nothing", async () => {
    await engine.create(types.secret, "jwt", jwt, true);
    expect(engine.cloud.cloud.calls()).toBe(0);
  });
});

describe("IDs and outputs are the real provider's", () => {
  test("of each type", async () => {
    const service = await engine.create(types.service, "auth", await foundations());
    const known = await engine.read(types.version, "g1", {
      id: `projects/${number}/secrets/jwt/versions/1`,
      inputs: {},
      outputs: {},
    });
    expect(service.id).toBe("projects/demo-staging/locations/us-central1/services/auth-staging");
    expect(service.outputs).toMatchObject({
      uri: `https://auth-staging-${number}.us-central1.run.app`,
      generation: "1",
      project: "demo-staging",
    });
    expect(known.outputs).toMatchObject({ version: "1", name: `projects/${number}/secrets/jwt/versions/1` });
    expect(known.outputs.secretData).toEqual(secret(value));
  });

  test("env comes back sorted by name, with an empty value beside a reference", async () => {
    const { outputs } = await engine.create(types.service, "auth", await foundations());
    expect(outputs).toMatchObject({
      template: {
        containers: [
          {
            envs: [
              { name: "ENVIRONMENT", value: "staging", valueSource: null },
              { name: "JWT_SECRET_KEY", value: "" },
            ],
          },
        ],
      },
    });
  });

  test("a project's number is told by getProject", async () => {
    expect(await engine.invoke("gcp:organizations/getProject:getProject", {})).toMatchObject({
      projectId: "demo-staging",
      number,
    });
  });
});

describe("check", () => {
  test("refuses an unknown property, however deep", async () => {
    const inputs = { ...jwt, replication: { auto: {}, everywhere: true } };
    const { problems } = await engine.check(types.secret, "jwt", inputs);
    expect(problems).toEqual(["Invalid or unknown key. Examine values at 'jwt.replication.everywhere'."]);
  });

  test("refuses a missing one", async () => {
    const { problems } = await engine.check(types.grant, "auth", { secretId: "jwt", role: "roles/viewer" });
    expect(problems).toEqual([
      `Missing required argument. The argument "member" is required, but no definition was found.. Examine values at 'auth.member'.`,
    ]);
  });

  test("fills in defaults and says so", async () => {
    const { inputs } = await engine.check(types.version, "g1", {
      secret: secretId,
      secretData: secret(value),
    });
    expect(inputs).toEqual({
      __defaults: ["enabled"],
      enabled: true,
      secret: secretId,
      secretData: secret(value),
    });
  });

  test("makes a name up once", async () => {
    const first = await engine.check(types.account, "auth", {});
    expect(first.inputs).toEqual({ __defaults: ["accountId"], accountId: "auth-0123456" });
    const inputs = { ...first.inputs, accountId: "auth-7777777" };
    expect((await engine.check(types.account, "auth", {}, inputs)).inputs.accountId).toBe("auth-7777777");
  });
});

describe("diff", () => {
  const changesOf = async (type: string, state: State, news: Properties) => {
    const { inputs } = await engine.check(type, "x", news, state.inputs);
    return await engine.diff(type, "x", state, inputs);
  };

  test("of equal inputs is empty, for every type", async () => {
    const inputs = await foundations();
    const service = await engine.create(types.service, "auth", inputs);
    expect(await changesOf(types.service, service, inputs)).toEqual({
      changed: {},
      replaces: [],
      deleteFirst: false,
    });
  });

  test("a label is updated in place, another name replaces", async () => {
    const state = await engine.create(types.secret, "jwt", jwt);
    expect(await changesOf(types.secret, state, { ...jwt, labels: { environment: "production" } })).toEqual({
      changed: { "labels.environment": 4 },
      replaces: [],
      deleteFirst: false,
    });
    const renamed = await changesOf(types.secret, state, { ...jwt, secretId: "other" });
    expect(renamed).toMatchObject({ replaces: ["secretId"], deleteFirst: false });
    const moved = await changesOf(types.secret, state, {
      ...jwt,
      replication: { userManaged: { replicas: [{ location: "us-east1" }] } },
    });
    expect(moved).toMatchObject({ replaces: ["replication"], deleteFirst: true });
  });

  test("another value replaces a version; the secret's other spelling does not", async () => {
    await engine.create(types.secret, "jwt", jwt);
    const state = await engine.create(types.version, "g1", { secret: secretId, secretData: secret(value) });
    const other = { secret: `projects/${number}/secrets/jwt`, secretData: secret(value) };
    expect((await changesOf(types.version, state, other)).changed).toEqual({});
    const rotated = await changesOf(types.version, state, { ...other, secretData: secret("next") });
    expect(rotated).toMatchObject({ changed: { secretData: 5 }, replaces: ["secretData"] });
  });

  test("one variable more shows as one variable more", async () => {
    const inputs = await foundations();
    const state = await engine.create(types.service, "auth", inputs);
    const template = inputs.template;
    if (!isPlainObject(template) || !Array.isArray(template.containers)) throw new Error("no containers");
    const [container] = template.containers;
    if (!isPlainObject(container) || !Array.isArray(container.envs)) throw new Error("no envs");
    const envs = [...container.envs, { name: "LOG_LEVEL", value: "debug" }];
    const news = { ...inputs, template: { ...template, containers: [{ ...container, envs }] } };
    expect((await changesOf(types.service, state, news)).changed).toEqual({
      "template.containers[0].envs[2]": 0,
    });
  });
});

describe("refresh", () => {
  test("of what did not change gives back the same inputs", async () => {
    const state = await engine.create(types.service, "auth", await foundations());
    expect((await engine.read(types.service, "auth", state)).inputs).toEqual(state.inputs);
  });

  test("shows what somebody changed", async () => {
    const state = await engine.create(types.service, "auth", await foundations());
    const path = `/v2/${state.id}`;
    const { body } = await engine.cloud.call("GET", path);
    const changed = JSON.parse(JSON.stringify(body).replace('"version":"1"', '"version":"latest"'));
    await engine.cloud.call("PATCH", path, changed);
    const drifted = await engine.read(types.service, "auth", state);
    expect((await engine.diff(types.service, "auth", drifted, state.inputs)).changed).toEqual({
      "template.containers[0].envs[0].valueSource.secretKeyRef.version": 4,
    });
  });

  test("shows a setting somebody added", async () => {
    const state = await engine.create(types.service, "auth", await foundations());
    const { body } = await engine.cloud.call("GET", `/v2/${state.id}`);
    await engine.cloud.call("PATCH", `/v2/${state.id}`, { ...body, invokerIamDisabled: true });
    const drifted = await engine.read(types.service, "auth", state);
    expect((await engine.diff(types.service, "auth", drifted, state.inputs)).changed).toEqual({
      invokerIamDisabled: 2,
    });
  });

  test("says what is gone", async () => {
    const state = await engine.create(types.secret, "jwt", jwt);
    await engine.cloud.call("DELETE", `/v1/${secretId}`);
    expect((await engine.read(types.secret, "jwt", state)).id).toBe("");
  });

  test("an import reads what is there, and the program's own inputs then differ in nothing", async () => {
    const inputs = await foundations();
    const { id } = await engine.create(types.service, "auth", inputs);
    const imported = await engine.read(types.service, "auth", { id, inputs: {}, outputs: {} });
    const news = await engine.check(types.service, "auth", inputs);
    const { changed } = await engine.diff(types.service, "auth", imported, news.inputs);
    // What lives in the provider alone cannot be read.
    expect(changed).toEqual({ deletionProtection: 0 });
  });
});

describe("delete", () => {
  test("of a protected service is refused in the real provider's words", async () => {
    const inputs = { ...(await foundations()), deletionProtection: true };
    const state = await engine.create(types.service, "auth", inputs);
    await expect(engine.delete(types.service, "auth", state)).rejects.toThrow(
      /"auth-staging": cannot destroy service without setting deletion_protection=false/,
    );
    const open = await engine.update(types.service, "auth", state, { ...inputs, deletionProtection: false });
    await engine.delete(types.service, "auth", open);
    expect(engine.cloud.cloud.describe().services).toEqual([]);
  });

  test("of a protected secret is refused", async () => {
    const state = await engine.create(types.secret, "jwt", { ...jwt, deletionProtection: true });
    await expect(engine.delete(types.secret, "jwt", state)).rejects.toThrow(
      /"jwt": cannot destroy secret manager secret without setting deletion_protection=false/,
    );
  });

  test.each([
    ["DELETE", "DESTROYED"],
    ["DISABLE", "DISABLED"],
    ["ABANDON", "ENABLED"],
  ])("of a version under the policy %s leaves it %s", async (deletionPolicy, left) => {
    await engine.create(types.secret, "jwt", jwt);
    const state = await engine.create(types.version, "g1", {
      secret: secretId,
      secretData: secret(value),
      deletionPolicy,
    });
    await engine.delete(types.version, "g1", state);
    expect(engine.cloud.cloud.describe().secrets[0]?.versions).toEqual([{ number: 1, state: left }]);
  });

  test("of a grant leaves the others", async () => {
    await foundations();
    const grant = {
      secretId: "jwt",
      role: "roles/secretmanager.secretAccessor",
      member: "user:someone@example.com",
    };
    const state = await engine.create(types.grant, "someone", grant);
    await engine.delete(types.grant, "someone", state);
    expect(engine.cloud.cloud.describe().secrets[0]?.grants.map(({ member }) => member)).toEqual([
      "serviceAccount:auth-staging@demo-staging.iam.gserviceaccount.com",
    ]);
  });
});

describe("a service whose revision is not ready", () => {
  test("is kept with its error, and an update tries again", async () => {
    const inputs = await foundations("2");
    const failure = initFailure(
      await engine.create(types.service, "auth", inputs).catch((cause: unknown) => cause),
    );
    expect(failure.id).toBe("projects/demo-staging/locations/us-central1/services/auth-staging");
    expect(failure.reasons).toEqual([
      `Error waiting to create Service "auth-staging": Error waiting for Creating Service: Error code 9, message: spec.template.spec.containers[0].env[0].value_from.secret_key_ref.name: Secret projects/${number}/secrets/jwt/versions/2 was not found`,
    ]);
    await engine.create(types.version, "g2", { secret: secretId, secretData: secret("next") });
    const state = await engine.update(types.service, "auth", failure, inputs);
    expect(state.outputs.latestReadyRevision).toBe(state.outputs.latestCreatedRevision);
  });
});

describe("what an earlier run made before it was killed", () => {
  const g1 = () => ({ secret: secretId, secretData: secret(value) });

  test("is taken over by the same operation", async () => {
    const inputs = await foundations();
    const service = await engine.create(types.service, "auth", inputs);
    await engine.attach();
    expect((await engine.create(types.secret, "jwt", jwt)).id).toBe(secretId);
    expect((await engine.create(types.version, "g1", g1())).outputs.version).toBe("1");
    expect((await engine.create(types.service, "auth", inputs)).id).toBe(service.id);
    const described = engine.cloud.cloud.describe();
    expect(described.secrets[0]?.versions).toHaveLength(1);
    expect(described.services[0]?.revisions).toHaveLength(1);
  });

  test("is not taken over with other inputs", async () => {
    await engine.create(types.secret, "jwt", jwt);
    await engine.create(types.version, "g1", g1());
    await engine.attach();
    await expect(engine.create(types.secret, "jwt", { ...jwt, labels: {} })).rejects.toThrow(
      `Error creating Secret "jwt": googleapi: Error 409: Secret [projects/${number}/secrets/jwt] already exists.`,
    );
    expect(
      (await engine.create(types.version, "g1", { ...g1(), secretData: secret("next") })).outputs.version,
    ).toBe("2");
  });

  test("is not taken over by another resource, nor when somebody else made it", async () => {
    await engine.create(types.secret, "jwt", jwt);
    await engine.cloud.call("POST", "/v1/projects/demo-staging/secrets?secretId=theirs", {
      replication: { automatic: {} },
    });
    await engine.attach();
    await expect(engine.create(types.secret, "another", jwt)).rejects.toThrow(/already exists/);
    await expect(engine.create(types.secret, "theirs", { ...jwt, secretId: "theirs" })).rejects.toThrow(
      /already exists/,
    );
  });

  test("is not taken over within one run: there the second attempt is refused as on Google Cloud", async () => {
    await engine.create(types.secret, "jwt", jwt);
    await expect(engine.create(types.secret, "jwt", jwt)).rejects.toThrow(/already exists/);
  });

  test("is not taken over once the engine's state was seen to hold it", async () => {
    const state = await engine.create(types.secret, "jwt", jwt);
    const version = await engine.create(types.version, "g1", g1());
    await engine.attach();
    await engine.diff(types.secret, "jwt", state, state.inputs);
    await engine.diff(types.version, "g1", version, version.inputs);
    await expect(engine.create(types.secret, "jwt", jwt)).rejects.toThrow(/already exists/);
    expect((await engine.create(types.version, "g1", g1())).outputs.version).toBe("2");
  });
});

describe("RandomPassword", () => {
  test("is a secret of the length asked for, with the ID none, and never the same twice", async () => {
    const made = await Promise.all(
      [1, 2].map(() => engine.create(types.password, "value", { length: 86, special: false })),
    );
    const values = made.map(({ outputs }) =>
      isPlainObject(outputs.result) ? outputs.result.value : undefined,
    );
    expect(made.map(({ id }) => id)).toEqual(["none", "none"]);
    expect(made[0]?.outputs.result).toEqual(secret(values[0] ?? ""));
    expect(values[0]).toMatch(/^[A-Za-z0-9]{86}$/);
    expect(values[0]).not.toBe(values[1]);
  });

  test("holds at least the characters asked for, and of the special ones only those given", async () => {
    const inputs = {
      length: 8,
      minNumeric: 2,
      minUpper: 2,
      minLower: 2,
      minSpecial: 2,
      overrideSpecial: "-_",
    };
    const { outputs } = await engine.create(types.password, "value", inputs);
    const made = isPlainObject(outputs.result) ? String(outputs.result.value) : "";
    expect([...made].filter((character) => "-_".includes(character))).toHaveLength(2);
    expect(made.match(/\d/g)).toHaveLength(2);
  });

  test("is unknown in a preview, and refused when it cannot be", async () => {
    const { outputs } = await engine.create(types.password, "value", { length: 86 }, true);
    expect(outputs.result).toEqual(secret(UNKNOWN));
    expect((await engine.check(types.password, "value", { length: 2, minLower: 3 })).problems).toHaveLength(
      1,
    );
  });
});

describe("a call that fails names its resource", () => {
  test.each([
    ["429", `Error creating Secret "jwt": googleapi: Error 429: Quota exceeded`],
    ["500", `Error creating Secret "jwt": googleapi: Error 500: Internal error encountered.`],
    ["503", `Error creating Secret "jwt": googleapi: Error 503: The service is currently unavailable.`],
    ["drop", `Error creating Secret "jwt": POST /v1/projects/demo-staging/secrets: the connection was lost`],
    ["timeout", `Error creating Secret "jwt": POST /v1/projects/demo-staging/secrets: no answer within 3 s`],
  ] as const)("after %s, and the next run converges", async (fault, words) => {
    const patience = fault === "timeout" ? 3 : undefined;
    await using failing = await TestEngine.start({ faults: { at: 1, do: fault } }, patience);
    await expect(failing.create(types.secret, "jwt", jwt)).rejects.toThrow(words);
    await using next = await TestEngine.start({ directory: failing.cloud.directory });
    expect((await next.create(types.secret, "jwt", jwt)).id).toBe(secretId);
    expect(next.cloud.cloud.describe().secrets).toHaveLength(1);
  });
});
