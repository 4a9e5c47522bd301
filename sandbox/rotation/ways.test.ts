import { describe, expect, test } from "vitest";
import type { Result } from "./tally.ts";
import { rightResult, wrongResult } from "./testing/result.ts";
import { problemOf, type Way, ways } from "./ways.ts";

const run = () => Promise.reject(new Error("is not run"));
const right: Way = { name: "right", title: "", refuses: false, run };
const wrong: Way = { ...right, name: "wrong", refuses: true };
const problem = (change: Partial<Result>, checks = 3000) =>
  problemOf(right, { ...rightResult(), ...change }, checks);

test("the right way is what it is called when nothing was refused, and a wrong one when something was", () => {
  expect(problem({})).toBeUndefined();
  expect(problemOf(wrong, wrongResult(), 3000)).toBeUndefined();
});

describe("the right way is not proved by", () => {
  const { total, pairs } = rightResult();
  const cases: [string, Partial<Result>, RegExp][] = [
    ["a refused token", { total: { ...total, refused: 1 } }, /^right: 1 of 3001 tokens were refused$/],
    ["a check without an answer", { total: { ...total, failed: 1 } }, /1 of 3001 checks got no answer/],
    ["a WebSocket that was cut", { cut: 1 }, /1 open WebSockets were cut/],
    ["too few tokens", { total: { ...total, accepted: 2999 } }, /only 2999 tokens were checked, of 3000/],
    ["one revision throughout", { pairs: pairs.slice(0, 1) }, /did not see the rotation/],
    ["no token that outlived its revision", { pairs: pairs.slice(0, 2) }, /did not see the rotation/],
  ];
  test.each(cases)("%s", (_, change, message) => {
    expect(problem(change)).toMatch(message);
  });
});

test("a wrong way that refuses nothing shows nothing", () => {
  expect(problemOf(wrong, rightResult(), 1)).toMatch(/^wrong: no token of 3000 was refused/);
});

test("one way is right, and three are the usual wrong ones", () => {
  expect(ways.map(({ refuses }) => refuses)).toEqual([false, true, true, true]);
});
