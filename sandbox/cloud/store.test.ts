import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { emptyPolicy } from "./policies.ts";
import { startCloud } from "./start.ts";
import { Store, StoreError } from "./store.ts";
import { TestCloud } from "./testing.ts";

test("the value of a secret is in the store's file alone, which only its owner can read", async () => {
  const value = randomBytes(32).toString("hex");
  const seen: object[] = [];
  await using cloud = await TestCloud.start({ onCall: (call) => seen.push(call) });
  const callLog = join(cloud.directory, "calls.jsonl");
  await using logging = await TestCloud.start({ directory: cloud.directory, callLog });
  await cloud.secret("jwt", value);
  await logging.addVersion("jwt", value);
  const forms = [value, Buffer.from(value).toString("base64")];
  const holders = readdirSync(cloud.directory).filter((file) => {
    const content = readFileSync(join(cloud.directory, file), "utf8");
    return forms.some((form) => content.includes(form));
  });
  expect(holders).toEqual(["cloud.json"]);
  expect(statSync(join(cloud.directory, "cloud.json")).mode & 0o777).toBe(0o600);
  expect(readFileSync(callLog, "utf8")).toContain(":addVersion");
  const shown = JSON.stringify([seen, cloud.cloud.describe()]);
  expect(forms.some((form) => shown.includes(form))).toBe(false);
});

test("what one process makes, another sees, and neither loses the other's work", async () => {
  await using one = await TestCloud.start();
  await using other = await TestCloud.start({ directory: one.directory });
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : other).account(`account-${index}`)),
  );
  expect(one.cloud.describe().accounts).toHaveLength(20);
  expect(other.cloud.describe()).toEqual(one.cloud.describe());
});

test.each([
  ["cut off", '{"format":1,"proj'],
  ["something else", '{"format":2}'],
])("a damaged file (%s) is named with the way out and left as it is", async (_how, content) => {
  const directory = mkdtempSync(join(tmpdir(), "sandbox-cloud-"));
  const file = join(directory, "cloud.json");
  writeFileSync(file, content);
  const failure = await startCloud({ directory, faults: [] }).catch((cause: unknown) => cause);
  expect(failure).toBeInstanceOf(StoreError);
  expect(String(failure)).toContain(file);
  expect(String(failure)).toMatch(/is damaged .* move it away to start with an empty cloud$/);
  expect(readFileSync(file, "utf8")).toBe(content);
  rmSync(directory, { recursive: true });
});

test("a file damaged later fails the call and is left as it is", async () => {
  await using cloud = await TestCloud.start();
  const file = join(cloud.directory, "cloud.json");
  writeFileSync(file, "{");
  const { status, message } = await cloud.call("POST", "/v1/projects/demo-staging/serviceAccounts", {
    accountId: "auth-staging",
  });
  expect(status).toBe(500);
  expect(message).toContain("is damaged");
  expect(readFileSync(file, "utf8")).toBe("{");
});

/** No process has the highest number there is. */
const nobody = "4194304";

test("the lock of a process that was killed does not stop the next one", async () => {
  await using cloud = await TestCloud.start();
  writeFileSync(join(cloud.directory, "cloud.lock"), nobody);
  await cloud.account("auth-staging");
  expect(cloud.cloud.describe().accounts).toHaveLength(1);
});

describe("a change so slow that another process takes its lock for left behind", () => {
  const project = { number: "1", createTime: "2026-01-01T00:00:00Z", apis: [], policy: emptyPolicy() };

  test("is made again on what the other has made of the file", async () => {
    await using cloud = await TestCloud.start();
    const store = new Store(cloud.directory);
    let times = 0;
    await store.transact((state) => {
      times += 1;
      if (times === 1) {
        writeFileSync(join(cloud.directory, "cloud.lock"), nobody);
        writeFileSync(store.file, JSON.stringify({ ...state, projects: { theirs: project } }));
      }
      state.projects.ours = project;
    });
    expect(Object.keys(store.read().projects).sort()).toEqual(["ours", "theirs"]);
    expect(readdirSync(cloud.directory)).toEqual(["cloud.json"]);
  });

  test("does not release the other's lock", async () => {
    await using cloud = await TestCloud.start();
    const lock = join(cloud.directory, "cloud.lock");
    const failing = new Store(cloud.directory).transact(() => {
      writeFileSync(lock, String(process.ppid));
      throw new Error("too late");
    });
    await expect(failing).rejects.toThrow("too late");
    expect(existsSync(lock)).toBe(true);
  });
});
