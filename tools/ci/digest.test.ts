import { expect, test } from "vitest";
import { digestOf } from "./digest.ts";
import type { PreviewDocument, Step } from "./document.ts";
import { recorded } from "./testing/world.ts";

/** The document with one step changed; the one of backend's Service. */
function withStep(change: (step: Step) => Step): PreviewDocument {
  const document = recorded("change");
  return {
    ...document,
    steps: document.steps.map((step) =>
      step.urn.endsWith("service:Service::backend") ? change(step) : step,
    ),
  };
}

const original = digestOf(recorded("change"));

test("is a SHA-256", () => {
  expect(original).toMatch(/^[0-9a-f]{64}$/);
});

test("does not depend on when the preview ran, where the program lay, or in which order steps came", () => {
  const document = recorded("change");
  expect(digestOf({ ...document, duration: 12 })).toBe(original);
  expect(digestOf({ ...document, steps: document.steps.toReversed() })).toBe(original);
  const moved = {
    created: "2027-01-01T00:00:00Z",
    sourcePosition: "project:///elsewhere.ts#1,1",
    stackTrace: [],
  };
  const again = withStep((step) => ({ ...step, newState: { ...step.newState, ...moved } }));
  expect(digestOf(again)).toBe(original);
});

test("does not depend on the order of dependencies", () => {
  const reversed = withStep((step) => {
    const { dependencies } = step.newState ?? {};
    if (!Array.isArray(dependencies)) throw new Error("no dependencies");
    return { ...step, newState: { ...step.newState, dependencies: dependencies.toReversed() } };
  });
  expect(digestOf(reversed)).toBe(original);
});

const differences: [string, (step: Step) => Step][] = [
  ["another operation", (step) => ({ ...step, op: "replace" })],
  ["another input", (step) => ({ ...step, newState: { ...step.newState, inputs: { name: "other" } } })],
  [
    "another state before",
    (step) => ({ ...step, oldState: { ...step.oldState, inputs: { name: "other" } } }),
  ],
  ["another resource", (step) => ({ ...step, oldState: { ...step.oldState, id: "other" } })],
  ["protection taken off", (step) => ({ ...step, newState: { ...step.newState, protect: true } })],
];
test.each(differences)("%s is another preview", (_, change) => {
  expect(digestOf(withStep(change))).not.toBe(original);
});

test("a step more or less, and another configuration, are another preview", () => {
  const document = recorded("change");
  expect(digestOf({ ...document, steps: document.steps.slice(1) })).not.toBe(original);
  expect(digestOf({ ...document, config: { "gcp:project": "other" } })).not.toBe(original);
});

test("the order of variables counts: it is an input", () => {
  const reordered = withStep((step) => {
    const text = JSON.stringify(step.newState?.inputs);
    const swapped = text
      .replace('"name":"JWT_SECRET"', '"name":"X"')
      .replace('"name":"JWT_SECRET_KEY"', '"name":"JWT_SECRET"')
      .replace('"name":"X"', '"name":"JWT_SECRET_KEY"');
    expect(swapped).not.toBe(text);
    return { ...step, newState: { ...step.newState, inputs: JSON.parse(swapped) } };
  });
  expect(digestOf(reordered)).not.toBe(original);
});
