import { expect, test } from "vitest";
import { isCurrent } from "./inputs.generate.ts";

test("the input properties are those of the installed SDKs: else run node sandbox/providers/inputs.generate.ts", () => {
  expect(isCurrent()).toBe(true);
});
