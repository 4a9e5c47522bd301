import { expect, test } from "vitest";
import { changesOf } from "./changes.ts";
import type { PreviewDocument } from "./document.ts";
import { recorded } from "./testing/world.ts";

const steps = (document: PreviewDocument, ops: readonly string[]) => {
  const [first] = document.steps;
  if (first === undefined) throw new Error("no steps");
  return {
    ...document,
    steps: ops.map((op) => ({ ...first, op, urn: "urn:pulumi:s::p::a:b:C$gcp:x/y:Secret::it" })),
  };
};

test("an update names the properties that change; what stays the same is no change", () => {
  expect(changesOf(recorded("change"))).toEqual([
    { op: "update", type: "Service", name: "backend", properties: ["template.scaling.maxInstanceCount"] },
  ]);
});

test("a first deployment makes everything", () => {
  const changes = changesOf(recorded("first"));
  expect(new Set(changes.map(({ op }) => op))).toEqual(new Set(["create"]));
  expect(changes.map(({ type }) => type)).toContain("Secret");
});

test("a replacement is one change, in whatever order its steps come", () => {
  const parts = ["create-replacement", "replace", "delete-replaced"];
  for (const ops of [parts, parts.toReversed()]) {
    expect(changesOf(steps(recorded("change"), ops))).toMatchObject([
      { op: "replace", type: "Secret", name: "it" },
    ]);
  }
});

test("a deletion is not hidden by another step of the same resource", () => {
  for (const ops of [
    ["delete", "update"],
    ["update", "delete"],
  ]) {
    expect(changesOf(steps(recorded("change"), ops))).toMatchObject([{ op: "delete" }]);
  }
});

test("what destroys comes first", () => {
  const document = recorded("rotation");
  const [last] = document.steps.slice(-1);
  if (last === undefined) throw new Error("no steps");
  const [first] = changesOf({ ...document, steps: [...document.steps, { ...last, op: "delete" }] });
  expect(first?.op).toBe("delete");
});

test("a refresh without drift changes nothing, one with drift says what", () => {
  const document = recorded("drift");
  expect(changesOf(document)).toMatchObject([{ op: "update", type: "Service", name: "backend" }]);
  expect(changesOf({ ...document, steps: document.steps.filter(({ op }) => op === "refresh") })).toEqual([]);
});
