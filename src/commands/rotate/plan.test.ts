import { describe, expect, test } from "vitest";
import { Failure, UsageError } from "../command.ts";
import type { Deployed, DeployedService } from "./deployed.ts";
import type { Generations } from "./edit.ts";
import { back, emergency, finish, Refused, type Situation, start } from "./plan.ts";
import { status } from "./say.ts";
import type { StackSettings } from "./stack-file.ts";
import { margin } from "./wait.ts";

const since = new Date("2026-03-01T12:00:00Z");
const wait = 3600 + 300 + margin;
const at = (seconds: number) => new Date(since.getTime() + seconds * 1000);

const carries = ({ current, previous }: Generations): DeployedService => ({
  current: { version: String(current), generation: current },
  ...(previous === undefined ? {} : { previous: { version: String(previous), generation: previous } }),
});

interface Changes extends Partial<Omit<Situation, "deployed" | "settings">> {
  secret?: Generations;
  settings?: Partial<StackSettings>;
  deployed?: Partial<Omit<Deployed, "services">>;
  auth?: Generations;
  backend?: Generations;
}

/** Generation 2 signs and 1 is accepted, in the configuration and deployed; the wait is over. */
function rotating(changes: Changes = {}): Situation {
  const { secret = { current: 2, previous: 1 }, settings, deployed, now = at(wait) } = changes;
  const { auth = secret, backend = auth } = changes;
  return {
    environment: "staging",
    sandbox: false,
    settings: {
      secret: { source: "generated", protected: true, ...secret },
      secretName: "jwt-secret-staging",
      supplied: [],
      tokenLifetime: 3600,
      timeouts: { auth: 300, backend: 3600 },
      project: "shop",
      ...settings,
    },
    deployed: {
      services: { auth: carries(auth), backend: carries(backend) },
      authChanged: since,
      authTimeout: 300,
      ...deployed,
    },
    now,
  };
}

/** Generation 1 alone. */
const resting = (changes: Changes = {}) => rotating({ secret: { current: 1 }, ...changes });
const existing = (secret: Generations): Partial<StackSettings> => ({
  secret: { source: "existing", name: "jwt-secret-staging", ...secret },
});

describe("start", () => {
  test("goes to the next generation and keeps the present one", () => {
    expect(start(resting(), undefined)).toEqual({ current: 2, previous: 1 });
    expect(start(resting(), 5)).toEqual({ current: 5, previous: 1 });
  });

  test("with an existing secret goes to the version it is given, older or newer", () => {
    const situation = resting({ settings: existing({ current: 4 }), auth: { current: 4 } });
    expect(start(situation, 3)).toEqual({ current: 3, previous: 4 });
    expect(() => start(situation, undefined)).toThrow(UsageError);
  });

  const refused: [string, Situation, number | undefined, RegExp][] = [
    ["while a rotation is under way", rotating(), undefined, /a rotation is under way \(generation 2 and/],
    ["to the generation in use", resting(), 1, /generation 1 is in use already/],
    ["to an older one", resting({ secret: { current: 3 } }), 2, /an old key stays retired/],
    [
      "when another generation is deployed",
      resting({ auth: { current: 2 } }),
      undefined,
      /auth is deployed with generation 2, the configuration says generation 1: deploy first/,
    ],
    [
      "when the last rotation's end is not deployed in backend",
      resting({ auth: { current: 1 }, backend: { current: 1, previous: 2 } }),
      undefined,
      /backend is deployed with generation 1 and previous generation 2/,
    ],
  ];
  test.each(refused)("is refused %s", (_, situation, to, message) => {
    expect(() => start(situation, to)).toThrow(Refused);
    expect(() => start(situation, to)).toThrow(message);
  });

  test("is undetermined while nobody says how long tokens live", () => {
    expect(() => start(resting({ settings: { tokenLifetime: undefined } }), undefined)).toThrow(Failure);
  });
});

describe("finish", () => {
  test("drops the previous generation once its last token has died", () => {
    expect(finish(rotating())).toEqual({ current: 2 });
  });

  const early = (changes: Changes) => () => finish(rotating(changes));

  test("is refused a moment earlier, with the time left", () => {
    expect(early({ now: new Date(at(wait).getTime() - 1) })).toThrow(Refused);
    expect(early({ now: at(60) })).toThrow(
      /^too early: auth signed with generation 1 until 2026-03-01 12:00:00 UTC at the latest, .* until 2026-03-01 13:07:00 UTC \(tokens 1 h, a request under way 5 min, traffic and clocks 2 min\): run this again in 1 h 6 min/,
    );
  });

  test("waits for the longer of the timeout that is deployed and the one configured", () => {
    expect(early({ deployed: { authTimeout: 301 } })).toThrow(/too early/);
    expect(early({ settings: { timeouts: { auth: 301, backend: 1 } } })).toThrow(/too early/);
  });

  const refused: [string, Changes, RegExp][] = [
    ["without a rotation", { secret: { current: 2 } }, /no rotation is under way/],
    [
      "again before the end is deployed",
      { secret: { current: 2 }, auth: { current: 2, previous: 1 } },
      /the configuration is finished, but auth is deployed with generation 2 and previous generation 1/,
    ],
    ["when the start is not deployed", { auth: { current: 1 } }, /auth is deployed with generation 1,/],
    [
      "when the start reached backend alone",
      { auth: { current: 1 }, backend: { current: 2, previous: 1 } },
      /auth is deployed with generation 1, the configuration says generation 2 and previous generation 1/,
    ],
    [
      "when backend accepts another key",
      { backend: { current: 2, previous: 3 } },
      /backend is deployed with generation 2 and previous generation 3/,
    ],
  ];
  test.each(refused)("is refused %s", (_, changes, message) => {
    expect(early(changes)).toThrow(Refused);
    expect(early(changes)).toThrow(message);
  });

  test("is undetermined when the state is from the future, or nobody says how long tokens live", () => {
    expect(early({ now: new Date(since.getTime() - 1) })).toThrow(Failure);
    expect(early({ settings: { tokenLifetime: undefined } })).toThrow(/tokenLifetime is not set/);
  });
});

describe("back", () => {
  test("lets the older generation sign again and still accepts the newer one", () => {
    expect(back(rotating().settings, rotating())).toEqual({ current: 1, previous: 2 });
  });

  test("is refused when no rotation is under way: a retired key stays retired", () => {
    expect(() => back(resting().settings, resting())).toThrow(Refused);
  });

  test("is finished like any rotation", () => {
    const turned = rotating({ secret: { current: 1, previous: 2 } });
    expect(finish(turned)).toEqual({ current: 1 });
    expect(() => finish({ ...turned, now: at(wait - 1) })).toThrow(/signed with generation 2/);
  });
});

describe("emergency", () => {
  const settings = rotating().settings;

  test("goes to a new generation and accepts no older one", () => {
    expect(emergency(settings, undefined, undefined)).toEqual({ current: 3 });
    expect(emergency(settings, 2, undefined)).toEqual({ current: 3 });
    expect(emergency(resting().settings, 1, undefined)).toEqual({ current: 2 });
  });

  test("passes over a supplied key that was set before: who read one may have read it", () => {
    const supplied = { ...settings, supplied: [1, 2, 3] };
    expect(emergency(supplied, undefined, undefined)).toEqual({ current: 4 });
  });

  test("drops only the previous generation when that one leaked", () => {
    expect(emergency(settings, 1, undefined)).toEqual({ current: 2 });
    expect(() => emergency(settings, 1, 3)).toThrow(UsageError);
  });

  test("is refused for a generation that is not in use", () => {
    expect(() => emergency(settings, 7, undefined)).toThrow(/generation 7 is not in use .* refused already/);
  });

  test("needs the version's number with an existing secret", () => {
    const other = { ...settings, ...existing({ current: 2 }) };
    expect(() => emergency(other, undefined, undefined)).toThrow(UsageError);
    expect(emergency(other, undefined, 3)).toEqual({ current: 3 });
  });
});

describe("status", () => {
  const cases: [string, Situation, RegExp][] = [
    ["nothing under way", resting(), /generation 1 is in use, no rotation is under way\.\n {2}Next: .*start/],
    [
      "a start to deploy",
      rotating({ auth: { current: 1 } }),
      /deployed with generation 1.*\n {2}Next: npm run up/,
    ],
    ["waiting", rotating({ now: at(20) }), /Next: in 1 h 7 min: npm run rotate -- finish --stack staging\n$/],
    ["safe to go on", rotating(), /Next: npm run rotate -- finish --stack staging\n$/],
  ];
  test.each(cases)("says %s", (_, situation, text) => {
    expect(status(situation)).toMatch(text);
  });
});
