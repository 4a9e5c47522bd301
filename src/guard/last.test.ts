import type * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { lastTransformation } from "./last.ts";

test("ours stays last in the list that the SDK replaces with each addition", () => {
  const [one, two, ours]: pulumi.ResourceTransformation[] = [
    () => undefined,
    () => undefined,
    () => undefined,
  ];
  if (one === undefined || two === undefined || ours === undefined) throw new Error("three");
  const stack = { __transformations: [one] };
  lastTransformation(stack, ours);
  expect(stack.__transformations).toEqual([one, ours]);
  stack.__transformations = [...stack.__transformations, two];
  expect(stack.__transformations.map((each) => [one, two, ours].indexOf(each))).toEqual([0, 1, 2]);
});
