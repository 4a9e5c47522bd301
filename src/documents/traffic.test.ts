import { expect, test } from "vitest";
import { unknownValue } from "./testing/stack.ts";
import { servingAsAsked } from "./traffic.ts";

const elsewhere = "40 % of its traffic goes to the revision auth-1, which no document shows";

test.each<[string, unknown, string | undefined]>([
  ["none", undefined, undefined],
  ["null", null, undefined],
  ["an empty list", [], undefined],
  ["v1, all to the latest", [{ latestRevision: true, percent: 100 }], undefined],
  ["v1, the latest by its name", [{ latestRevision: true, percent: 100, revisionName: "auth-1" }], undefined],
  [
    "v1, part elsewhere",
    [
      { latestRevision: true, percent: 60 },
      { percent: 40, revisionName: "auth-1" },
    ],
    elsewhere,
  ],
  ["v2, part elsewhere", [{ percent: 60 }, { percent: 40, revision: "auth-1" }], elsewhere],
  [
    "a tag elsewhere",
    [{ percent: 100 }, { revision: "auth-1", tag: "old" }, { percent: 0, revision: "auth-1" }],
    undefined,
  ],
  ["to the revision of the template", [{ percent: 100, revision: "auth-2" }], undefined],
  [
    "to the revision of the template, by its whole name",
    [{ percent: 100, revision: "projects/p/locations/l/services/auth/revisions/auth-2" }],
    undefined,
  ],
  [
    "v2, to the latest beside a name",
    [{ type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 100, revision: "auth-1" }],
    undefined,
  ],
  [
    "to an unknown revision",
    [{ percent: 100, revision: unknownValue }],
    "a revision that is not known gets 100 % of its traffic",
  ],
  ["masked", "[secret]", "its traffic is not shown: it is masked as a Pulumi secret"],
  ["of another shape", { percent: 100 }, "its traffic cannot be read"],
  ["a share that is no number", [{ percent: "100" }], "its traffic cannot be read"],
])("%s", (_, traffic, stale) => {
  expect(servingAsAsked(traffic, "auth-2")?.stale).toBe(stale);
});

test("a template that names no revision is of a new one", () => {
  expect(servingAsAsked([{ percent: 40, revision: "auth-1" }], undefined)?.stale).toBe(elsewhere);
  expect(servingAsAsked([{ percent: 40, revision: "auth-1" }], unknownValue)?.stale).toBe(elsewhere);
});

test("a worker pool splits its instances", () => {
  const stale = (raw: unknown) => servingAsAsked(raw, "pool-2", "instance split")?.stale;
  expect(stale([{ percent: 100, type: "INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST", revision: "pool-1" }])).toBe(
    undefined,
  );
  expect(stale([{ percent: 40, revision: "pool-1" }])).toBe(
    "40 % of its instance split goes to the revision pool-1, which no document shows",
  );
  expect(stale([{ percent: 100, revision: unknownValue }])).toBe(
    "a revision that is not known gets 100 % of its instance split",
  );
  expect(stale("[secret]")).toBe("its instance split is not shown: it is masked as a Pulumi secret");
  expect(stale(5)).toBe("its instance split cannot be read");
});
