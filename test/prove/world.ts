/** What fast-check draws: a right world, one to three mutations of it, and a way to write it down. */
import fc from "fast-check";
import { type Base, makeWorld } from "./baseline.ts";
import { Dice } from "./dice.ts";
import { type Case, cycle, type Options, type Rendering, type Spelling } from "./model.ts";
import { mutations } from "./mutations/all.ts";

/** A mutation by name, the environment it strikes (cycled), and the numbers its choices are made from. */
interface Step {
  name: string;
  environment: number;
  numbers: readonly number[];
}

export interface Seeded {
  base: Base;
  options: Options;
  rendering: Rendering;
  steps: readonly Step[];
  /** Give `--environment`, where that is how the environment is named. */
  named: boolean;
}

const someVariables = fc.subarray([0, 1, 2], { minLength: 1 });

const base: fc.Arbitrary<Base> = fc.record({
  environments: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(["staging"], ["production"], ["dev-eu"]) },
    { weight: 2, arbitrary: fc.constant(["staging", "production"]) },
    { weight: 1, arbitrary: fc.constant(["staging", "production", "dev-eu"]) },
  ),
  naming: fc.constantFrom("%-$", "%", "netra-%-service", "$-%"),
  authVariables: someVariables,
  backendVariables: someVariables,
  version: fc.integer({ min: 1, max: 3 }),
  previous: mostly(false),
  fingerprint: mostly(false),
  further: fc.oneof(
    { weight: 6, arbitrary: fc.constant("none" as const) },
    { weight: 3, arbitrary: fc.constantFrom("service" as const, "job" as const, "workerPool" as const) },
  ),
  sidecar: fc.oneof(
    { weight: 4, arbitrary: fc.constant("none" as const) },
    { weight: 2, arbitrary: fc.constantFrom("plain" as const, "with-secret" as const) },
  ),
  file: mostly(false),
  database: mostly(false),
  grants: fc.constantFrom(
    "member",
    "binding",
    "policy",
    "project-member",
    "project-binding",
    "project-policy",
  ),
  label: mostly(true),
  source: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom("generated" as const, "supplied" as const, null) },
    { weight: 1, arbitrary: fc.constant("existing" as const) },
  ),
  oneProject: fc.boolean(),
});

const spelling: fc.Arbitrary<Spelling> = fc.record({
  secret: fc.oneof(
    { weight: 4, arbitrary: fc.constant("short" as const) },
    { weight: 4, arbitrary: fc.constantFrom("id" as const, "number" as const, "alias" as const) },
    { weight: 3, arbitrary: fc.constantFrom("output-id" as const, "output-name" as const) },
  ),
  version: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom("literal" as const, "output" as const) },
    { weight: 1, arbitrary: fc.constant("stray-output" as const) },
  ),
});

/** One spelling for all references in half of the cases, so that unequal spellings are not the only mistake. */
const spellings = fc.oneof(
  fc.array(spelling, { minLength: 1, maxLength: 1 }),
  fc.array(spelling, { minLength: 1, maxLength: 7 }),
);

const flags = (common: boolean) => fc.array(mostly(common), { minLength: 1, maxLength: 3 });

export const rendering: fc.Arbitrary<Rendering> = fc.record({
  family: fc.constantFrom("pulumi", "cloudrun"),
  pulumi: fc.record({
    kind: fc.constantFrom("preview", "export", "checkpoint"),
    phase: fc.constantFrom("first", "settled", "rotation"),
    showSames: mostly(true),
    refresh: mostly(false),
    replaces: mostly(false),
    knative: flags(false),
    hidden: fc.oneof(
      { weight: 9, arbitrary: fc.constant<boolean[]>([false]) },
      { weight: 1, arbitrary: fc.array(fc.boolean(), { minLength: 1, maxLength: 2 }) },
    ),
    changed: fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }),
    unknownAccounts: mostly(false),
    configured: mostly(true),
  }),
  cloudrun: fc.record({
    kind: fc.constantFrom("v1", "v2"),
    syntax: fc.constantFrom("json", "yaml"),
    layout: fc.constantFrom("one-file-each", "list", "several-documents"),
    namespace: fc.constantFrom("id", "number", "none"),
    foreignShape: mostly(false),
    revision: flags(false),
  }),
  encoding: fc.oneof(
    { weight: 4, arbitrary: fc.constant("utf-8" as const) },
    { weight: 1, arbitrary: fc.constantFrom("utf-8-bom" as const, "utf-16le" as const, "utf-16be" as const) },
  ),
  spellings,
  order: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000_000 })),
});

const options: fc.Arbitrary<Options> = fc
  .record({
    matched: fc.oneof(
      { weight: 2, arbitrary: fc.constant<number[]>([]) },
      { weight: 3, arbitrary: fc.constant<number[]>([0, 1, 2]) },
      { weight: 1, arbitrary: fc.subarray([0, 1, 2]) },
    ),
    project: fc.oneof(
      { weight: 4, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constant(0) },
    ),
    environment: fc.constant(undefined),
    services: fc.constant({}),
    reads: fc.constant({}),
  })
  .map(({ matched, project }) => ({
    matched,
    ...(project === undefined ? {} : { project }),
    services: {},
    reads: {},
  }));

const step: fc.Arbitrary<Step> = fc.record({
  name: fc.constantFrom(...Object.keys(mutations)),
  environment: fc.nat(2),
  numbers: fc.array(fc.nat(11), { maxLength: 5 }),
});

const steps = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Step[]>([]) },
  { weight: 5, arbitrary: fc.array(step, { minLength: 1, maxLength: 1 }) },
  { weight: 3, arbitrary: fc.array(step, { minLength: 2, maxLength: 3 }) },
);

/** The numbers a case is built from: these are what fast-check shrinks. */
export const seeded: fc.Arbitrary<Seeded> = fc.record({
  base,
  options,
  rendering,
  steps,
  named: fc.boolean(),
});

/** The case that the numbers stand for. */
export function build({ base, options, rendering, steps, named }: Seeded): Case {
  const subject: Case = structuredClone({
    world: makeWorld(base),
    options,
    rendering,
    mutations: steps.map(({ name }) => name),
  });
  for (const { name, environment, numbers } of steps) {
    mutations[name]?.(subject, cycle(subject.world.environments, environment), new Dice(numbers));
  }
  const [environment, ...others] = subject.world.environments;
  if (rendering.family === "cloudrun") {
    // An environment named by the user is one; several are told apart by what the documents say.
    if (named && environment && others.length === 0) subject.options.environment = environment.name;
    // A list of services holds services.
    for (const { services } of subject.world.environments) {
      for (const service of services) service.kind = "service";
    }
  }
  return subject;
}

function mostly(common: boolean): fc.Arbitrary<boolean> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant(common) },
    { weight: 1, arbitrary: fc.constant(!common) },
  );
}
