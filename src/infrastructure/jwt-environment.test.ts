import { createHash, randomBytes } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import type { Environment, ServiceSettings } from "../environment/environment.ts";
import type { ServiceOverride } from "./cloud-run-service.ts";
import { JwtEnvironment, type JwtEnvironmentArgs } from "./jwt-environment.ts";
import { type Recording, type Registration, recordPreview } from "./monitor.ts";

/** What a first preview cannot know. */
const unknown = pulumi.runtime.unknownValue;

function service(role: "auth" | "backend", changes: Partial<ServiceSettings> = {}): ServiceSettings {
  return {
    name: `${role}-staging`,
    account: `${role}-staging`,
    image: `${role}:1`,
    deployedBy: "pulumi",
    env: {},
    port: 8080,
    cpu: "1",
    memory: "512Mi",
    minInstances: 0,
    maxInstances: 10,
    concurrency: 80,
    timeout: role === "auth" ? 300 : 3600,
    sessionAffinity: role === "backend",
    ingress: "all",
    public: false,
    invokers: [],
    deletionProtection: false,
    ...changes,
  };
}

interface Changes extends Partial<Omit<Environment, "services">> {
  auth?: Partial<ServiceSettings>;
  backend?: Partial<ServiceSettings>;
}

function environment({ auth, backend, ...changes }: Changes = {}): Environment {
  return {
    name: "staging",
    project: "shop-staging",
    region: "us-central1",
    secret: { source: "generated", name: "jwt-secret-staging", current: 1, protected: true },
    replication: { mode: "automatic" },
    services: { auth: service("auth", auth), backend: service("backend", backend) },
    accessors: [],
    enableApis: false,
    grantRetry: { settle: 60, timeout: 120, pause: 5 },
    ...changes,
  };
}

/** Registers an environment in a first preview and returns what the engine received. */
async function preview(
  changes: Changes = {},
  args: Omit<JwtEnvironmentArgs, "environment"> = {},
): Promise<Recording> {
  const recording = await recordPreview("jwt-secret", "staging");
  await pulumi.runtime.runInPulumiStack(async () => {
    new JwtEnvironment("environment", { environment: environment(changes), ...args });
  });
  await pulumi.runtime.disconnect();
  return recording;
}

const types = {
  version: "gcp:secretmanager/secretVersion:SecretVersion",
  secret: "gcp:secretmanager/secret:Secret",
  grant: "gcp:secretmanager/secretIamMember:SecretIamMember",
  account: "gcp:serviceaccount/account:Account",
  service: "gcp:cloudrunv2/service:Service",
  invoker: "gcp:cloudrunv2/serviceIamMember:ServiceIamMember",
  api: "gcp:projects/service:Service",
  password: "random:index/randomPassword:RandomPassword",
};

function all({ registrations }: Recording, type: string): Registration[] {
  return registrations.filter((one) => one.type === type);
}

function one(recording: Recording, type: string, name: string): Registration {
  const [found, ...others] = all(recording, type).filter((registration) => registration.name === name);
  if (found === undefined || others.length > 0) throw new Error(`not exactly one ${type} called ${name}`);
  return found;
}

const pinned = (name: string, version = unknown, secret = "jwt-secret-staging") => ({
  name,
  valueSource: { secretKeyRef: { secret, version } },
});

/** Known once the key is, and in clear. */
const fingerprint = { name: "JWT_SECRET_FINGERPRINT", value: unknown };

/** The variables of a service's first container. */
function variables(recording: Recording, role: string): unknown {
  const { template } = one(recording, types.service, role).inputs as {
    template: { containers: [{ envs: unknown }] };
  };
  return template.containers[0].envs;
}

const secretValue = (value: string) => ({
  [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig,
  value,
});

test("an environment is these resources, under these names", async () => {
  const { registrations } = await preview();
  const names = registrations.filter(({ custom }) => custom).map(({ type, name }) => `${type} ${name}`);
  expect(names.sort()).toEqual(
    [
      `${types.password} jwt-secret-g1`,
      `${types.secret} jwt-secret`,
      `${types.version} jwt-secret-g1`,
      `${types.account} auth`,
      `${types.account} backend`,
      `${types.grant} auth-accessor`,
      `${types.grant} backend-accessor`,
      `${types.service} auth`,
      `${types.service} backend`,
    ].sort(),
  );
});

test("every resource is the child of its component", async () => {
  const { registrations } = await preview();
  const parents = registrations.map(({ urn }) => urn.replace("urn:pulumi:staging::jwt-secret::", ""));
  const prefix = "jwt-secret:infrastructure:JwtEnvironment$jwt-secret:infrastructure";
  expect(parents).toContain(`${prefix}:JwtSecret$${types.secret}::jwt-secret`);
  expect(parents).toContain(`${prefix}:CloudRunService$${types.service}::auth`);
  expect(parents).toContain(`${prefix}:CloudRunService$${types.grant}::backend-accessor`);
  expect(
    registrations.filter(({ custom, parent }) => custom && !parent.includes("jwt-secret:infrastructure:")),
  ).toEqual([]);
});

test("the Secret is protected, labelled and replicated automatically", async () => {
  const { inputs, protect } = one(await preview(), types.secret, "jwt-secret");
  expect(protect).toBe(true);
  expect(inputs).toEqual({
    project: "shop-staging",
    secretId: "jwt-secret-staging",
    replication: { auto: {} },
    labels: { environment: "staging", "managed-by": "pulumi" },
    deletionProtection: true,
  });
});

test("the Secret's protection is taken off on both sides", async () => {
  const secret = { source: "generated", name: "jwt-secret-staging", current: 1, protected: false } as const;
  const { inputs, protect } = one(await preview({ secret }), types.secret, "jwt-secret");
  expect([protect, inputs.deletionProtection]).toEqual([false, false]);
});

test("a KMS key and user-managed places reach the Secret", async () => {
  const kms = (location: string) => `projects/p/locations/${location}/keyRings/r/cryptoKeys/k`;
  const automatic = await preview({ replication: { mode: "automatic", kmsKey: kms("global") } });
  expect(one(automatic, types.secret, "jwt-secret").inputs.replication).toEqual({
    auto: { customerManagedEncryption: { kmsKeyName: kms("global") } },
  });
  const replicas = [{ location: "us-east1", kmsKey: kms("us-east1") }, { location: "us-west1" }];
  const managed = await preview({ replication: { mode: "user-managed", replicas } });
  expect(one(managed, types.secret, "jwt-secret").inputs.replication).toEqual({
    userManaged: {
      replicas: [
        { location: "us-east1", customerManagedEncryption: { kmsKeyName: kms("us-east1") } },
        { location: "us-west1" },
      ],
    },
  });
});

test("a generated key has 86 characters and keeps them for life", async () => {
  const { inputs, ignoreChanges } = one(await preview(), types.password, "jwt-secret-g1");
  expect(inputs).toEqual({ length: 86, special: false });
  expect(ignoreChanges).toEqual(["length", "special"]);
});

test("a version is disabled, never destroyed, and its value stays a secret", async () => {
  const { inputs } = one(await preview(), types.version, "jwt-secret-g1");
  expect(inputs).toEqual({
    secret: "projects/shop-staging/secrets/jwt-secret-staging",
    secretData: secretValue(unknown),
    enabled: true,
    deletionPolicy: "DISABLE",
  });
});

test("a supplied key goes into its version as a secret and makes no random one", async () => {
  const value = randomBytes(48).toString("base64url");
  const secret = { source: "supplied", name: "jwt-secret-staging", current: 1, protected: true } as const;
  const recording = await preview({ secret }, { values: { "1": value } });
  expect(all(recording, types.password)).toEqual([]);
  expect(one(recording, types.version, "jwt-secret-g1").inputs.secretData).toEqual(secretValue(value));
});

test("a runtime account per service, with a grant on this secret alone", async () => {
  const recording = await preview();
  expect(one(recording, types.account, "auth").inputs).toEqual({
    project: "shop-staging",
    accountId: "auth-staging",
    displayName: "Runtime account of auth in staging",
  });
  expect(one(recording, types.grant, "auth-accessor").inputs).toEqual({
    project: "shop-staging",
    secretId: "jwt-secret-staging",
    role: "roles/secretmanager.secretAccessor",
    member: "serviceAccount:auth-staging@shop-staging.iam.gserviceaccount.com",
  });
});

test("accessors are granted the same one secret", async () => {
  const member = "group:e2e@example.com";
  expect(one(await preview({ accessors: [member] }), types.grant, `accessor-${member}`).inputs).toEqual({
    project: "shop-staging",
    secretId: "jwt-secret-staging",
    role: "roles/secretmanager.secretAccessor",
    member,
  });
});

test("auth carries the reference under every name, sorted, and nothing else", async () => {
  const labels = { environment: "staging", "managed-by": "pulumi" };
  expect(one(await preview(), types.service, "auth").inputs).toEqual({
    name: "auth-staging",
    project: "shop-staging",
    location: "us-central1",
    ingress: "INGRESS_TRAFFIC_ALL",
    invokerIamDisabled: false,
    deletionProtection: false,
    labels,
    template: {
      labels,
      serviceAccount: "auth-staging@shop-staging.iam.gserviceaccount.com",
      timeout: "300s",
      sessionAffinity: false,
      maxInstanceRequestConcurrency: 80,
      scaling: { minInstanceCount: 0, maxInstanceCount: 10 },
      containers: [
        {
          image: "auth:1",
          ports: { containerPort: 8080 },
          resources: { limits: { cpu: "1", memory: "512Mi" } },
          envs: [
            { name: "ENVIRONMENT", value: "staging" },
            pinned("JWT_SECRET"),
            fingerprint,
            pinned("JWT_SECRET_KEY"),
            pinned("JWT_SECRET_STAGING"),
          ],
        },
      ],
    },
  });
});

test("backend differs in AUTH_SERVICE_URL and in what WebSockets need", async () => {
  const recording = await preview({ projectNumber: "123456789012" });
  expect(variables(recording, "backend")).toEqual([
    { name: "AUTH_SERVICE_URL", value: "https://auth-staging-123456789012.us-central1.run.app" },
    { name: "ENVIRONMENT", value: "staging" },
    pinned("JWT_SECRET"),
    fingerprint,
    pinned("JWT_SECRET_KEY"),
    pinned("JWT_SECRET_STAGING"),
  ]);
  expect(one(recording, types.service, "backend").inputs).toMatchObject({
    template: { timeout: "3600s", sessionAffinity: true },
  });
});

test("without the project's number AUTH_SERVICE_URL is unknown until the Secret exists", async () => {
  expect(variables(await preview(), "backend")).toContainEqual({ name: "AUTH_SERVICE_URL", value: unknown });
});

test("the unknown version comes from the one SecretVersion, on both services", async () => {
  const recording = await preview();
  const version = one(recording, types.version, "jwt-secret-g1").urn;
  const secret = one(recording, types.secret, "jwt-secret").urn;
  for (const role of ["auth", "backend"]) {
    const { propertyDependencies } = one(recording, types.service, role);
    const account = one(recording, types.account, role).urn;
    expect(propertyDependencies.template?.toSorted()).toEqual([account, secret, version].sort());
  }
});

test("a service waits for its grant, and auth for backend", async () => {
  const recording = await preview();
  const backend = one(recording, types.service, "backend");
  const auth = one(recording, types.service, "auth");
  expect(backend.dependencies).toContain(one(recording, types.grant, "backend-accessor").urn);
  expect(auth.dependencies).toContain(one(recording, types.grant, "auth-accessor").urn);
  expect(auth.dependencies).toContain(backend.urn);
  expect(backend.dependencies).not.toContain(auth.urn);
});

test("in a rotation both services carry both versions, each from its own resource", async () => {
  const secret = {
    source: "generated",
    name: "jwt-secret-staging",
    current: 2,
    previous: 1,
    protected: true,
  } as const;
  const recording = await preview({ secret });
  expect(
    all(recording, types.version)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["jwt-secret-g1", "jwt-secret-g2"]);
  for (const role of ["auth", "backend"]) {
    expect(variables(recording, role)).toContainEqual(pinned("JWT_SECRET_PREVIOUS"));
  }
});

test("the fingerprint is that of the current key, in clear, on both services", async () => {
  const values = { "1": randomBytes(48).toString("base64url"), "2": randomBytes(48).toString("base64url") };
  const secret = { source: "supplied", name: "jwt-secret-staging", current: 2, previous: 1 } as const;
  const recording = await preview({ secret: { ...secret, protected: true } }, { values });
  const value = createHash("sha256").update(values["2"]).digest("hex").slice(0, 16);
  for (const role of ["auth", "backend"]) {
    expect(variables(recording, role)).toContainEqual({ name: "JWT_SECRET_FINGERPRINT", value });
  }
});

test("an existing secret is referenced and granted, and nothing of it is made", async () => {
  const secret = {
    source: "existing",
    project: "shop-staging",
    name: "jwt",
    current: 7,
    previous: 6,
  } as const;
  const recording = await preview({ secret, projectNumber: "123456789012" });
  expect([types.secret, types.version, types.password].flatMap((type) => all(recording, type))).toEqual([]);
  expect(variables(recording, "auth")).toEqual([
    { name: "ENVIRONMENT", value: "staging" },
    pinned("JWT_SECRET", "7", "jwt"),
    pinned("JWT_SECRET_KEY", "7", "jwt"),
    pinned("JWT_SECRET_PREVIOUS", "6", "jwt"),
    pinned("JWT_SECRET_STAGING", "7", "jwt"),
  ]);
  expect(one(recording, types.grant, "auth-accessor").inputs).toMatchObject({
    project: "shop-staging",
    secretId: "jwt",
  });
});

test("a secret in another project goes by its full name, and is granted there", async () => {
  const secret = { source: "existing", project: "vault-1234", name: "jwt", current: 7 } as const;
  const recording = await preview({ secret, projectNumber: "123456789012" });
  expect(variables(recording, "auth")).toContainEqual(
    pinned("JWT_SECRET_KEY", "7", "projects/vault-1234/secrets/jwt"),
  );
  expect(one(recording, types.grant, "auth-accessor").inputs).toMatchObject({
    project: "vault-1234",
    secretId: "jwt",
  });
});

test("plain variables are sorted in among the others", async () => {
  const recording = await preview({ auth: { env: { ZONE: "a", LOG_LEVEL: "info", A: "1" } } });
  expect((variables(recording, "auth") as { name: string }[]).map(({ name }) => name)).toEqual([
    "A",
    "ENVIRONMENT",
    "JWT_SECRET",
    "JWT_SECRET_FINGERPRINT",
    "JWT_SECRET_KEY",
    "JWT_SECRET_STAGING",
    "LOG_LEVEL",
    "ZONE",
  ]);
});

test("every setting of a service reaches Cloud Run", async () => {
  const recording = await preview({
    auth: {
      name: "sign-in",
      account: "sign-in-runtime",
      image: "auth:2",
      port: 3000,
      cpu: "2",
      memory: "4Gi",
      minInstances: 1,
      maxInstances: 3,
      concurrency: 10,
      timeout: 60,
      sessionAffinity: true,
      ingress: "internal-and-cloud-load-balancing",
      public: true,
      deletionProtection: true,
      startupProbe: { path: "/up", port: 3001, initialDelay: 2, timeout: 3, period: 4, failureThreshold: 5 },
    },
  });
  expect(one(recording, types.account, "auth").inputs.accountId).toBe("sign-in-runtime");
  expect(one(recording, types.service, "auth").inputs).toMatchObject({
    name: "sign-in",
    ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
    invokerIamDisabled: true,
    deletionProtection: true,
    template: {
      timeout: "60s",
      sessionAffinity: true,
      maxInstanceRequestConcurrency: 10,
      scaling: { minInstanceCount: 1, maxInstanceCount: 3 },
      containers: [
        {
          image: "auth:2",
          ports: { containerPort: 3000 },
          resources: { limits: { cpu: "2", memory: "4Gi" } },
          startupProbe: {
            httpGet: { path: "/up", port: 3001 },
            initialDelaySeconds: 2,
            timeoutSeconds: 3,
            periodSeconds: 4,
            failureThreshold: 5,
          },
        },
      ],
    },
  });
  const tcp = { port: 1, initialDelay: 0, timeout: 1, period: 1, failureThreshold: 1 };
  expect(
    one(await preview({ auth: { startupProbe: tcp, ingress: "internal" } }), types.service, "auth").inputs,
  ).toMatchObject({
    ingress: "INGRESS_TRAFFIC_INTERNAL_ONLY",
    template: { containers: [{ startupProbe: { tcpSocket: { port: 1 } } }] },
  });
});

test("invokers may call a private service", async () => {
  const member = "group:shop@example.com";
  const recording = await preview({ backend: { invokers: [member] } });
  expect(one(recording, types.invoker, `backend-invoker-${member}`).inputs).toEqual({
    project: "shop-staging",
    location: "us-central1",
    name: "backend-staging",
    role: "roles/run.invoker",
    member,
  });
});

test("a pipeline owns image, client and revision, and nothing else", async () => {
  const recording = await preview({ auth: { deployedBy: "pipeline" } });
  expect(one(recording, types.service, "auth").ignoreChanges).toEqual([
    "template.containers[0].image",
    "client",
    "clientVersion",
    "template.revision",
  ]);
  expect(one(recording, types.service, "backend").ignoreChanges).toEqual([]);
});

test("a refused deployment is tried again unless the time for it is none", async () => {
  expect(one(await preview(), types.service, "auth").errorHooks).toEqual(["auth-grant-retry"]);
  const never = await preview({ grantRetry: { settle: 0, timeout: 0, pause: 5 } });
  expect(one(never, types.service, "auth").errorHooks).toEqual([]);
});

test("APIs are enabled on request, before anything needs them, and never disabled", async () => {
  expect(all(await preview(), types.api)).toEqual([]);
  const recording = await preview({ enableApis: true });
  const apis = all(recording, types.api);
  expect(apis.map(({ inputs }) => inputs)).toEqual(
    ["iam.googleapis.com", "run.googleapis.com", "secretmanager.googleapis.com"].map((api) => ({
      project: "shop-staging",
      service: api,
      disableOnDestroy: false,
    })),
  );
  const urns = apis.map(({ urn }) => urn);
  for (const registration of [
    one(recording, types.secret, "jwt-secret"),
    one(recording, types.account, "auth"),
    one(recording, types.account, "backend"),
  ]) {
    expect(registration.dependencies).toEqual(expect.arrayContaining(urns));
  }
});

test("an override changes what the configuration does not hold, and JWT variables stay", async () => {
  const override: ServiceOverride = (args) => {
    const [main] = args.template.containers;
    const envs = [...(main.envs ?? []), { name: "EXTRA", value: "1" }];
    const sidecar = {
      image: "proxy:1",
      envs: [
        { name: "B", value: "2" },
        { name: "A", value: "1" },
      ],
    };
    const template = {
      ...args.template,
      vpcAccess: { egress: "ALL_TRAFFIC" },
      containers: [{ ...main, envs }, sidecar],
    } as const;
    return { ...args, description: "changed", template };
  };
  const recording = await preview({}, { overrides: { auth: override } });
  expect(variables(recording, "auth")).toEqual([
    { name: "ENVIRONMENT", value: "staging" },
    { name: "EXTRA", value: "1" },
    pinned("JWT_SECRET"),
    fingerprint,
    pinned("JWT_SECRET_KEY"),
    pinned("JWT_SECRET_STAGING"),
  ]);
  expect(one(recording, types.service, "auth").inputs).toMatchObject({
    description: "changed",
    template: {
      vpcAccess: { egress: "ALL_TRAFFIC" },
      containers: [{}, { envs: [{ name: "A" }, { name: "B" }] }],
    },
  });
  expect(one(recording, types.service, "backend").inputs).not.toHaveProperty("description");
});

const compute = "123456789012-compute@developer.gserviceaccount.com";
const given = {
  source: "existing",
  project: "shop-staging",
  name: "jwt-secret-staging",
  current: 3,
} as const;

test("a service runs as the account whose e-mail is given, and none is made", async () => {
  const recording = await preview({ auth: { account: "runner@shop-staging.iam.gserviceaccount.com" } });
  expect(all(recording, types.account).map(({ name }) => name)).toEqual(["backend"]);
  expect(one(recording, types.service, "auth").inputs).toMatchObject({
    template: { serviceAccount: "runner@shop-staging.iam.gserviceaccount.com" },
  });
  expect(one(recording, types.grant, "auth-accessor").inputs).toMatchObject({
    member: "serviceAccount:runner@shop-staging.iam.gserviceaccount.com",
  });
});

test("an account that both services run as is granted access once, for both to wait for", async () => {
  const recording = await preview({ auth: { account: compute }, backend: { account: compute } });
  const grants = all(recording, types.grant);
  expect(grants.map(({ name }) => name)).toEqual(["backend-accessor"]);
  expect(one(recording, types.service, "auth").dependencies).toContain(grants[0]?.urn);
});

test("further secrets and names for the key stand beside the JWT variables", async () => {
  const recording = await preview({
    secret: given,
    projectNumber: "123456789012",
    auth: { secrets: { DB: { secret: "db", version: "latest" } }, jwtVariables: ["SIGNING_KEY"] },
  });
  expect(variables(recording, "auth")).toEqual([
    { name: "DB", valueSource: { secretKeyRef: { secret: "db", version: "latest" } } },
    { name: "ENVIRONMENT", value: "staging" },
    pinned("JWT_SECRET", "3"),
    pinned("JWT_SECRET_KEY", "3"),
    pinned("JWT_SECRET_STAGING", "3"),
    pinned("SIGNING_KEY", "3"),
  ]);
});

test("AUTH_SERVICE_URL is another one, or unset, where the configuration says so", async () => {
  const url = "https://auth.example.com";
  const other = await preview({ backend: { authServiceUrl: url }, auth: { authServiceUrl: url } });
  for (const role of ["auth", "backend"]) {
    expect(variables(other, role)).toContainEqual({ name: "AUTH_SERVICE_URL", value: url });
  }
  const unset = await preview({ secret: given, backend: { authServiceUrl: false } });
  expect(JSON.stringify(variables(unset, "backend"))).not.toContain("AUTH_SERVICE_URL");
});
