import { expect, test } from "vitest";
import { suggest } from "./suggest.ts";

test("the nearest word is suggested, whatever its case and dashes", () => {
  expect(suggest("regoin", ["project", "region"])).toBe("region");
  expect(suggest("min-instances", ["minInstances", "maxInstances"])).toBe("minInstances");
  expect(suggest("memroy", ["memory", "timeout"])).toBe("memory");
});

test("nothing near is no suggestion", () => {
  expect(suggest("volumes", ["image", "env", "port"])).toBeUndefined();
  expect(suggest("x".repeat(1000), ["image"])).toBeUndefined();
});
