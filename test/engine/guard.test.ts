/** The guard on the real engine: doctored programs are refused before any service is touched, right ones pass. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Doctoring, Programs } from "./guard/programs.ts";
import type { Job, Outcome } from "./guard/runner.ts";

const imports = `
import * as pulumi from "@pulumi/pulumi";
import { Service } from "@pulumi/gcp/cloudrunv2/service.js";
import { Job } from "@pulumi/gcp/cloudrunv2/job.js";
import { WorkerPool } from "@pulumi/gcp/cloudrunv2/workerPool.js";
import { Service as ServiceV1 } from "@pulumi/gcp/cloudrun/service.js";
import { Secret } from "@pulumi/gcp/secretmanager/secret.js";
import { SecretVersion } from "@pulumi/gcp/secretmanager/secretVersion.js";

const location = "us-central1";
const image = "us-docker.pkg.dev/cloudrun/container/hello";
const from = (secret, version = "1") => ({ name: "JWT_SECRET_KEY", valueSource: { secretKeyRef: { secret, version } } });
const plain = { name: "ENVIRONMENT", value: "staging" };
const template = (...envs) => ({ containers: [{ image, envs: [plain, ...envs] }] });
const elsewhere = template(from("another-secret"));

/** Rewrites the variables of a service's only container. */
const withEnvs = (props, change) => ({
  ...props,
  template: pulumi.output(props.template).apply((template) => ({
    ...template,
    containers: template.containers.map((container) => ({ ...container, envs: change(container.envs) })),
  })),
});
const is = ({ type, name }, role) => type === "gcp:cloudrunv2/service:Service" && name === role;
const onReference = (envs, change) =>
  envs.map((env) =>
    env.valueSource ? { ...env, valueSource: { secretKeyRef: { ...env.valueSource.secretKeyRef, ...change } } } : env,
  );
/** A transformation or a transform of one service's variables. */
const on = (role, change) => (args) =>
  is(args, role) ? { props: withEnvs(args.props, change), opts: args.opts } : undefined;
const toAnother = (envs) => onReference(envs, { secret: "another-secret" });
`;

const transformation = (change: string) =>
  `pulumi.runtime.registerStackTransformation(on("auth", ${change}));`;
/** On the service that is registered first: what only the engine's order reveals cannot undo an earlier one. */
const transform = (change: string, role = "backend") =>
  `pulumi.runtime.registerResourceTransform(on("${role}", ${change}));`;
const rewritten = (change: string): Doctoring => ({ early: transformation(change) });

interface Case extends Doctoring {
  /** How the one line begins. */
  says: RegExp;
  job?: Partial<Job>;
}

const another = /^(same-jwt-secret|jwt-secret-declared): .*reads .*another-secret/;
const authUrn =
  "urn:pulumi:staging::jwt-secret::jwt-secret:infrastructure:JwtEnvironment$jwt-secret:infrastructure:CloudRunService$gcp:cloudrunv2/service:Service::auth";

const refused: Record<string, Case> = {
  "another secret on one service": { ...rewritten("toAnother"), says: another },
  "a literal": {
    ...rewritten(
      `(envs) => envs.map((env) => (env.valueSource ? { name: env.name, value: "x".repeat(64) } : env))`,
    ),
    says: /^no-plaintext-jwt-secret: auth-staging/,
  },
  latest: {
    ...rewritten(`(envs) => onReference(envs, { version: "latest" })`),
    says: /^(same-jwt-secret-version|pinned-jwt-secret-version): .*auth-staging reads .*@latest/,
  },
  "no variable at all": {
    ...rewritten("(envs) => envs.filter(({ valueSource }) => !valueSource)"),
    says: /^jwt-secret-injected: auth-staging carries no JWT variable/,
  },
  "one variable missing": {
    ...rewritten(`(envs) => envs.filter(({ name }) => name !== "JWT_SECRET_STAGING")`),
    says: /^jwt-secret-injected: auth-staging carries no JWT_SECRET_STAGING/,
  },
  "a second variable to another secret": {
    ...rewritten(`(envs) => [...envs, { ...from("another-secret"), name: "JWT_SECRET_LEGACY" }]`),
    says: /^single-jwt-reference: auth-staging carries .*another-secret/,
  },
  "the secret of another project": {
    ...rewritten(
      `(envs) => onReference(envs, { secret: "projects/another-project/secrets/jwt-secret-staging" })`,
    ),
    says: /^same-jwt-secret: auth-staging reads .*another-project\/jwt-secret-staging/,
  },
  "another secret on both services, when one is targeted": {
    early: `pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
      type === "gcp:cloudrunv2/service:Service" ? { props: withEnvs(props, toAnother), opts } : undefined);`,
    job: { target: [authUrn] },
    says: /^jwt-secret-declared: .* reads .*another-secret/,
  },
  "another secret on a service that is replaced": {
    early: `pulumi.runtime.registerStackTransformation((args) => args.type === "gcp:cloudrunv2/service:Service"
      ? { props: { ...withEnvs(args.props, toAnother), location: "europe-west1" }, opts: args.opts } : undefined);`,
    says: /^jwt-secret-declared: .* reads .*another-secret/,
  },
  "another secret, made in the program and named by its id": {
    late: `
      const other = new Secret("other", { secretId: "another-secret", replication: { auto: {} } });
      const first = new SecretVersion("other", { secret: other.id, secretData: "x".repeat(64) });
      new Service("worker", { location, template: template(from(other.id, first.version)) });`,
    says: another,
  },
  "the same with one operation at a time": {
    late: `
      const other = new Secret("other", { secretId: "another-secret", replication: { auto: {} } });
      const first = new SecretVersion("other", { secret: other.id, secretData: "x".repeat(64) });
      new Service("worker", { location, template: template(from(other.id, first.version)) });`,
    job: { parallel: 1 },
    says: another,
  },
  "a service beside ours": {
    late: `new Service("worker", { location, template: elsewhere });`,
    says: another,
  },
  "a service before ours": {
    early: `new Service("worker", { location, template: elsewhere });`,
    says: another,
  },
  "a service in a component": {
    late: `
      class Workers extends pulumi.ComponentResource {
        constructor() {
          super("test:Workers", "workers");
          new Service("worker", { location, template: elsewhere }, { parent: this });
        }
      }
      new Workers();`,
    says: another,
  },
  "a service with a provider of another project": {
    imports: `import { Provider } from "@pulumi/gcp/provider.js";`,
    late: `new Service("worker", { location, template: template(from("jwt-secret-staging")) }, { provider: new Provider("other", { project: "another-project" }) });`,
    says: /^same-jwt-secret: .*worker reads .*another-project\/jwt-secret-staging/,
  },
  "a v1 service": {
    late: `new ServiceV1("worker", { location, template: { spec: { containers: [{ image, envs: [plain,
      { name: "JWT_SECRET_KEY", valueFrom: { secretKeyRef: { name: "another-secret", key: "1" } } }] }] } } });`,
    says: another,
  },
  "a v1 service with an alias for another project's secret": {
    late: `new ServiceV1("worker", { location, template: {
      metadata: { annotations: { "run.googleapis.com/secrets": "jwt-secret-staging:projects/another-project/secrets/jwt-secret-staging" } },
      spec: { containers: [{ image, envs: [plain,
        { name: "JWT_SECRET_KEY", valueFrom: { secretKeyRef: { name: "jwt-secret-staging", key: "1" } } }] }] } } });`,
    says: /^same-jwt-secret: .*worker reads .*another-project\/jwt-secret-staging/,
  },
  "a job": {
    late: `new Job("worker", { location, template: { template: elsewhere } });`,
    says: another,
  },
  "a worker pool": {
    late: `new WorkerPool("worker", { location, template: elsewhere });`,
    says: another,
  },
  "a mounted file": {
    late: `new Service("worker", { location, template: {
      containers: [{ image, envs: [plain], volumeMounts: [{ name: "keys", mountPath: "/keys" }] }],
      volumes: [{ name: "keys", secret: { secret: "another-secret", items: [{ path: "jwt-secret", version: "1" }] } }] } });`,
    says: another,
  },
  "a transformation registered before the guard": { first: transformation("toAnother"), says: another },
  "a transformation registered at the end": {
    early: `Promise.resolve().then(() => { ${transformation("toAnother")} });`,
    says: another,
  },
  "a transform registered before the guard": { first: transform("toAnother"), says: another },
  "a transform registered after the guard": { early: transform("toAnother"), says: another },
  "a transform registered after everything": { late: transform("toAnother"), says: another },
  "a transform that strips the options as well": {
    early: `pulumi.runtime.registerResourceTransform((args) =>
      is(args, "backend") ? { props: withEnvs(args.props, toAnother), opts: {} } : undefined);`,
    says: another,
  },
  "a transform of our own component's": {
    early: `pulumi.runtime.registerStackTransformation(({ name, type, props, opts }) =>
      type.endsWith(":JwtEnvironment") ? { props, opts: { ...opts, transforms: [on("backend", toAnother)] } } : undefined);`,
    says: another,
  },
  "a transform that replaces the service too": {
    early: `pulumi.runtime.registerResourceTransform((args) => is(args, "backend")
      ? { props: { ...withEnvs(args.props, toAnother), location: "europe-west1" }, opts: args.opts } : undefined);`,
    says: another,
  },
  "a transform that the engine runs after the guard's": {
    early: `
      // Past the SDK's own list, where the guard comes last again.
      const monitor = pulumi.runtime.getMonitor();
      const callback = await pulumi.runtime.getCallbacks().registerTransform(on("backend", toAnother));
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve, reject) =>
        Object.getPrototypeOf(monitor).registerStackTransform.call(monitor, callback, (error) => (error ? reject(error) : resolve())));`,
    // The engine's own line, with the resource.
    says: /before hook "jwt-secret-guard" failed: same-jwt-secret: .* reads .*another-secret/,
  },
  "changes of the variables that are ignored": {
    early: `pulumi.runtime.registerStackTransformation((args) =>
      is(args, "auth") ? { props: args.props, opts: { ...args.opts, ignoreChanges: ["template.containers[0].envs"] } } : undefined);`,
    says: /^jwt-secret-injected: The document hides the containers of auth-staging \(changes of template/,
  },
  "a preview of a service beside ours": {
    late: `new Service("worker", { location, template: elsewhere });`,
    job: { operation: "preview" },
    says: another,
  },
  "a preview of another secret that does not exist yet": {
    late: `
      const other = new Secret("other2", { secretId: "another-secret-2", replication: { auto: {} } });
      const first = new SecretVersion("other2", { secret: other.id, secretData: "x".repeat(64) });
      new Service("worker", { location, template: template(from(other.id, first.version)) });`,
    job: { operation: "preview" },
    says: another,
  },
};

/** The program in a process of its own, which the guard ends: a few of each kind. */
const refusedApart: Record<string, Case> = Object.fromEntries(
  Object.entries({
    "a literal": refused["a literal"],
    "a service beside ours": refused["a service beside ours"],
    "a transform that strips the options as well": refused["a transform that strips the options as well"],
    "a transform that the engine runs after the guard's": {
      ...refused["a transform that the engine runs after the guard's"],
      // Which of the guard's layers sees it first is a matter of when the engine got to know which transform.
      says: /same-jwt-secret: .* reads .*another-secret/,
    },
  }).map(([name, one]) => [name, { ...(one ?? never()), job: { apart: true } }]),
);

/** What only shows once others may be registered: it is refused itself. */
const refusedLate: Record<string, Case> = {
  "a service in an apply": {
    late: `version.apply(() => new Service("worker", { location, template: elsewhere }));`,
    says: another,
  },
  "a service in an apply of a service, in a process of its own": {
    late: `auth.url.apply(() => new Service("worker", { location, template: elsewhere }));`,
    job: { apart: true },
    says: another,
  },
  "a service in an apply of a service": {
    late: `auth.url.apply(() => new Service("worker", { location, template: elsewhere }));`,
    says: another,
  },
  "a transform of the service that is registered last": {
    early: transform("toAnother", "auth"),
    says: another,
  },
};

const refusedAtFirst: Record<string, Case> = {
  "another secret on one service": { ...rewritten("toAnother"), says: another },
  "a service beside ours": refused["a service beside ours"] ?? never(),
  "a transform registered after the guard": { early: transform("toAnother"), says: another },
  "a preview of another secret, of which nothing is known yet":
    refused["a preview of another secret that does not exist yet"] ?? never(),
};

function never(): never {
  throw new Error("no such case");
}

const passing: Record<string, Doctoring & { job?: Partial<Job>; services?: number }> = {
  "the program as it is": {},
  "the program in a process of its own": { job: { apart: true } },
  "one operation at a time": { job: { parallel: 1 } },
  "a target": { job: { target: [authUrn] } },
  "a service that carries no JWT variable": {
    late: `new Service("worker", { location, deletionProtection: false, template: template() });`,
    services: 3,
  },
  "a service that carries the declared reference, computed from another service's address": {
    late: `new Service("worker", { location, deletionProtection: false, template: {
      serviceAccount: auth.account,
      containers: [{ image, envs: [plain, { name: "AUTH_URL", value: auth.url }, jwtSecret.references.current.as("JWT_SECRET")] }] } });`,
    services: 3,
  },
  "a transform that changes something else and strips the options": {
    early: `pulumi.runtime.registerResourceTransform((args) => is(args, "backend")
      ? { props: { ...args.props, labels: { ...args.props.labels, team: "tests" } }, opts: {} } : undefined);`,
  },
  "a sidecar with a Pulumi secret of its own, which hides the containers in a document": {
    early: `pulumi.runtime.registerStackTransformation((args) => is(args, "auth") ? { opts: args.opts, props: {
      ...args.props, template: pulumi.output(args.props.template).apply((template) => ({ ...template, containers: [
        ...template.containers,
        { name: "proxy", image, envs: [{ name: "API_KEY", value: pulumi.secret("not shown") }] },
      ] })) } } : undefined);`,
  },
  "a preview": { job: { operation: "preview" } },
};

/** One line, the rule's; Pulumi's own word that it failed aside. */
function isRefused(outcome: Outcome, says: RegExp, programs: Programs): void {
  const [told, ...more] = outcome.errors.filter((line) => !/^(update|preview) failed$/.test(line));
  expect(told).toMatch(says);
  expect(more).toEqual([]);
  expect(outcome.failed).toBe(true);
  expect(programs.said).toBe("");
}

const run = (programs: Programs, { imports: more = "", job, ...lines }: Doctoring & { job?: Partial<Job> }) =>
  programs.run({ ...lines, imports: `${more}${imports}` }, job);

describe("on a deployed environment, with changes to both services under way", () => {
  let programs: Programs;
  let before: Record<string, unknown>;

  beforeAll(async () => {
    programs = new Programs();
    expect(await run(programs, {})).toMatchObject({ failed: false, errors: [], warnings: [] });
    before = programs.services();
    expect(Object.keys(before)).toHaveLength(2);
    await programs.close();
    programs.configure((config) => {
      const changed = { image: "us-docker.pkg.dev/cloudrun/container/hello", env: { LOG_LEVEL: "debug" } };
      config["jwt-secret:services"] = { auth: changed, backend: changed };
    });
  });
  afterAll(() => programs.remove());

  test.each(Object.entries(refused))(
    "%s: refused, and no service is touched",
    async (_, { says, ...wrong }) => {
      isRefused(await run(programs, wrong), says, programs);
      expect(programs.services()).toEqual(before);
    },
  );

  test.each(Object.entries(refusedApart))(
    "%s, in a process of its own: refused, and no service is touched",
    async (_, { says, ...wrong }) => {
      isRefused(await run(programs, wrong), says, programs);
      expect(programs.services()).toEqual(before);
    },
  );

  test.each(Object.entries(refusedLate))(
    "%s: refused, and no service goes",
    async (_, { says, ...wrong }) => {
      const auth = Object.keys(before).find((name) => name.endsWith("/auth-staging")) ?? "";
      const was = programs.services();
      isRefused(await run(programs, wrong), says, programs);
      expect(Object.keys(programs.services())).toEqual(Object.keys(before));
      if (wrong.early !== undefined) expect(programs.services()[auth]).toEqual(was[auth]);
    },
  );

  test.each(Object.entries(passing))("%s: passes without a word", async (_, { services = 2, ...right }) => {
    expect(await run(programs, right)).toMatchObject({ failed: false, errors: [], warnings: [] });
    expect(Object.keys(programs.services())).toHaveLength(services);
    expect(programs.said).toBe("");
  });
});

describe("before anything is deployed", () => {
  let programs: Programs;
  beforeAll(() => {
    programs = new Programs();
  });
  afterAll(() => programs.remove());

  test("a first preview of the program passes without a word", async () => {
    const outcome = await run(programs, { job: { operation: "preview" } });
    expect(outcome).toMatchObject({ failed: false, errors: [], warnings: [] });
  });

  test.each(Object.entries(refusedAtFirst))(
    "%s: refused, and no service is made",
    async (_, { says, ...wrong }) => {
      isRefused(await run(programs, wrong), says, programs);
      expect(programs.services()).toEqual({});
    },
  );
});
