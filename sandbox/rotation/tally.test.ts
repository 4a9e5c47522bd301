import { expect, test } from "vitest";
import { type Check, Tally } from "./tally.ts";

const check: Check = { outcome: "accepted", signedBy: "a", checkedBy: "b", way: "http", age: 1 };

test("checks are counted by half seconds, by outcome, by revisions and by reason", () => {
  let now = 5000;
  const tally = new Tally(() => now);
  tally.add(check);
  now += 1100;
  tally.mark("start");
  tally.add({ ...check, way: "websocket", age: 7 });
  tally.add({ ...check, outcome: "refused", signedBy: "a2", reason: "request: 403, bad signature" });
  tally.add({ ...check, outcome: "failed", reason: "http: ECONNRESET" });
  tally.cut();
  expect(tally.total).toEqual({ accepted: 2, refused: 1, failed: 1, all: 4 });
  expect(tally.result()).toEqual({
    duration: 1.1,
    total: { accepted: 2, refused: 1, failed: 1 },
    handshakes: 1,
    buckets: [
      { accepted: 1, refused: 0, failed: 0 },
      { accepted: 0, refused: 0, failed: 0 },
      { accepted: 1, refused: 1, failed: 1 },
    ],
    marks: [{ at: 1.1, label: "start" }],
    pairs: [
      { signedBy: "a", checkedBy: "b", accepted: 2, refused: 0, failed: 1 },
      { signedBy: "a2", checkedBy: "b", accepted: 0, refused: 1, failed: 0 },
    ],
    reasons: { "request: 403, bad signature": 1, "http: ECONNRESET": 1 },
    oldest: 7,
    cut: 1,
  });
});
