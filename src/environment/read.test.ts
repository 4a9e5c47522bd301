import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { ConfigurationError } from "./problems.ts";
import { readEnvironment } from "./read.ts";

const key = () => randomBytes(48).toString("base64url");

interface Changes {
  environment?: string;
  secret?: unknown;
  auth?: Record<string, unknown>;
  backend?: Record<string, unknown>;
  /** Further keys, or replacements of whole ones; undefined removes one. */
  keys?: Record<string, unknown>;
  secretKeys?: string[];
}

/** A valid configuration of staging, with changes. */
function stack({ environment = "staging", secret, auth, backend, keys = {}, secretKeys = [] }: Changes = {}) {
  const config: Record<string, unknown> = {
    "gcp:project": "shop-staging",
    "gcp:region": "us-central1",
    "jwt-secret:secret": secret ?? { source: "generated" },
    "jwt-secret:services": {
      auth: { image: "auth:1", ...auth },
      backend: { image: "backend:1", ...backend },
    },
    ...keys,
  };
  const values = Object.entries(config)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);
  return { environment, values: Object.fromEntries(values), secretKeys: new Set(secretKeys) };
}

const read = (changes?: Changes) => readEnvironment(stack(changes));

/** The problems found, as `key: text`. */
function problems(changes: Changes): string[] {
  try {
    read(changes);
  } catch (error) {
    if (error instanceof ConfigurationError)
      return error.problems.map(({ key: name, text }) => `${name}: ${text}`);
    throw error;
  }
  return [];
}

test("the baseline reads, with every default", () => {
  const service = {
    deployedBy: "pulumi",
    env: {},
    port: 8080,
    cpu: "1",
    memory: "512Mi",
    minInstances: 0,
    maxInstances: 100,
    concurrency: 80,
    ingress: "all",
    public: false,
    invokers: [],
    deletionProtection: false,
  };
  expect(read()).toEqual({
    name: "staging",
    project: "shop-staging",
    region: "us-central1",
    secret: { source: "generated", name: "jwt-secret-staging", current: 1, protected: true },
    replication: { mode: "automatic" },
    services: {
      auth: {
        ...service,
        name: "auth-staging",
        account: "auth-staging",
        image: "auth:1",
        timeout: 300,
        sessionAffinity: false,
      },
      backend: {
        ...service,
        name: "backend-staging",
        account: "backend-staging",
        image: "backend:1",
        timeout: 3600,
        sessionAffinity: true,
      },
    },
    accessors: [],
    enableApis: false,
    grantRetry: { settle: 60, timeout: 120, pause: 5 },
  });
});

test("production protects its services against deletion", () => {
  const { services } = read({ environment: "production" });
  expect([services.auth.deletionProtection, services.backend.deletionProtection]).toEqual([true, true]);
  expect(
    read({ environment: "production", auth: { deletionProtection: false } }).services.auth.deletionProtection,
  ).toBe(false);
});

test("a service with half a CPU takes one request at a time unless told otherwise", () => {
  expect(read({ auth: { cpu: 0.5 } }).services.auth).toMatchObject({ cpu: "500m", concurrency: 1 });
  expect(problems({ auth: { cpu: 0.5, concurrency: 80 } })).toEqual([
    expect.stringMatching(/^jwt-secret:services\.auth\.concurrency: is 80, .* write 1, or cpu: 1$/),
  ]);
});

test("a service deployed by its own pipeline starts with Cloud Run's hello image", () => {
  const { image } = read({ auth: { image: undefined, deployedBy: "pipeline" } }).services.auth;
  expect(image).toBe("us-docker.pkg.dev/cloudrun/container/hello");
  expect(problems({ auth: { image: undefined } })).toEqual([
    "jwt-secret:services.auth.image: is missing; write the container image, or deployedBy: pipeline",
  ]);
});

test("a startup probe goes to the service's port unless it names one", () => {
  expect(
    read({ auth: { port: 3000, startupProbe: { path: "/health" } } }).services.auth.startupProbe,
  ).toEqual({
    path: "/health",
    port: 3000,
    initialDelay: 0,
    timeout: 1,
    period: 10,
    failureThreshold: 3,
  });
  expect(problems({ auth: { startupProbe: { timeout: 11 } } })).toEqual([
    "jwt-secret:services.auth.startupProbe.timeout: must not be longer than the period",
  ]);
});

test("an existing secret may be in another project", () => {
  const existing = { source: "existing", name: "projects/vault-1234/secrets/jwt", current: 7, previous: 6 };
  expect(read({ secret: existing, keys: { "jwt-secret:projectNumber": "123456789012" } })).toMatchObject({
    projectNumber: "123456789012",
    secret: { source: "existing", project: "vault-1234", name: "jwt", current: 7, previous: 6 },
  });
  expect(
    read({ secret: { ...existing, name: "jwt" }, keys: { "jwt-secret:projectNumber": "123456789012" } })
      .secret,
  ).toMatchObject({ project: "shop-staging", name: "jwt" });
});

test("an existing secret needs the project's number", () => {
  expect(problems({ secret: { source: "existing", name: "jwt", current: 7 } })).toEqual([
    expect.stringMatching(/^jwt-secret:projectNumber: is missing, .* gcloud projects describe PROJECT_ID/),
  ]);
});

test("an existing secret has no default version, and no setting of a managed one", () => {
  const keys = { "jwt-secret:projectNumber": "123456789012" };
  expect(problems({ secret: { source: "existing", name: "jwt" }, keys })).toEqual([
    "jwt-secret:secret.current: is missing; write current: 1",
  ]);
  expect(
    problems({ secret: { source: "existing", name: "jwt", current: 1, protected: false }, keys }),
  ).toEqual([
    expect.stringMatching(
      /^jwt-secret:secret\.protected: is not a setting; .*one of source, name, current, previous$/,
    ),
  ]);
});

test("the committed placeholder is refused with the command that replaces it", () => {
  expect(problems({ keys: { "gcp:project": "your-project-staging" } })).toEqual([
    "gcp:project: your-project-staging is a placeholder; name your project with: " +
      "pulumi config set gcp:project PROJECT_ID --stack staging",
  ]);
});

test("all problems come at once", () => {
  const found = problems({
    environment: "key",
    secret: { source: "generated", current: 0 },
    auth: {
      image: undefined,
      port: 99_999,
      env: { JWT_SECRET_KEY: "x", "A B": "", N: 5 },
      cpu: 3,
      memory: "lots",
    },
    backend: { minInstances: 5, maxInstances: 2, timeout: "30" },
    keys: { "gcp:project": "your-project-key", "gcp:region": undefined, "jwt-secret:servces": {} },
  });
  expect(found.map((problem) => problem.replace(/: .*/, "")).sort()).toEqual(
    [
      "gcp:project",
      "gcp:region",
      "jwt-secret:secret.current",
      "jwt-secret:servces",
      "jwt-secret:services.auth.cpu",
      'jwt-secret:services.auth.env["A B"]',
      "jwt-secret:services.auth.env.JWT_SECRET_KEY",
      "jwt-secret:services.auth.env.N",
      "jwt-secret:services.auth.image",
      "jwt-secret:services.auth.memory",
      "jwt-secret:services.auth.port",
      "jwt-secret:services.backend.minInstances",
      "jwt-secret:services.backend.timeout",
      "the stack's name",
    ].sort(),
  );
  expect(found.every((problem) => !problem.includes("\n"))).toBe(true);
});

test.each(["key", "previous", "fingerprint", "Staging", "a_b", "-a"])(
  "an environment cannot be called %s",
  (name) => {
    expect(problems({ environment: name }).some((problem) => problem.startsWith("the stack's name: "))).toBe(
      true,
    );
  },
);

test.each([
  "JWT_SECRET",
  "JWT_SECRET_KEY",
  "JWT_SECRET_STAGING",
  "JWT_SECRET_PRODUCTION",
  "JWT_SECRET_PREVIOUS",
  "JWT_SECRET_FINGERPRINT",
  "jwt_secret_key",
  "ENVIRONMENT",
  "AUTH_SERVICE_URL",
  "PORT",
  "K_SERVICE",
  "K_REVISION",
  "K_CONFIGURATION",
  "X_GOOGLE_ANYTHING",
])("%s is refused among plain variables, without its value", (name) => {
  const value = key();
  const found = problems({ auth: { env: { [name]: value } } });
  expect(found).toEqual([
    expect.stringContaining(`jwt-secret:services.auth.env.${name}: cannot be set here: `),
  ]);
  expect(found.join()).not.toContain(value);
});

test.each(["LOG_LEVEL", "JWT_SECRETS_URL", "JWT_ISSUER", "_X1"])("%s is a plain variable", (name) => {
  expect(read({ auth: { env: { [name]: "x" } } }).services.auth.env).toEqual({ [name]: "x" });
});

test("unknown keys are refused with the nearest known one", () => {
  expect(problems({ auth: { minInstance: 1 } })).toEqual([
    "jwt-secret:services.auth.minInstance: is not a setting; did you mean minInstances?",
  ]);
  expect(problems({ keys: { "jwt-secret:accesors": [] } })).toEqual([
    "jwt-secret:accesors: is not a setting; did you mean jwt-secret:accessors?",
  ]);
  expect(problems({ keys: { "jwtsecret:services": {} } })).toEqual([
    "jwtsecret:services: is not a setting; did you mean jwt-secret:services?",
  ]);
  expect(problems({ keys: { "gcp:regoin": "x" } })).toEqual([
    "gcp:regoin: is not a setting of the gcp provider; did you mean gcp:region?",
  ]);
});

test("settings of the provider and the engine are left to them", () => {
  const keys = {
    "gcp:impersonateServiceAccount": "deployer@shop-staging.iam.gserviceaccount.com",
    "gcp:cloudRunV2CustomEndpoint": "https://run.example.com/",
    "pulumi:tags": { team: "shop" },
  };
  expect(problems({ keys })).toEqual([]);
});

test.each(["allUsers", "allAuthenticatedUsers"])("%s cannot read the secret", (member) => {
  expect(problems({ keys: { "jwt-secret:accessors": [member] } })).toEqual([
    "jwt-secret:accessors[0]: would let everyone read the secret; name the accounts that need it",
  ]);
});

test("accessors are IAM members, each once", () => {
  const member = "serviceAccount:e2e@shop-staging.iam.gserviceaccount.com";
  expect(read({ keys: { "jwt-secret:accessors": [member, member] } }).accessors).toEqual([member]);
  expect(problems({ keys: { "jwt-secret:accessors": ["e2e@shop.example"] } })).toEqual([
    expect.stringMatching(/^jwt-secret:accessors\[0\]: is not an IAM member; write serviceAccount:E-MAIL/),
  ]);
});

test("a test's account reads the key of production only where that is explained", () => {
  const member = "serviceAccount:e2e-runner@shop-staging.iam.gserviceaccount.com";
  const other = "serviceAccount:audit@test-company.iam.gserviceaccount.com";
  const keys = { "jwt-secret:accessors": [other, member] };
  expect(read({ keys }).accessors).toEqual([other, member]);
  for (const environment of ["production", "prod-eu"]) {
    expect(problems({ environment, keys })).toEqual([
      expect.stringMatching(/^jwt-secret:accessors\[1\]: is a test's account .*jwt-secret:testAccess$/),
    ]);
    const explained = { ...keys, "jwt-secret:testAccess": "It probes sign-in every minute." };
    expect(read({ environment, keys: explained }).accessors).toEqual([other, member]);
    expect(problems({ environment, keys: { ...keys, "jwt-secret:testAccess": "" } })).not.toEqual([]);
  }
  expect(read({ environment: "productive", keys }).accessors).toEqual([other, member]);
});

test("names are held to Google's limits, the default ones too", () => {
  const long = `a${"b".repeat(40)}`;
  const found = problems({ environment: long });
  expect(found).toEqual([
    expect.stringMatching(/^jwt-secret:services\.auth\.account: would be auth-ab+, which is not 6 to 30/),
    expect.stringMatching(/^jwt-secret:services\.backend\.account: /),
  ]);
  const named = { auth: { account: "auth-x" }, backend: { account: "backend-x" } };
  expect(problems({ environment: long, ...named })).toEqual([]);
  expect(problems({ environment: `${long}cd`, ...named })).toEqual([
    expect.stringMatching(
      /^jwt-secret:services\.backend\.name: would be .*, over 49 characters; write a shorter one$/,
    ),
  ]);
  expect(problems({ auth: { name: "Auth" } })).toEqual([
    expect.stringMatching(/^jwt-secret:services\.auth\.name: must be/),
  ]);
  expect(problems({ secret: { source: "generated", name: "a.b" } })).toEqual([
    expect.stringMatching(/^jwt-secret:secret\.name: must be 1 to 255/),
  ]);
});

test("the two services have names and accounts of their own", () => {
  expect(problems({ auth: { name: "backend-staging", account: "backend-staging" } })).toEqual([
    "jwt-secret:services.backend.name: is auth's too; write another",
    "jwt-secret:services.backend.account: is auth's too; write another",
  ]);
});

test("a public service has no invokers", () => {
  const invokers = ["group:shop@example.com"];
  expect(read({ auth: { invokers } }).services.auth.invokers).toEqual(invokers);
  expect(problems({ auth: { public: true, invokers } })).toEqual([
    expect.stringMatching(/^jwt-secret:services\.auth\.invokers: means nothing on a public service/),
  ]);
});

test("the previous generation is another one", () => {
  expect(read({ secret: { source: "generated", current: 2, previous: 1 } }).secret).toMatchObject({
    previous: 1,
  });
  expect(problems({ secret: { source: "generated", current: 2, previous: 2 } })).toEqual([
    "jwt-secret:secret.previous: is the current one; remove it, or raise current",
  ]);
});

test("replication is automatic or in named places, with keys that lie there", () => {
  const kms = (location: string) => `projects/p/locations/${location}/keyRings/r/cryptoKeys/k`;
  const replication = (value: unknown) => ({ keys: { "jwt-secret:replication": value } });
  const both = [
    { location: "us-central1", kmsKey: kms("us-central1") },
    { location: "us-east1", kmsKey: kms("us-east1") },
  ];
  expect(read(replication({ mode: "user-managed", replicas: both })).replication).toEqual({
    mode: "user-managed",
    replicas: both,
  });
  expect(problems(replication({ mode: "automatic", kmsKey: kms("global") }))).toEqual([]);
  expect(problems(replication({ mode: "automatic", kmsKey: kms("us-east1") }))).toEqual([
    "jwt-secret:replication.kmsKey: must lie in the location global for automatic replication",
  ]);
  expect(
    problems(replication({ mode: "user-managed", replicas: [both[0], { location: "us-east1" }] })),
  ).toEqual([
    "jwt-secret:replication.replicas: gives a kmsKey to some replicas only; give one to each or to none",
  ]);
  expect(problems(replication({ mode: "user-managed", replicas: [both[0], both[0]] }))).toEqual([
    "jwt-secret:replication.replicas: names a location twice",
  ]);
  expect(problems(replication({ mode: "user-managed", replicas: [] }))).toHaveLength(1);
});

const supplied = (values: unknown, secretKeys = ["jwt-secret:values"], secret: object = {}): Changes => ({
  secret: { source: "supplied", ...secret },
  keys: { "jwt-secret:values": values },
  secretKeys,
});

test("supplied keys are accepted as Pulumi secrets, and are no part of the environment", () => {
  const value = key();
  const environment = read(supplied({ "1": value }));
  expect(environment.secret).toEqual({
    source: "supplied",
    name: "jwt-secret-staging",
    current: 1,
    protected: true,
  });
  expect(JSON.stringify(environment)).not.toContain(value);
});

test("a supplied key that is not a Pulumi secret is burnt", () => {
  expect(problems(supplied({ "1": key() }, []))).toEqual([
    expect.stringMatching(/^jwt-secret:values: is stored in clear, .* pulumi config set --secret --path/),
  ]);
});

test("every generation in use needs its key", () => {
  expect(problems(supplied({ "2": key() }, undefined, { current: 2, previous: 1 }))).toEqual([
    expect.stringMatching(
      /^jwt-secret:values\["1"\]: is missing, but generation 1 is in use; set it with: pulumi/,
    ),
  ]);
  expect(problems({ secret: { source: "supplied" } })).toEqual([
    expect.stringMatching(/^jwt-secret:values\["1"\]: is missing/),
  ]);
});

test("a weak key is refused without being shown", () => {
  const weak = "correct horse battery staple and some more";
  const found = problems(supplied({ "1": weak }));
  expect(found).toEqual([
    expect.stringMatching(/^jwt-secret:values\["1"\]: reads like a phrase; make a key with: /),
  ]);
  expect(found.join()).not.toContain("horse");
});

test("two generations do not share a key", () => {
  const same = key();
  expect(problems(supplied({ "1": same, "2": same }, undefined, { current: 2, previous: 1 }))).toEqual([
    "jwt-secret:values: gives current and previous generation one key; make a new one",
  ]);
});

test("keys without source: supplied are refused, and a broken map of keys is not shown", () => {
  expect(problems({ keys: { "jwt-secret:values": { "1": key() } } })).toEqual([
    "jwt-secret:values: is for source: supplied only; remove it, or write source: supplied",
  ]);
  const value = key();
  expect(problems(supplied(`{"1": "${value}"`)).join()).not.toContain(value);
});

test("how long tokens live is a number of seconds, as text too, and has no default", () => {
  const lifetime = (value: unknown) => ({ keys: { "jwt-secret:tokenLifetime": value } });
  expect(read()).not.toHaveProperty("tokenLifetime");
  expect(read(lifetime(3600)).tokenLifetime).toBe(3600);
  expect(read(lifetime("3600")).tokenLifetime).toBe(3600);
  for (const wrong of [0, -1, 0.5, "an hour", "1h", 40_000_000]) {
    expect(problems(lifetime(wrong)), String(wrong)).toEqual([
      expect.stringMatching(/^jwt-secret:tokenLifetime: must be /),
    ]);
  }
});
