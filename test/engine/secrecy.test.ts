/** The secret's value is in the sandbox's Secret Manager, and nowhere else. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { secretValues } from "./cloud-file.ts";
import { type Ran, TestSandbox } from "./sandbox.ts";

let sandbox: TestSandbox;
let temporary: string;
beforeEach(() => {
  sandbox = new TestSandbox();
  temporary = join(sandbox.folder, "tmp");
  mkdirSync(temporary);
});
afterEach(() => sandbox.remove());

/** The forms in which a value could lie about: as it is, encoded, and parts of it that no escaping changes. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  const parts = value.match(/[A-Za-z0-9]{12,}/g) ?? [];
  return [value, bytes.toString("base64"), bytes.toString("base64url"), bytes.toString("hex"), ...parts];
}

function leaksIn(text: string, values: readonly string[]): boolean {
  return values.some((value) => formsOf(value).some((form) => text.includes(form)));
}

/** The command lines of all processes, gathered while `work` runs. Linux only; elsewhere nothing is gathered. */
async function withProcessList<T>(work: Promise<T>): Promise<{ result: T; commandLines: string }> {
  let commandLines = "";
  const timer = setInterval(() => {
    const processes = existsSync("/proc") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
    for (const entry of processes) {
      try {
        commandLines += readFileSync(join("/proc", entry, "cmdline"), "utf8");
      } catch {
        // The process ended meanwhile.
      }
    }
  }, 50);
  try {
    return { result: await work, commandLines };
  } finally {
    clearInterval(timer);
  }
}

async function runs(args: readonly string[], kill = false): Promise<{ ran: Ran; commandLines: string }> {
  const started = sandbox.run(args, {
    env: { TMPDIR: temporary },
    ...(kill ? { faults: [{ at: { method: "POST", path: "services$" }, do: "kill-after" } as const] } : {}),
  });
  const { result, commandLines } = await withProcessList(started);
  return { ran: result, commandLines };
}

async function isNowhereElse(): Promise<void> {
  const outputs: string[] = [];
  for (const { args, kill } of [
    { args: ["up"], kill: true },
    { args: ["up"] },
    { args: ["preview"] },
    { args: ["preview", "--json"] },
    { args: ["state"] },
    { args: ["state", "--json"] },
  ]) {
    const { ran, commandLines } = await runs(args, kill);
    if (kill !== true) expect(ran, `${args.join(" ")}: ${ran.stderr}`).toMatchObject({ code: 0 });
    outputs.push(ran.stdout, ran.stderr, commandLines);
  }
  const values = secretValues(sandbox.home);
  expect(values.length).toBeGreaterThan(0);
  for (const output of outputs) expect(leaksIn(output, values)).toBe(false);
  const elsewhere = sandbox
    .files(sandbox.folder)
    .filter((path) => !path.endsWith(join("cloud", "cloud.json")));
  expect(elsewhere.length).toBeGreaterThan(5);
  for (const path of elsewhere) {
    expect(leaksIn(readFileSync(path, "latin1"), values), path).toBe(false);
  }
}

describe("the value is in Secret Manager alone: not in output, state, history, logs, previews, temporary files or command lines", () => {
  test("when it is generated", async () => {
    await isNowhereElse();
    const [value = ""] = secretValues(sandbox.home);
    expect(value).toHaveLength(86);
  });

  test("when it is supplied", async () => {
    const value = randomBytes(48).toString("base64url");
    await sandbox.supply("staging", { "1": value });
    await isNowhereElse();
    expect(secretValues(sandbox.home)).toEqual([value]);
  });

  test("when it exists already", async () => {
    sandbox.configure("staging", (config) => {
      config["jwt-secret:secret"] = { source: "existing", name: "made-elsewhere", current: 3 };
      config["jwt-secret:projectNumber"] = "123456789012";
    });
    await isNowhereElse();
    expect(secretValues(sandbox.home)).toHaveLength(3);
  });
});

test.each(["utf8", "base64", "base64url", "hex"] as const)(
  "the search finds a value that lies about as %s",
  (form) => {
    const value = randomBytes(48).toString("base64url");
    const text = form === "utf8" ? value : Buffer.from(value).toString(form);
    expect(leaksIn(`before ${text} after`, [value])).toBe(true);
    expect(leaksIn("before and after", [value])).toBe(false);
  },
);
