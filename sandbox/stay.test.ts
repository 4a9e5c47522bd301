import { expect, test } from "vitest";
import { staysBy } from "./stay.ts";

const terminal = { terminal: true, ci: false };
const pipe = { terminal: false, ci: false };
const none = { detach: false, stay: false };

test.each([
  ["on a terminal", none, terminal, "stay"],
  ["on a terminal of a pipeline", none, { terminal: true, ci: true }, "end"],
  ["into a pipe", none, pipe, "end"],
  ["into a pipe, asked to stay", { detach: false, stay: true }, pipe, "stay"],
  ["on a terminal, detached", { detach: true, stay: false }, terminal, "detach"],
  ["into a pipe, detached", { detach: true, stay: false }, pipe, "detach"],
] as const)("%s", (_, asked, where, how) => {
  expect(staysBy(asked, where)).toBe(how);
});
