import { expect, test } from "vitest";
import { markdownWriter } from "./markdown.ts";
import { failing, options, passing, reportOf } from "./testing/sample.ts";

test("the verdict comes first, then services, picture, findings and folded details", () => {
  const text = markdownWriter.write(reportOf(failing()), options);
  const order = [
    "## ❌ jwt-secret: violation",
    "### ❌ <code>staging</code>: violation",
    "| auth | <code>auth-staging</code> | <code>netra-staging/jwt-secret-staging&#64;1</code> |",
    "```mermaid\nflowchart LR",
    "**Findings**",
    "- ❌ **violation**: <code>same-jwt-secret</code>",
    "**At:** <code>index.ts&#58;23&#58;10 &#40;in preview.json&#41;</code>",
    "- ❔ **undetermined**: <code>accessor-granted</code>",
    "**Advisory, without weight in the verdict**",
    "**Waived, without weight in the verdict**",
    "**Waived** until 2025-12-31: until the pipeline pins",
    "<details><summary>Details: 1 rule held, 0 not applicable</summary>",
    "</details>",
  ].map((part) => text.indexOf(part));
  expect(order.every((at) => at >= 0)).toBe(true);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test("nothing to check is said, under a verdict that is no pass", () => {
  expect(markdownWriter.write(reportOf(), options)).toBe(
    "## ❔ jwt-secret: undetermined\n\nNo service was found to check, so nothing is known to hold.\n",
  );
});

test("a verdict that no finding explains is said aloud", () => {
  const text = markdownWriter.write(reportOf(passing({ verdict: "undetermined" })), options);
  expect(text).toContain("The verdict on staging is undetermined, and no finding says why.");
});

test("a long report gives up pictures, then the details of what passes, never a verdict or a finding", () => {
  const names = Array.from({ length: 200 }, (_, index) => `env-${index}`);
  const text = markdownWriter.write(reportOf(failing(), ...names.map((name) => passing({ name }))), options);
  expect(text.length).toBeLessThan(65_000);
  expect(text).not.toContain("```mermaid");
  expect(text).toContain("Shortened: pictures are left out. Environments that pass are named only.");
  expect(text).toContain("<code>same-jwt-secret</code>");
  for (const name of names) expect(text).toContain(`### ✅ <code>${name}</code>: pass`);
});
