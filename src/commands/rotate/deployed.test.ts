import { describe, expect, test } from "vitest";
import { Failure } from "../command.ts";
import { readDeployed } from "./deployed.ts";
import type { StackSettings } from "./stack-file.ts";
import { type Changes, changed, deployedState } from "./testing/deployed.ts";

const settings: StackSettings = {
  secret: { source: "generated", current: 2, previous: 1, protected: true },
  secretName: "jwt-secret-staging",
  supplied: [],
  tokenLifetime: 3600,
  timeouts: { auth: 300, backend: 3600 },
  project: "netra-staging",
};

const read = (value: unknown = deployedState(), with_: StackSettings = settings) =>
  readDeployed(value, "state.json", { environment: "staging", sandbox: false }, with_);

test("the baseline: both services carry generation 2 and, as the previous one, 1, since auth was changed", () => {
  const carries = {
    current: { version: "2", generation: 2 },
    previous: { version: "1", generation: 1 },
  };
  expect(read()).toEqual({
    services: { auth: carries, backend: carries },
    authChanged: new Date(changed),
    authTimeout: 300,
  });
});

test("of the engine's time and Google's the later one counts", () => {
  const later = deployedState({
    resource: (auth) => {
      auth.outputs = { ...auth.outputs, updateTime: "2026-03-01T12:00:07Z" };
    },
  });
  expect(read(later).authChanged).toEqual(new Date("2026-03-01T12:00:07Z"));
});

test("a generation is what the state says its version became, not the version's number", () => {
  const state = deployedState({ auth: { current: "2", previous: "1" } });
  const text = JSON.stringify(state).replaceAll("jwt-secret-g2", "jwt-secret-g5");
  expect(read(JSON.parse(text)).services.auth.current).toEqual({ version: "2", generation: 5 });
});

test("with an existing secret the version's number is the generation", () => {
  const existing: StackSettings = {
    ...settings,
    secret: { source: "existing", name: "jwt-secret-staging", current: 9 },
  };
  const state = deployedState({ auth: { current: "9", previous: "8" } });
  expect(read(state, existing).services.backend).toEqual({
    current: { version: "9", generation: 9 },
    previous: { version: "8", generation: 8 },
  });
});

test("a version of no generation is said to be of none", () => {
  const state = deployedState({ backend: { current: "7" } });
  expect(read(state).services.backend).toEqual({ current: { version: "7", generation: undefined } });
});

test("a creation of something else that was cut off once stays noted, and says nothing of the services", () => {
  const state = deployedState();
  state.deployment.pending_operations = [{ type: "creating", resource: { urn: "urn:pulumi:a::b::c::jwt" } }];
  expect(read(state).authChanged).toEqual(new Date(changed));
});

describe("what the state does not tell is undetermined, with the reason", () => {
  const output = (name: string, value: unknown): Changes => ({
    resource: (auth) => {
      auth.outputs = { ...auth.outputs, [name]: value };
    },
  });
  const more = (name: string, value: unknown): Changes => ({
    resource: (auth) => {
      auth.more[name] = value;
    },
  });
  const cases: [string, Changes, RegExp][] = [
    ["another stack's state", { stack: "production" }, /state of production, not of staging/],
    ["another secret", { secret: "jwt" }, /JWT_SECRET of auth reads the secret jwt, the configuration says/],
    ["`latest`", { backend: { current: "latest" } }, /of backend shows no version's number/],
    ["no time of auth's change", more("modified", undefined), /does not say when auth was last changed/],
    ["a time that is none", more("modified", "yesterday"), /auth is not written as the engine writes it/],
    ["a change that failed", more("initErrors", ["denied"]), /newest revision of auth is not ready/],
    [
      "a revision that is not ready",
      output("latestCreatedRevision", "auth-staging-00003-xyz"),
      /newest revision of auth is not ready, so an older one serves/,
    ],
    ["no revision at all", output("latestReadyRevision", ""), /does not say which revision of auth serves/],
    ["a change under way", output("reconciling", true), /auth was still being changed/],
    [
      "traffic on an older revision",
      output("trafficStatuses", [
        { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", percent: 100, revision: "auth-staging-00001-abc" },
      ]),
      /auth's traffic does not all go to its newest revision/,
    ],
    [
      "variables that disagree",
      {
        resource: (auth) => {
          const text = JSON.stringify(auth.inputs).replace('"version":"2"', '"version":"1"');
          auth.inputs = JSON.parse(text);
        },
      },
      /JWT variables of auth carry several versions/,
    ],
    [
      "hidden variables",
      {
        resource: (auth) => {
          auth.inputs = { ...auth.inputs, template: { containers: "[secret]" } };
        },
      },
      /auth's variables are hidden/,
    ],
    [
      "no JWT variable",
      {
        resource: (auth) => {
          auth.inputs = { ...auth.inputs, template: { containers: [{ envs: [] }] } };
        },
      },
      /auth carries no JWT variable/,
    ],
  ];
  test.each(cases)("%s", (_, changes, message) => {
    const reading = () => read(deployedState(changes));
    expect(reading).toThrow(Failure);
    expect(reading).toThrow(message);
  });

  test("an update of a service that was cut off, or of nobody knows what", () => {
    const state = deployedState();
    const urn = state.deployment.resources.at(-2)?.urn;
    for (const operation of [{ type: "updating", resource: { urn } }, { type: "updating" }]) {
      state.deployment.pending_operations = [operation];
      expect(() => read(state)).toThrow(/an update of auth was cut off/);
    }
  });

  test("no services", () => {
    expect(() => read({ version: 3, deployment: { resources: [] } })).toThrow(/holds no auth/);
  });

  test("what is no state: a preview says what will be, not what is", () => {
    expect(() => read({ steps: [] })).toThrow(/is not a state/);
    expect(() => read([])).toThrow(/is not a state/);
    expect(() => read({ version: 9, deployment: {} })).toThrow(/newer than this program/);
  });
});
