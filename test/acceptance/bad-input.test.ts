/** Every bad input gives one line that names the file and what is wrong with it, exit code 2, and no stack trace. */
import { chmodSync, closeSync, ftruncateSync, mkdirSync, openSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { v1 } from "../../src/documents/testing/cloud-run.ts";
import { folder, type Ran } from "./command.ts";

const here = folder();

/** One line on standard error, nothing on standard output, exit code 2. */
function refused({ code, stdout, stderr }: Ran, message: string | RegExp): void {
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^jwt-secret check: [^\n]+\n$/u);
  expect(stderr).not.toMatch(/\n\s+at |node:|Error:/u);
  const line = stderr.slice("jwt-secret check: ".length, -1);
  if (typeof message === "string") expect(line).toBe(message);
  else expect(line).toMatch(message);
}

const twoMeanings = "holds a key twice in one object, so it has two meanings";
const service = JSON.stringify(v1("auth"), null, 2);
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);

const contents: [string, string | Uint8Array, string | RegExp][] = [
  ["empty", "", "f:1: is empty"],
  ["nothing but white space", "\n \n", "f:1: is empty"],
  ["a YAML file of comments", "# nothing\n", "f:1: is empty"],
  [
    "cut off in the middle",
    service.slice(0, service.indexOf('"spec"')),
    /^f:12:3: is not valid JSON: it ends where/u,
  ],
  [
    "cut off in a string",
    service.slice(0, service.indexOf("Service") + 3),
    /^f:3:11: .*string is not closed$/u,
  ],
  ["an error message instead of JSON", "ERROR: (gcloud.run) no such service\n", /^f:1: is not a document/u],
  ["an HTML page", "<!DOCTYPE html>\n<html><body>403</body></html>\n", /^f:1: is not a document/u],
  ["not JSON", '{\n  "a": nope\n}', "f:2:8: is not valid JSON: a value should be here"],
  ["neither JSON nor YAML", "a: b: c\n", "f:1:4: is neither JSON nor valid YAML"],
  [
    "JSON of another kind",
    '{"name": "package", "version": "1.0.0"}',
    /^f:1: is not a document this check reads: give/u,
  ],
  ["a list of another kind", "[1, 2, null]", /^f:1: is not a document/u],
  ["a number", "42", /^f:1: is not a document/u],
  ["null", "null", "f:1: is empty"],
  [
    "a Kubernetes object of another kind",
    "kind: Service\napiVersion: v1\nspec: {}\n",
    /^f:1: is not a document/u,
  ],
  ["binary", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]), "f:1:8: is binary, not text"],
  ["bytes that are no UTF-8", Buffer.from([0x7b, 0x0a, 0xc3, 0x28]), /^f:2:1: is not text: it holds bytes/u],
  ["UTF-16 with half a character", Buffer.concat([utf16("{}"), Buffer.of(0x20)]), /^f:1:3: is not text/u],
  [
    "UTF-16 with half a pair",
    Buffer.concat([utf16("{"), Buffer.of(0x00, 0xd8, 0x7d, 0x00)]),
    /^f:1:2: is not text/u,
  ],
  ["UTF-16 without a mark", Buffer.from("{}", "utf16le"), "f:1:2: is binary, not text"],
  ["UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), "f:1:1: is UTF-32: save it as UTF-8"],
  ["lists 10,000 deep", "[".repeat(10_000), "f:1:513: nests deeper than 512 levels"],
  [
    "lists 10,000 deep and back",
    "[".repeat(10_000) + "]".repeat(10_000),
    "f:1:513: nests deeper than 512 levels",
  ],
  ["objects 10,000 deep", '{"a":'.repeat(10_000), /^f:1:\d+: nests deeper than 512 levels$/u],
  ["YAML dashes 10,000 deep", "- ".repeat(10_000), /^f:1:\d+: nests too deeply to be read$/u],
  ["YAML brackets 10,000 deep", `a: ${"[".repeat(10_000)}`, "f:1: nests deeper than 512 levels"],
  ["a key twice", '{"kind": "Service",\n "kind": "Job"}', `f:2:2: ${twoMeanings}`],
  ["a key twice, once escaped", '{"kind": 1,\n "\\u006bind": 2}', `f:2:2: ${twoMeanings}`],
  ["a key twice in YAML", "kind: Service\nkind: Job\n", `f:2:1: ${twoMeanings}`],
  ["a merge twice in YAML", "a: &a {}\nb:\n  <<: *a\n  <<: *a\n", `f:4:3: ${twoMeanings}`],
  ["a key that is an alias", "a: &a kind\nkind: Service\n*a : Job\n", "f:3:1: has a key that is not text"],
  [
    "a key __proto__",
    '{"kind": "Service",\n "__proto__": {}}',
    "f:2:2: holds a key __proto__, which no document has",
  ],
  ["a key __proto__ in YAML", "a:\n  __proto__: {}\n", "f:2:3: holds a key __proto__, which no document has"],
  ["an alias of nothing", "a: *b\n", /^f:1:\d+: /u],
  ["a state of an older version", '{"version": 2, "deployment": {}}', /^f: version: /u],
  [
    "a state without resources",
    '{"version": 3, "deployment": {"resources": 5}}',
    /^f: deployment\.resources: /u,
  ],
  [
    "a service of another shape",
    '{"apiVersion":"serving.knative.dev/v1","kind":"Service","spec":[]}',
    /^f: spec: /u,
  ],
];

describe("a file", () => {
  test.each(contents)("%s", async (_, content, message) => {
    refused(await here.run(["check", here.put("f", content)]), message);
  });

  test.each([
    [
      "aliases of aliases",
      (index: number) =>
        `a${index}: &a${index} [${Array(9)
          .fill(`*a${index - 1}`)
          .join(",")}]`,
    ],
    [
      "merges of merges",
      (index: number) =>
        `a${index}: &a${index} {<<: [${Array(9)
          .fill(`*a${index - 1}`)
          .join(",")}]}`,
    ],
  ])("a YAML bomb made of %s", async (_, line) => {
    const text = ["a0: &a0 {k: v}", ...Array.from({ length: 20 }, (_, index) => line(index + 1))].join("\n");
    const message = "f:1:1: uses its aliases more often than any document needs";
    refused(await here.run(["check", here.put("f", text)]), message);
  });

  test("a YAML object with very many keys is read in reasonable time", async () => {
    const text = Array.from({ length: 60_000 }, (_, index) => `key${index}: value`).join("\n");
    refused(await here.run(["check", here.put("f", text)]), /^f:1: is not a document/u);
  });

  test.each([
    ["past the longest text", 600_000_000],
    ["far past it", 8_000_000_000],
  ])("an export %s is answered without being parsed", async (_, size) => {
    const descriptor = openSync(join(here.path, "f"), "w");
    ftruncateSync(descriptor, size);
    closeSync(descriptor);
    refused(
      await here.run(["check", "f"]),
      /^f:1:1: is longer than 536 million characters.*: check one stack/u,
    );
  });
});

describe("a path", () => {
  test("of a directory", async () => {
    mkdirSync(join(here.path, "d"));
    refused(await here.run(["check", "d"]), "d: is a directory: name the files in it");
  });
  test("that does not exist", async () => {
    refused(await here.run(["check", "f"]), "f: does not exist: check the path");
  });
  test("below a file", async () => {
    here.put("f", "{}");
    refused(await here.run(["check", "f/g"]), "f/g: does not exist: a part of its path is no directory");
  });
  test("of a link that leads to itself", async () => {
    symlinkSync("f", join(here.path, "f"));
    refused(await here.run(["check", "f"]), "f: is a link that leads to itself");
  });
  test.skipIf(process.platform === "win32")("that may not be read", async () => {
    const name = here.put("f", "{}");
    chmodSync(join(here.path, name), 0);
    // Root may read everything, so it asks as somebody else.
    const nobody = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    refused(await here.run(["check", name], nobody), "f: may not be read: check its permissions");
  });
  test.runIf(process.platform === "linux")("of a device without end", async () => {
    refused(await here.run(["check", "/dev/zero"]), "/dev/zero:1: is binary, not text");
  });
  test("with a name that is made to deceive is named, spelled out", async () => {
    refused(
      await here.run(["check", "a\u001b[2J\nb\u202e.json"]),
      String.raw`a\u{1b}[2J\u{a}b\u{202e}.json: does not exist: check the path`,
    );
  });
});

describe("standard input", () => {
  test("that is empty", async () => {
    refused(await here.run(["check", "-"]), "standard input:1: is empty");
  });
  test("that never ends ends by itself", async () => {
    let sent = 0;
    const block = Buffer.from("y\n".repeat(1 << 19));
    const endless = new Readable({
      read() {
        sent += block.length;
        this.push(block);
      },
    });
    const { stderr, ...ran } = await here.run(["check", "-"], { stdin: endless });
    // Something that takes longer than two seconds may say so first.
    refused(
      { ...ran, stderr: stderr.replace("Waiting for standard input ...\n", "") },
      /^standard input:1:1: is longer/u,
    );
    expect(sent).toBeLessThan(700_000_000);
  });
});

test("of several files the good ones are still checked, and nothing passes", async () => {
  here.put("bad.json", "{");
  here.put("good.json", [v1("auth"), v1("backend")]);
  const { code, stdout, stderr } = await here.run(["check", "bad.json", "good.json"]);
  expect(code).toBe(2);
  expect(stderr).toBe("jwt-secret check: bad.json:1:2: is not valid JSON: it ends where a key should be\n");
  expect(stdout).toContain("staging: pass");
  expect(stdout).toContain("Verdict: undetermined");
});

test.each(["--waivers", "policy"])("the file of %s is held to the same", async (which) => {
  here.put("good.json", [v1("auth"), v1("backend")]);
  const name = here.put(which === "policy" ? "jwt-secret.policy.yaml" : "w.yaml", "a: 1\na: 2\n");
  const args = which === "policy" ? [] : ["--waivers", name];
  refused(await here.run(["check", "good.json", ...args]), `${name}:2:1: ${twoMeanings}`);
});
