/** Settings that services which existed before need: their own accounts, further secrets, names of their own. */
import { expect, test } from "vitest";
import { ConfigurationError } from "./problems.ts";
import { readEnvironment } from "./read.ts";

const compute = "123456789012-compute@developer.gserviceaccount.com";

function read(auth: object, backend: object = {}, keys: Record<string, string> = {}) {
  const services = { auth: { image: "auth:1", ...auth }, backend: { image: "backend:1", ...backend } };
  const values = {
    "gcp:project": "shop-staging",
    "gcp:region": "us-central1",
    "jwt-secret:secret": JSON.stringify({ source: "generated" }),
    "jwt-secret:services": JSON.stringify(services),
    ...keys,
  };
  return readEnvironment({ environment: "staging", values, secretKeys: new Set() });
}

function problems(...args: Parameters<typeof read>): string[] {
  try {
    read(...args);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(({ key, text }) => `${key}: ${text}`);
    throw error;
  }
  return [];
}

test("an account may be the e-mail of one that exists, for both services too", () => {
  const { services } = read({ account: compute }, { account: compute });
  expect([services.auth.account, services.backend.account]).toEqual([compute, compute]);
});

test("an ID is one service's alone, and an e-mail must be a service account's", () => {
  expect(problems({ account: "runner" }, { account: "runner" })).toEqual([
    expect.stringContaining("services.backend.account: is auth's too"),
  ]);
  expect(problems({ account: "ann@example.com" })).toEqual([
    expect.stringContaining("services.auth.account: must be 6 to 30"),
  ]);
});

test("a further secret is SECRET@VERSION, of another project too", () => {
  const secrets = { DB: "db@latest", MAIL: "projects/mail-project/secrets/key@2" };
  expect(read({ secrets }).services.auth.secrets).toEqual({
    DB: { secret: "db", version: "latest" },
    MAIL: { secret: "projects/mail-project/secrets/key", version: "2" },
  });
  for (const wrong of ["db", "db@", "@1", "db/versions/1", "a@b@c"]) {
    expect(problems({ secrets: { DB: wrong } }), wrong).toHaveLength(1);
  }
});

test("a JWT variable cannot come from a further secret", () => {
  expect(problems({ secrets: { JWT_SECRET_KEY: "other@1" } })).toEqual([
    expect.stringContaining("JWT variables come from the one secret"),
  ]);
});

test("a variable is one thing only", () => {
  expect(problems({ env: { A: "1" }, secrets: { A: "a@1" } })).toEqual([
    "jwt-secret:services.auth.secrets.A: is set in env too; remove one of them",
  ]);
  expect(problems({ env: { A: "1" }, jwtVariables: ["A"] })).toEqual([
    expect.stringContaining("jwtVariables: names A, which is set elsewhere"),
  ]);
  expect(problems({ jwtVariables: ["A", "A"] })).toHaveLength(1);
});

test("a name that the program sets in any case need not be told", () => {
  expect(problems({ jwtVariables: ["JWT_SECRET_KEY"] })).toHaveLength(1);
  expect(read({ jwtVariables: ["SIGNING_KEY"] }).services.auth.jwtVariables).toEqual(["SIGNING_KEY"]);
});

test("AUTH_SERVICE_URL is a URL or false, and then the project's number is not needed", () => {
  expect(problems({}, { authServiceUrl: "auth" })).toHaveLength(1);
  const existing = { "jwt-secret:secret": JSON.stringify({ source: "existing", name: "jwt", current: 1 }) };
  expect(problems({}, {}, existing)).toEqual([expect.stringContaining("jwt-secret:projectNumber")]);
  expect(read({}, { authServiceUrl: false }, existing).services.backend.authServiceUrl).toBe(false);
});

test("a CPU stays written as it is where Cloud Run writes it so", () => {
  expect([read({ cpu: "1000m" }), read({ cpu: 1 })].map(({ services }) => services.auth.cpu)).toEqual([
    "1000m",
    "1",
  ]);
});
