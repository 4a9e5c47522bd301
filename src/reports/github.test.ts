import { expect, test } from "vitest";
import { githubWriter } from "./github.ts";
import { commandsIn } from "./testing/runner.ts";
import { failing, mismatch, options, passing, reportOf } from "./testing/sample.ts";

test("what decides the verdict is an error on its line, advice a warning, a waived finding a notice", () => {
  const commands = commandsIn(githubWriter.write(reportOf(failing()), options));
  expect(commands.map(({ name, properties }) => [name, properties.title])).toEqual([
    ["error", "same-jwt-secret (staging)"],
    ["error", "accessor-granted (staging, undetermined)"],
    ["warning", "jwt-secret-guarded (staging)"],
    ["notice", "pinned-jwt-secret-version (staging)"],
  ]);
  expect(commands[0]).toEqual({
    name: "error",
    properties: { file: "index.ts", line: "23", col: "10", title: "same-jwt-secret (staging)" },
    message: `${mismatch.message}\nFix: ${mismatch.fix}`,
  });
});

test("the log ends with the verdicts in plain text", () => {
  const text = githubWriter.write(reportOf(passing(), failing({ name: "production" })), options);
  expect(text.split("\n").slice(-4)).toEqual([
    "jwt-secret: staging: pass",
    "jwt-secret: production: violation (2 findings)",
    "jwt-secret: verdict: violation",
    "",
  ]);
});

test("a pass annotates nothing", () => {
  expect(commandsIn(githubWriter.write(reportOf(passing()), options))).toEqual([]);
});

test.each([
  ["nothing to check", reportOf()],
  ["a verdict that no finding explains", reportOf(passing({ verdict: "undetermined" }))],
])("%s is an error", (_, report) => {
  expect(commandsIn(githubWriter.write(report, options))).toMatchObject([{ name: "error" }]);
});

test("percent signs, colons, commas and line breaks arrive as they were", () => {
  const message = "100%0A, a:b";
  const location = { file: "a,b:c%3A.json", line: 3 };
  const [command] = commandsIn(
    githubWriter.write(reportOf(failing({ findings: [{ ...mismatch, message, location }] })), options),
  );
  expect(command?.message).toBe(`${message}\nFix: ${mismatch.fix}`);
  expect(command?.properties).toMatchObject({ file: "a,b:c%3A.json", line: "3" });
});

test("a note is a warning", () => {
  const text = githubWriter.write({ ...reportOf(passing()), notes: ["A waiver lapsed."] }, options);
  expect(commandsIn(text)).toMatchObject([{ name: "warning", message: "A waiver lapsed." }]);
});
