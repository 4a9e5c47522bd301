import { expect, test } from "vitest";
import { duration, instant, margin, waitFrom } from "./wait.ts";

test("a key is kept for the longest token, the longest request that could still sign one, and the margin", () => {
  const wait = waitFrom(new Date("2026-03-01T12:00:00Z"), 300, 3600);
  expect(wait.until.getTime() - wait.since.getTime()).toBe((300 + 3600 + margin) * 1000);
});

test("a duration has its two largest units, and is never said shorter than it is", () => {
  const said: [number, string][] = [
    [0, "0 s"],
    [0.2, "1 s"],
    [59, "59 s"],
    [60, "1 min"],
    [3600, "1 h"],
    [4020, "1 h 7 min"],
    [4021, "1 h 8 min"],
    [3599.5, "1 h"],
    [86_400 * 30 + 1, "30 d 1 h"],
  ];
  expect(said.map(([seconds]) => duration(seconds))).toEqual(said.map(([, text]) => text));
});

test("an instant is rounded up to the second", () => {
  expect(instant(new Date("2026-03-01T12:00:00.001Z"))).toBe("2026-03-01 12:00:01 UTC");
});
