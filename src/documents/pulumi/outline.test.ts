/** What the outline drops changes nothing: a long document read in part tells the same as one read whole. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { readDocument, readValue } from "../document.ts";
import { DocumentError } from "../error.ts";
import { preview, resources, state, urnOf } from "../testing/stack.ts";
import { types } from "./resource.ts";

function outcome(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    if (error instanceof DocumentError) return error.describe();
    throw error;
  }
}

function expectSame(document: unknown): void {
  const text = JSON.stringify(document);
  const whole = outcome(() => readValue(JSON.parse(text), { file: "f" }));
  expect(outcome(() => readDocument(Buffer.from(text), { file: "f" }))).toStrictEqual(whole);
}

test("an unchanged component is known for one", () => {
  const secret = urnOf("acme:index:JwtKey", "keys");
  const document = preview(resources("04da6b54-80e4-46f7-96ec-b56ff0331ba9", "1"));
  for (const { newState } of document.steps) {
    if (newState?.propertyDependencies !== undefined) newState.propertyDependencies = { template: [secret] };
  }
  const component = { op: "same", urn: secret, newState: { custom: false } };
  expectSame({ ...document, steps: [...document.steps, component as never] });
});

/** Values that are right, wrong or strange in their place. */
const odd = fc.constantFrom<unknown>(undefined, null, true, false, 0, "", "x", [], {}, { delete: true }, [
  {},
]);
const urn = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        ...Object.values(types),
        "gcp:pubsub/topic:Topic",
        "random:index/randomId:RandomId",
        "a$b",
      ),
      fc.constantFrom("a", "b", "jwt-secret", "x::y"),
      fc.constantFrom("staging", "staging", "staging", "other"),
    )
    .map(([type, name, stack]) => urnOf(type, name, stack)),
  odd,
);
const side = fc.oneof(
  odd,
  fc.record(
    { inputs: odd, outputs: odd, delete: odd, custom: odd, urn, propertyDependencies: odd, protect: odd },
    { requiredKeys: [] },
  ),
);
const op = fc.oneof(
  fc.constantFrom("create", "same", "update", "delete", "delete-replaced", "discard", "refresh", "replace"),
  odd,
);
const step = fc.record({ op, urn, oldState: side, newState: side, extra: odd }, { requiredKeys: ["urn"] });
const entry = fc.record(
  { urn, type: odd, delete: odd, pendingReplacement: odd, inputs: odd, outputs: odd, dependencies: odd },
  { requiredKeys: ["urn"] },
);
const among = <T>(all: readonly T[], more: readonly unknown[], at: number) => [
  ...all.slice(0, at),
  ...more,
  ...all.slice(at),
];
const runs = { numRuns: 1000 };

test("previews", () => {
  const sound = preview(resources("s", "1"), { op: "update" });
  fc.assert(
    fc.property(fc.array(fc.oneof(step, odd), { maxLength: 4 }), fc.nat(4), (more, at) =>
      expectSame({ ...sound, steps: among(sound.steps, more, at) }),
    ),
    runs,
  );
});

test("states and checkpoints", () => {
  const { version, deployment } = state(resources("s", "1"));
  fc.assert(
    fc.property(
      fc.array(fc.oneof(entry, odd), { maxLength: 4 }),
      fc.nat(4),
      fc.boolean(),
      (more, at, isState) => {
        const latest = { resources: among(deployment.resources, more, at) };
        expectSame(isState ? { version, deployment: latest } : { version, checkpoint: { latest } });
      },
    ),
    runs,
  );
});

test("documents with something else where the lists are", () => {
  fc.assert(
    fc.property(odd, odd, odd, odd, (steps, deployment, checkpoint, latest) => {
      expectSame({ steps, diagnostics: [] });
      expectSame({ version: 3, deployment });
      expectSame({ version: 3, checkpoint });
      expectSame({ version: 3, checkpoint: { latest } });
    }),
  );
});

test("settling sees resources that no fact is made of, and not those that are deleted", () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const random = urnOf("random:index/randomId:RandomId", "suffix");
  const sound = preview(resources(unknown, "1"));
  const steps = sound.steps.map((each) => ({
    ...each,
    newState: { ...each.newState, propertyDependencies: { template: [random] } },
  }));
  const cases: [unknown[], boolean][] = [
    [[{ op: "create", urn: random, newState: { urn: random } }], true],
    [[{ op: "same", urn: random, newState: { urn: random } }], false],
    // A component that is depended on is a remote one, and its own step tells nothing of its children's.
    [[{ op: "same", urn: random, newState: { urn: random, custom: false } }], true],
    [[{ op: "same", urn: random, newState: { urn: random, custom: true } }], false],
    [
      [
        { op: "create", urn: random, newState: {} },
        { op: "delete", urn: random, oldState: {} },
      ],
      false,
    ],
    // The delete of an old copy leaves the new one.
    [
      [
        { op: "create", urn: random, newState: {} },
        { op: "delete", urn: random, oldState: { delete: true } },
      ],
      true,
    ],
  ];
  for (const [more, candidate] of cases) {
    const document = { ...sound, steps: [...steps, ...more] };
    expectSame(document);
    const text = JSON.stringify(readDocument(Buffer.from(JSON.stringify(document)), { file: "f" }));
    expect(text.includes("it may come from suffix"), JSON.stringify(more)).toBe(candidate);
  }
});
