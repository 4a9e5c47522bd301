/** Every rule in a preview on the real engine: one stack that passes and one that does not, and what nobody can know. */
import { randomBytes } from "node:crypto";
import { all, type Input } from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packedRules } from "../../../policy-pack/judge.ts";
import { Bench } from "./bench.ts";
import { type Draft, type Env, environment, type Made, plain, program, reads, refers } from "./program.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());

type Change = (draft: Draft) => void;
/** Both services get the same variables. */
const both =
  (env: (jwt: Made, other: Made) => Input<Env[]>): Change =>
  (draft) => {
    draft.env = { auth: env, backend: env };
  };
/** Auth gets other variables than the right ones. */
const auth =
  (env: (jwt: Made, other: Made) => Input<Env[]>): Change =>
  (draft) => {
    draft.env.auth = env;
  };
const second = ({ secret, versions }: Made): Made => ({ secret, versions: [versions[1], versions[0]] });
const fingerprint = randomBytes(16).toString("hex");

describe("a first deployment passes without a word", () => {
  const sound: [string, Change | undefined][] = [
    ["as it stands", undefined],
    [
      "with the secret's ID, which no preview knows",
      both((jwt) => [environment, refers("JWT_SECRET", jwt.secret.id, jwt.versions[0].version)]),
    ],
    [
      "with the name of the secret and of the version, which no preview knows",
      both((jwt) => [environment, refers("JWT_SECRET", jwt.secret.name, jwt.versions[0].version)]),
    ],
    [
      "with a fingerprint and plain variables",
      both((jwt) => [
        environment,
        plain("LOG_LEVEL", "debug"),
        plain("JWT_SECRET_FINGERPRINT", fingerprint),
        reads("JWT_SECRET_KEY", jwt),
      ]),
    ],
  ];
  test.each(sound)("%s", async (_, change) => {
    expect(await bench.preview(program(change))).toMatchObject({ done: true, messages: [] });
  });
});

const refused: [rule: string, what: string, Change][] = [
  [
    "services-present",
    "backend is left out",
    (draft) => {
      draft.made = ["auth"];
    },
  ],
  ["jwt-secret-injected", "auth carries no JWT variable", auth(() => [environment])],
  [
    "no-plaintext-jwt-secret",
    "auth carries its key as plain text",
    auth(() => [environment, plain("JWT_SECRET", randomBytes(32).toString("hex"))]),
  ],
  [
    "single-jwt-reference",
    "a second variable of auth reads another secret",
    auth((jwt, other) => [environment, reads("JWT_SECRET_KEY", jwt), reads("JWT_SECRET", other)]),
  ],
  [
    "same-jwt-secret",
    "auth reads another secret, by name",
    auth((_, other) => [environment, reads("JWT_SECRET", other)]),
  ],
  [
    "same-jwt-secret",
    "the services read two secrets, by IDs that no preview knows",
    (draft) => {
      draft.env.auth = (jwt) => [environment, refers("JWT_SECRET", jwt.secret.id, jwt.versions[0].version)];
      draft.env.backend = (_, other) => [
        environment,
        refers("JWT_SECRET", other.secret.id, other.versions[0].version),
      ];
    },
  ],
  [
    "same-jwt-secret-version",
    "auth reads another version of the secret",
    auth((jwt) => [environment, reads("JWT_SECRET", second(jwt))]),
  ],
  [
    "pinned-jwt-secret-version",
    "both read the latest version",
    both((jwt) => [environment, refers("JWT_SECRET", jwt.secret.secretId, "latest")]),
  ],
  [
    "environment-agrees",
    "auth calls itself production",
    auth((jwt) => [plain("ENVIRONMENT", "production"), reads("JWT_SECRET", jwt)]),
  ],
  [
    "jwt-secret-declared",
    "both read a secret that the stack does not make",
    both(() => [environment, refers("JWT_SECRET", "made-elsewhere", "1")]),
  ],
  [
    "accessor-granted",
    "auth's account may not read the secret",
    (draft) => {
      draft.granted = ["backend"];
    },
  ],
  [
    "fingerprint-agrees",
    "auth carries another fingerprint",
    (draft) => {
      const named = (text: string) => (jwt: Made) => [
        environment,
        plain("JWT_SECRET_FINGERPRINT", text),
        reads("JWT_SECRET", jwt),
      ];
      draft.env = { auth: named(fingerprint), backend: named(randomBytes(16).toString("hex")) };
    },
  ],
  [
    "previous-version-agrees",
    "auth alone accepts the previous version",
    auth((jwt) => [environment, reads("JWT_SECRET", jwt), reads("JWT_SECRET_PREVIOUS", second(jwt))]),
  ],
];

describe("a stack without a trace of a JWT secret", () => {
  test("is none of the policy's business", async () => {
    expect(await bench.preview(async () => {})).toMatchObject({ done: true, messages: [] });
  });

  test("is refused where the configuration requires one", async () => {
    const config = { "services-present": { required: true } };
    expect(await bench.preview(async () => {}, { config })).toMatchObject({
      done: false,
      mandatory: ["services-present"],
    });
  });
});

describe("a preview is refused", () => {
  test.each(refused)("by %s: %s", async (rule, _, change) => {
    const said = await bench.preview(program(change));
    expect(said.mandatory).toContain(rule);
    expect(said).toMatchObject({ done: false, advisory: [] });
  });

  test("or goes on with advice where jwt-secret-guarded finds an unprotected secret", async () => {
    const unprotected = program((draft) => {
      draft.protect = false;
    });
    expect(await bench.preview(unprotected)).toMatchObject({
      done: true,
      mandatory: [],
      advisory: ["jwt-secret-guarded"],
    });
    const config = { "jwt-secret-guarded": "mandatory" };
    expect(await bench.preview(unprotected, { config })).toMatchObject({
      done: false,
      mandatory: ["jwt-secret-guarded"],
    });
  });

  test("by every rule of the pack in some case", () => {
    const covered = new Set([...refused.map(([rule]) => rule), "jwt-secret-guarded"]);
    expect(packedRules.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
  });
});

describe("what cannot be known is refused as such", () => {
  const unknowable: [string, Change][] = [
    [
      "a secret named by something that is no secret",
      auth((jwt) => {
        const { result } = new RandomPassword("name", { length: 12 });
        return [environment, refers("JWT_SECRET", result, jwt.versions[0].version)];
      }),
    ],
    [
      "one of two secrets, chosen by a value of the update",
      auth((jwt, other) => {
        const chosen = all([jwt.secret.id, other.secret.id, jwt.secret.createTime]).apply(
          ([one, another, time]) => (time.endsWith("7Z") ? another : one),
        );
        return [environment, refers("JWT_SECRET", chosen, jwt.versions[0].version)];
      }),
    ],
    [
      "a whole list of variables",
      auth((jwt) => jwt.secret.createTime.apply(() => [environment, reads("JWT_SECRET", jwt)])),
    ],
  ];
  test.each(unknowable)("%s", async (_, change) => {
    const said = await bench.preview(program(change));
    expect(said.mandatory).toContain("same-jwt-secret");
    expect(said.done).toBe(false);
    expect(said.messages.join("\n")).toContain("cannot be told");
    expect(said.output).not.toContain("can't run policy");
  });
});
