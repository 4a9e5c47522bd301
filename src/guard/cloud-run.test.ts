import { expect, test } from "vitest";
import { ignoredVariables } from "./cloud-run.ts";

test.each([
  "template",
  "template.containers",
  "template.containers[0]",
  "template.containers[0].envs",
  "template.containers[*].envs[2].valueSource",
  'template["containers"][0].envs',
  "template.template.containers[0].envs",
  "template.spec.containers[0].envs",
  "template.volumes",
  "template.containers[0].volumeMounts",
  "template.metadata.annotations",
  "*",
])("ignoring %s hides JWT variables", (path) => {
  expect(ignoredVariables(["client", path])).toBe(path);
});

test("what a service's own pipeline changes hides none", () => {
  const paths = [
    "template.containers[0].image",
    "client",
    "clientVersion",
    "template.revision",
    "template.scaling",
  ];
  expect(ignoredVariables(paths)).toBeUndefined();
});
