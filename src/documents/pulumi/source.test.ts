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
const inState = (...resources: unknown[]) =>
  onlyEnvironment({ version: 3, deployment: { resources } }).declared?.source;
const inPreview = (config: unknown, outputs: unknown) =>
  onlyEnvironment({
    config: { "jwt-secret:secret": config },
    steps: [{ op: "same", urn: stack({}).urn, newState: stack(outputs) }],
  }).declared?.source;

test.each(["generated", "supplied", "existing"])("a state's output says %s", (source) => {
  expect(inState(other, stack({ source }))).toBe(source);
});
test("nothing else is a source", () => {
  expect(inState(stack({ source: "found" }))).toBeUndefined();
  expect(inState(stack({ source: "[secret]" }))).toBeUndefined();
  expect(inState(stack({}))).toBeUndefined();
  expect(inState(other)).toBeUndefined();
});
test("a preview's configuration comes before the output that was", () => {
  expect(inPreview('{"source":"existing"}', { source: "generated" })).toBe("existing");
  expect(inPreview(undefined, { source: "generated" })).toBe("generated");
});
test.each(["{", '{"source":"found"}', "[]", "[secret]", "{}"])(
  "a configuration such as %j says nothing",
  (config) => {
    expect(inPreview(config, { source: "generated" })).toBe("generated");
  },
);
