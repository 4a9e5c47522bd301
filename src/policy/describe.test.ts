import { expect, test } from "vitest";
import { absent, placeholder, reference, secretUrn, settled, unknown, versionUrn } from "./baseline.ts";
import { list, logicalName, printReference, printSecret } from "./describe.ts";

test.each([
  ["every part", reference("s", "1", "p"), "p/s@1"],
  ["a project not known", reference("s", "latest", unknown("x")), "s@latest"],
  ["a project by its resource", reference("s", "1", settled(secretUrn)), "s@1"],
  ["no version", reference("s", absent, "p"), "p/s (no version)"],
  ["unknown parts", reference(unknown("x"), unknown("y"), "p"), "p/(unknown secret)@(unknown version)"],
  [
    "parts by their resource",
    reference(settled(secretUrn), settled(versionUrn), "p"),
    "p/jwt-secret (by resource)@jwt-secret-1 (by resource)",
  ],
  ["a placeholder", reference(placeholder, "1", "p"), `p/"${placeholder}"@1`],
])("a reference with %s", (_what, given, printed) => {
  expect(printReference(given)).toBe(printed);
});

test("a secret is printed without its version", () => {
  expect(printSecret(reference("s", "1", "p"))).toBe("p/s");
});

test("a logical name is the last part of a URN, or all of what is none", () => {
  expect(logicalName(secretUrn)).toBe("jwt-secret");
  expect(logicalName("plain")).toBe("plain");
});

test.each([
  [[], ""],
  [["a"], "a"],
  [["a", "b"], "a and b"],
  [["a", "b", "a"], "a and b"],
  [["a", "b", "c", "d", "e"], "a, b, c, d and e"],
  [["a", "b", "c", "d", "e", "f"], "a, b, c, d, e and 1 more"],
])("the list of %j", (names, printed) => {
  expect(list(names)).toBe(printed);
});
