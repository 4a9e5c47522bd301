/** The right services of staging, and one change each. */
import { expect, test } from "vitest";
import { types } from "../documents/pulumi/resource.ts";
import type { Environment } from "../environment/environment.ts";
import { readEnvironment } from "../environment/read.ts";
import { rules } from "../policy/rules/index.ts";
import { factsOf, type ReadService } from "./facts.ts";
import { askedRules, objection } from "./judge.ts";
import { Seen } from "./seen.ts";

const services = { auth: { image: "x" }, backend: { image: "x" } };
function environmentOf(secret: object): Environment {
  const values = {
    "gcp:project": "shop-staging",
    "gcp:region": "us-central1",
    "jwt-secret:secret": JSON.stringify(secret),
    "jwt-secret:services": JSON.stringify(services),
    "jwt-secret:projectNumber": "123456789012",
  };
  return readEnvironment({ environment: "staging", values, secretKeys: new Set() });
}
const generated = environmentOf({ source: "generated", current: 1 });

const names = ["JWT_SECRET", "JWT_SECRET_KEY", "JWT_SECRET_STAGING"];
const reference = (secret = "jwt-secret-staging", version: unknown = "1") => ({
  valueSource: { secretKeyRef: { secret, version } },
});
const right = (): object[] => [
  { name: "ENVIRONMENT", value: "staging" },
  ...names.map((name) => ({ name, ...reference() })),
];
const only = (name: string, variable: object): object[] =>
  right().map((one) => (Reflect.get(one, "name") === name ? { name, ...variable } : one));

const own = "jwt-secret:infrastructure:CloudRunService";
const urn = (type: string, name: string, parent = "") =>
  `urn:pulumi:staging::shop::${parent}${type}::${name}`;

function service(role: string, envs = right(), rest: Partial<ReadService> = {}): ReadService {
  return {
    urn: urn(types.serviceV2, role, `${own}$`),
    inputs: { name: `${role}-staging`, location: "us-central1", template: { containers: [{ envs }] } },
    dependencies: new Set(),
    ignoreChanges: [],
    ...rest,
  };
}

function worker(type: string, inputs: Record<string, unknown>): ReadService {
  return service("worker", [], { urn: urn(type, "worker"), inputs: { name: "worker", ...inputs } });
}

async function said(given: readonly ReadService[], environment = generated): Promise<string | undefined> {
  const variable = {
    inputs: { template: { containers: [{ envs: [{ name: "JWT_SECRET", ...reference() }] }] } },
    dependencies: new Set<never>(),
  };
  const seen = new Seen({ stack: "staging", project: "shop" });
  return objection(await factsOf(given, [{ variable }], environment, seen), environment);
}

const withWorker = (type: string, inputs: Record<string, unknown>) => [
  service("auth"),
  service("backend"),
  worker(type, inputs),
];
const v1 = (secret: string, annotations = {}) => ({
  template: {
    metadata: { annotations },
    spec: {
      containers: [
        {
          envs: [
            { name: "ENVIRONMENT", value: "staging" },
            { name: "JWT_SECRET_KEY", valueFrom: { secretKeyRef: { name: secret, key: "1" } } },
          ],
        },
      ],
    },
  },
});

test("the right services pass, alone and together", async () => {
  expect(await said([service("backend")])).toBeUndefined();
  expect(await said([service("auth"), service("backend")])).toBeUndefined();
});

test.each([
  ["by its full name", "projects/shop-staging/secrets/jwt-secret-staging"],
  ["by the project's number", "projects/123456789012/secrets/jwt-secret-staging"],
])("the secret passes %s", async (_, secret) => {
  const envs = [right()[0] ?? {}, ...names.map((name) => ({ name, ...reference(secret) }))];
  expect(await said([service("auth", envs), service("backend")])).toBeUndefined();
});

test("a v1 service, a job and a worker pool pass with the declared reference, and without any", async () => {
  const containers = [{ envs: right() }];
  expect(await said(withWorker(types.serviceV1, v1("jwt-secret-staging")))).toBeUndefined();
  expect(await said(withWorker(types.job, { template: { template: { containers } } }))).toBeUndefined();
  expect(await said(withWorker(types.workerPool, { template: { containers } }))).toBeUndefined();
  expect(
    await said(withWorker(types.serviceV2, { template: { containers: [{ envs: [] }] } })),
  ).toBeUndefined();
});

const wrong: [string, string, object[]][] = [
  ["a literal", "no-plaintext-jwt-secret", only("JWT_SECRET", { value: "x".repeat(64) })],
  ["another secret under one name", "single-jwt-reference", only("JWT_SECRET", reference("other"))],
  ["a second version", "single-jwt-reference", only("JWT_SECRET", reference("jwt-secret-staging", "2"))],
  ["no JWT variable", "jwt-secret-injected", right().slice(0, 1)],
  ["one name less", "jwt-secret-injected", right().slice(0, -1)],
  ["no ENVIRONMENT", "environment-agrees", right().slice(1)],
  [
    "latest",
    "pinned-jwt-secret-version",
    names.map((name) => ({ name, ...reference("jwt-secret-staging", "latest") })),
  ],
];
test.each(wrong)("%s on both services is refused by %s", async (_, rule, envs) => {
  expect(await said([service("auth", envs), service("backend", envs)])).toMatch(new RegExp(`^${rule}: `));
});

test("two services that agree on a secret that is not the declared one are refused", async () => {
  const envs = [right()[0] ?? {}, ...names.map((name) => ({ name, ...reference("other") }))];
  expect(await said([service("auth", envs), service("backend", envs)])).toMatch(/^jwt-secret-declared: /);
});

test("with a secret made elsewhere, another one is refused all the same", async () => {
  const existing = environmentOf({ source: "existing", name: "made-elsewhere", current: 3 });
  const envs = (secret: string) => [
    right()[0] ?? {},
    ...names.map((name) => ({ name, ...reference(secret, "3") })),
  ];
  const both = (secret: string) => [service("auth", envs(secret)), service("backend", envs(secret))];
  expect(await said(both("made-elsewhere"), existing)).toBeUndefined();
  expect(await said(both("another"), existing)).toMatch(/^jwt-secret-declared: /);
});

test("an alias that leads to another project's secret is followed", async () => {
  const alias = {
    "run.googleapis.com/secrets": "jwt-secret-staging:projects/other/secrets/jwt-secret-staging",
  };
  expect(await said(withWorker(types.serviceV1, v1("jwt-secret-staging", alias)))).toMatch(
    /^same-jwt-secret: /,
  );
});

test("ignored variables and unreadable containers are not passed", async () => {
  const ignoring = service("auth", right(), { ignoreChanges: ["template"] });
  expect(await said([ignoring, service("backend")])).toMatch(/hides the containers of auth-staging/);
  const unknown = service("auth", right(), {
    inputs: { name: "auth-staging", template: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
  });
  expect(await said([unknown, service("backend")])).toMatch(/hides the containers of auth-staging/);
});

test("a refusal is one line, whatever a service is called", async () => {
  const named = {
    name: "a\nb\u001b[31m",
    template: { containers: [{ envs: [{ name: "JWT_SECRET", value: "x" }] }] },
  };
  const line = await said(withWorker(types.serviceV2, named));
  expect(line).toMatch(/^no-plaintext-jwt-secret: a\\u\{a\}b/);
  expect(line?.split("\n")).toHaveLength(1);
});

test("every rule that is asked exists", () => {
  expect([...askedRules].filter((id) => !rules.some((rule) => rule.id === id))).toEqual([]);
});
