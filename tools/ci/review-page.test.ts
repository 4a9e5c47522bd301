import { expect, test } from "vitest";
import { stale } from "../generated.ts";
import { reviewPage } from "./review-page.ts";

test("docs/review.md is current: run node tools/ci/review-page.ts", async () => {
  const page = await reviewPage();
  expect(stale(page)).toEqual([]);
  const text = page.get("docs/review.md") ?? "";
  expect(text).not.toMatch(/\{\{|\}\}/);
  for (const verdict of [
    "# jwt-secret: ✅ pass",
    "jwt-secret-key-staging",
    "still accepts",
    "What has drifted",
  ]) {
    expect(text).toContain(verdict);
  }
});
