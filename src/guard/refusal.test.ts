import { expect, test } from "vitest";
import { isLanguageHost, Refusal } from "./refusal.ts";

function clients() {
  const calls: string[] = [];
  const answering = (name: string) => (_: unknown, answer: (error: unknown) => void) => {
    calls.push(name);
    answer(null);
  };
  return {
    calls,
    monitor: {
      registerResource: answering("register"),
      signalAndWaitForShutdown: answering("shutdown"),
    },
  };
}

test.each([
  ["/app/node_modules/@pulumi/pulumi/cmd/run", true],
  ["/app/node_modules/@pulumi/pulumi/cmd/run/index.js", true],
  ["C:\\app\\node_modules\\@pulumi\\pulumi\\cmd\\run\\index.js", true],
  ["/app/node_modules/.pnpm/@pulumi+pulumi@3/node_modules/@pulumi/pulumi/cmd/run/index.js", true],
  ["/app/node_modules/@pulumi/pulumi/cmd/run-policy-pack", false],
  ["/app/server.js", false],
  [undefined, false],
])("%s runs a program and nothing else: %s", (main, expected) => {
  expect(isLanguageHost(main)).toBe(expected);
});

test("a run that is not refused goes its way", () => {
  const { calls, monitor } = clients();
  new Refusal(monitor, undefined, () => true);
  const answers: unknown[] = [];
  monitor.registerResource({}, (error) => answers.push(error));
  monitor.signalAndWaitForShutdown({}, (error) => answers.push(error));
  expect({ calls, answers }).toEqual({ calls: ["register", "shutdown"], answers: [null, null] });
});

test("a program that ends before all it constructed is registered is not complete", () => {
  const { calls, monitor } = clients();
  new Refusal(monitor, undefined, () => false);
  const answers: unknown[] = [];
  monitor.signalAndWaitForShutdown({}, (error) => answers.push(error));
  expect(calls).toEqual([]);
  expect(String(answers[0])).toContain("ended too early");
});

test("after a refusal nothing is registered, and the program is never complete", async () => {
  const { calls, monitor } = clients();
  const refusal = new Refusal(monitor, undefined, () => true);
  const errors: unknown[] = [];
  for (const message of ["why", "another reason"]) {
    await refusal.refuse(message).catch((error: unknown) => errors.push(error));
  }
  expect(() => monitor.registerResource({}, () => {})).toThrow("why");
  monitor.signalAndWaitForShutdown({}, (error) => errors.push(error));
  expect(new Set(errors).size).toBe(1);
  expect(calls).toEqual([]);
});

test("the line of a refusal stays as it is, whatever is put before it", async () => {
  const refusal = new Refusal(clients().monitor, undefined, () => true);
  const error: unknown = await refusal.refuse("why").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  if (!(error instanceof Error)) return;
  error.message = `error serializing property: ${error.message}`;
  expect(error.message).toBe("why");
});
