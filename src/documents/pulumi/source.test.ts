/** Where the stack says its secret comes from. */
import { expect, test } from "vitest";
import { onlyEnvironment } from "../testing/facts.ts";

const stackType = "pulumi:pulumi:Stack";
const stack = (outputs: unknown) => ({
  urn: `urn:pulumi:staging::p::${stackType}::p-staging`,
  type: stackType,
  custom: false,
  outputs,
});
const other = {
  urn: "urn:pulumi:staging::p::gcp:secretmanager/secret:Secret::s",
  type: "gcp:secretmanager/secret:Secret",
  outputs: { source: "supplied" },
};
const seen = (document: unknown) => {
  const { source, sourceUnseen } = onlyEnvironment(document).declared ?? {};
  return source ?? sourceUnseen;
};
const inState = (...resources: unknown[]) => seen({ version: 3, deployment: { resources } });
const inPreview = (config: unknown, outputs: unknown, newOutputs?: unknown) =>
  seen({
    config: { "jwt-secret:secret": config },
    steps: [{ op: "same", urn: stack({}).urn, oldState: stack(outputs), newState: stack(newOutputs) }],
  });

test.each(["generated", "supplied", "existing"])("a state's output says %s", (source) => {
  expect(inState(other, stack({ source }))).toBe(source);
});
test("nothing else is a source", () => {
  expect(inState(stack({ source: "found" }))).toBeUndefined();
  expect(inState(stack({ source: 3 }))).toBeUndefined();
  expect(inState(stack({}))).toBeUndefined();
  expect(inState(stack(undefined))).toBeUndefined();
});
test("an output that is hidden, or left out with its stack, may be any", () => {
  expect(inState(stack({ source: "[secret]" }))).toContain("the stack's output source is not shown: ");
  expect(inState(other)).toBe("the document does not hold the stack's outputs");
});
test("a preview's configuration comes before the output that was", () => {
  expect(inPreview('{"source":"existing"}', { source: "generated" })).toBe("existing");
  expect(inPreview(undefined, { source: "generated" })).toBe("generated");
  expect(inPreview(undefined, { source: "generated" }, { source: "existing" })).toBe("existing");
});
test("a preview without either does not show the outputs that will be", () => {
  const unseen = "a preview does not show the outputs that the stack will have";
  expect(inPreview(undefined, {})).toBe(unseen);
  expect(inPreview("{", undefined)).toBe(unseen);
  expect(seen({ steps: [{ op: "create", urn: stack({}).urn, newState: stack(undefined) }] })).toBe(unseen);
});
test.each(["{", '{"source":"found"}', "[]", "[secret]", "{}"])(
  "a configuration such as %j says nothing",
  (config) => {
    expect(inPreview(config, { source: "generated" })).toBe("generated");
  },
);
