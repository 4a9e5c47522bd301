/** What facts may leave out. */
import { expect, test } from "vitest";
import { service } from "./baseline.ts";
import { Facts } from "./facts.ts";

test("facts that say nothing of read orders and projects say that there are none", () => {
  const { reads: _reads, ...auth } = service("auth");
  expect(Facts.parse({ environments: [{ services: [auth] }] })).toEqual({
    environments: [{ services: [{ ...auth, reads: [] }], projects: [] }],
  });
});
