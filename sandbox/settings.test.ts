import { expect, test } from "vitest";
import { Failure } from "./failure.ts";
import { readSettings } from "./settings.ts";

test("staging is deployed unless another environment is named", () => {
  expect(readSettings(["up"])).toMatchObject({
    command: "up",
    environment: "staging",
    json: false,
    yes: false,
  });
  expect(readSettings(["up", "production"])).toMatchObject({ environment: "production" });
});

test("flags are read", () => {
  const settings = readSettings(["preview", "--json", "--sandbox", "there", "--grant-delay", "3"]);
  expect(settings).toMatchObject({ json: true, sandbox: "there", grantDelay: 3 });
});

test("what becomes of the services is read, and is nothing special by default", () => {
  expect(readSettings(["up"])).toMatchObject({ deployOnly: false, detach: false, stay: false });
  expect(readSettings(["up", "--detach"])).toMatchObject({ detach: true });
  expect(readSettings(["up", "--stay", "--deploy-only"])).toMatchObject({ stay: true, deployOnly: true });
});

test.each([["--help"], ["-h"]])("%s asks for help", (flag) => {
  expect(readSettings(["up", flag])).toBe("help");
});

test.each([
  ["an unknown command", ["fly"], /Choose one of up, preview, state, stop, destroy, reset/],
  ["an unknown flag", ["up", "--fast"], /--fast/],
  ["a malformed environment", ["up", "../x"], /"\.\.\/x": an environment's name is/],
  ["two environments", ["up", "staging", "production"], /One environment at a time: production/],
  ["a delay that is no number", ["up", "--grant-delay", "soon"], /--grant-delay/],
  ["a negative delay", ["up", "--grant-delay=-1"], /--grant-delay/],
])("%s is refused in one line", (_, args, message) => {
  const thrown = (() => {
    try {
      return readSettings(args);
    } catch (error) {
      return error;
    }
  })();
  expect(thrown).toBeInstanceOf(Failure);
  expect(String(thrown)).toMatch(message);
  expect(String(thrown)).not.toContain("\n");
});
