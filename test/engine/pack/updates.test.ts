/** The pack through the life of a stack on the real engine: made, left alone, broken, rotated, taken down. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bench } from "./bench.ts";
import { environment, type Made, program, reads, refers } from "./program.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
  expect(await bench.up(program())).toMatchObject({ done: true, messages: [] });
});
afterAll(() => bench.close());

const carrying = (secret: string, version: number) => [
  `JWT_SECRET=${secret}@${version}`,
  `JWT_SECRET_KEY=${secret}@${version}`,
];
const deployed = {
  "auth-staging": carrying("jwt-secret-staging", 1),
  "backend-staging": carrying("jwt-secret-staging", 1),
};
/** Auth reads another secret, so backend would refuse what auth signs. */
const mismatch = program((draft) => {
  draft.env.auth = (_, other) => [environment, reads("JWT_SECRET", other)];
});

describe("a stack that is deployed", () => {
  test("carries what the program says, and an update that changes nothing passes without a word", async () => {
    expect(bench.references()).toEqual(deployed);
    expect(await bench.up(program())).toMatchObject({ done: true, messages: [] });
  });

  test("keeps both services as they were when an update without a preview would part them", async () => {
    const said = await bench.up(mismatch);
    expect(said).toMatchObject({ done: false, mandatory: ["same-jwt-secret"] });
    expect(bench.references()).toEqual(deployed);
  });

  test("keeps them when the program computes another secret, which no preview can see", async () => {
    const computed = program((draft) => {
      draft.env.auth = (jwt, other) => [
        environment,
        refers(
          "JWT_SECRET",
          jwt.secret.createTime.apply(() => other.secret.id),
          "1",
        ),
      ];
    });
    expect(await bench.up(computed)).toMatchObject({ done: false, mandatory: ["same-jwt-secret"] });
    expect(bench.references()).toEqual(deployed);
  });
});

describe("no configuration of the pack lets a mismatch through", () => {
  const configurations: [string, Record<string, unknown>][] = [
    ["all advisory", { all: "advisory" }],
    ["the rule advisory", { "same-jwt-secret": "advisory" }],
    ["the rule disabled", { "same-jwt-secret": "disabled" }],
    ["all disabled but one", { all: "disabled", "fingerprint-agrees": "advisory" }],
  ];
  test.each(configurations)("%s", async (_, config) => {
    const said = await bench.preview(mismatch, { config });
    expect(said.done).toBe(false);
    expect(said.mandatory).toEqual(["same-jwt-secret"]);
  });

  test("while the other rules go by it", async () => {
    const latest = program((draft) => {
      const env = (jwt: Made) => [environment, refers("JWT_SECRET", jwt.secret.secretId, "latest")];
      draft.env = { auth: env, backend: env };
    });
    const config = { "pinned-jwt-secret-version": "advisory", "jwt-secret-declared": "disabled" };
    expect(await bench.preview(latest, { config })).toMatchObject({
      done: true,
      mandatory: [],
      advisory: ["pinned-jwt-secret-version"],
    });
  });
});

describe("and at its end", () => {
  test("a rotation passes without a word", async () => {
    const rotated = program((draft) => {
      const env = ({ secret, versions: [old, current] }: Made) => [
        environment,
        refers("JWT_SECRET", secret.secretId, current.version),
        refers("JWT_SECRET_PREVIOUS", secret.secretId, old.version),
      ];
      draft.env = { auth: env, backend: env };
    });
    expect(await bench.preview(rotated)).toMatchObject({ done: true, messages: [] });
    expect(await bench.up(rotated)).toMatchObject({ done: true, messages: [] });
    const carried = ["JWT_SECRET=jwt-secret-staging@2", "JWT_SECRET_PREVIOUS=jwt-secret-staging@1"];
    expect(bench.references()).toEqual({ "auth-staging": carried, "backend-staging": carried });
  });

  test("the stack is taken down: the pack advises against the lost protection and stops nothing", async () => {
    const unprotected = program((draft) => {
      draft.protect = false;
    });
    expect(await bench.up(unprotected)).toMatchObject({ done: true, advisory: ["jwt-secret-guarded"] });
    expect(await bench.destroy()).toMatchObject({ done: true });
    expect(bench.references()).toEqual({});
  });
});
