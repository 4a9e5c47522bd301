/** How a finding travels in an issue of a failed parse. */
import { expect, test } from "vitest";
import { known, service, staging } from "./baseline.ts";
import { FindingIssue, Policy } from "./schema.ts";

const ambiguous = staging({
  services: [...staging().services, service("auth", { name: known("auth-two") })],
});
const [issue] = Policy.safeParse({ environments: [ambiguous] }).error?.issues ?? [];

test("an issue of the policy is a finding, with the environment and the rule as its path", () => {
  expect(FindingIssue.safeParse(issue).data).toMatchObject({
    path: ["environments", 0, "services-present"],
    params: { rule: "services-present", verdict: "undetermined" },
  });
});

test.each([undefined, null, "a text", {}])("an issue that carries %j is none", (params) => {
  expect(FindingIssue.safeParse({ ...issue, params }).success).toBe(false);
});
