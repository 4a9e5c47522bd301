import { expect, test } from "vitest";
import { readAccessors } from "./accessors.ts";
import { stackOf } from "./resource.ts";

const member = "serviceAccount:e2e@shop-staging.iam.gserviceaccount.com";

/** What is read of a document whose root has these outputs, beside this configuration. */
function accessors(outputs: Record<string, unknown>, config: Record<string, unknown> = {}, foretold = false) {
  const urn = "urn:pulumi:staging::shop::pulumi:pulumi:Stack::shop-staging";
  const raw = { urn, type: "pulumi:pulumi:Stack", custom: false, inputs: {}, outputs };
  const source = { urn, raw, outputsFrom: raw, fresh: false, changing: false, at: "resources[0]" };
  return readAccessors(stackOf([source], { file: "x.json", config, foretold })).accessors;
}

test("a state lists them in the stack's output", () => {
  expect(accessors({ accessors: [member] })).toEqual([member]);
  expect(accessors({ accessors: [] })).toEqual([]);
});

test("what another resource calls so is not the stack's", () => {
  const urn = "urn:pulumi:staging::shop::gcp:secretmanager/secret:Secret::s";
  const raw = { urn, outputs: { accessors: [member] } };
  const source = { urn, raw, outputsFrom: raw, fresh: false, changing: false, at: "resources[0]" };
  expect(readAccessors(stackOf([source], { file: "x.json", config: {} }))).toEqual({});
});

test("a preview lists them in the configuration; its outputs are those that were", () => {
  const config = { "jwt-secret:accessors": JSON.stringify([member]) };
  expect(accessors({ accessors: [] }, config, true)).toEqual([member]);
  expect(accessors({ accessors: [member] }, {}, true)).toBeUndefined();
});

test("what does not show a list shows none", () => {
  expect(accessors({})).toBeUndefined();
  expect(accessors({ accessors: "all" })).toBeUndefined();
  expect(accessors({ accessors: ["[secret]", 1] })).toBeUndefined();
  expect(accessors({}, { "jwt-secret:accessors": "[secret]" }, true)).toBeUndefined();
  expect(accessors({}, { "jwt-secret:accessors": "not JSON" }, true)).toBeUndefined();
});
