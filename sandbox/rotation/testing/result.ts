/** What a load saw of a right rotation, for tests to change in one place. */
import type { Result } from "../tally.ts";

const pair = (auth: number, backend: number) => ({
  signedBy: `auth-staging-0000${auth}-abc`,
  checkedBy: `backend-staging-0000${backend}-xyz`,
  accepted: 1000,
  refused: 0,
  failed: 0,
});

/** 3000 tokens, none refused, over two revisions of each service. */
export function rightResult(): Result {
  const bucket = { accepted: 1000, refused: 0, failed: 0 };
  return {
    duration: 1.5,
    total: { accepted: 3000, refused: 0, failed: 0 },
    handshakes: 750,
    buckets: [{ ...bucket }, { ...bucket }, { ...bucket }],
    marks: [{ at: 0.7, label: "start" }],
    pairs: [pair(1, 1), pair(2, 2), pair(1, 2)],
    reasons: {},
    oldest: 8,
    cut: 0,
  };
}

/** The same with tokens refused in the middle. */
export function wrongResult(): Result {
  const right = rightResult();
  const [first, , last] = right.buckets;
  return {
    ...right,
    total: { accepted: 2990, refused: 10, failed: 0 },
    buckets: [first ?? right.total, { accepted: 990, refused: 10, failed: 0 }, last ?? right.total],
  };
}
