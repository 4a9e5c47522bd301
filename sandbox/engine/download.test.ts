import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { archiveName, downloadEngine, publishedChecksum } from "./download.ts";

const name = "pulumi-v1.2.3-linux-x64.tar.gz";
let folder: string;
let server: Server;
let published: Map<string, Buffer>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "download-engine-"));
  mkdirSync(join(folder, "release", "pulumi"), { recursive: true });
  writeFileSync(join(folder, "release", "pulumi", "pulumi"), "#!/bin/sh\necho v1.2.3\n");
  chmodSync(join(folder, "release", "pulumi", "pulumi"), 0o755);
  execFileSync("tar", ["-czf", join(folder, name), "-C", join(folder, "release"), "pulumi"]);
  const archive = readFileSync(join(folder, name));
  const sum = createHash("sha256").update(archive).digest("hex");
  published = new Map([
    [`/${name}`, archive],
    ["/pulumi-1.2.3-checksums.txt", Buffer.from(`${"0".repeat(64)}  other.zip\n${sum}  ${name}\n`)],
  ]);
  server = createServer((request, response) => {
    const body = published.get(request.url ?? "");
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

function options() {
  const { port } = server.address() as AddressInfo;
  return {
    version: "1.2.3",
    platform: "linux",
    arch: "x64",
    target: join(folder, "keep", "1.2.3"),
    releases: `http://127.0.0.1:${port}`,
  };
}

describe("the official download", () => {
  test("is unpacked when its SHA-256 is the published one", async () => {
    const path = await downloadEngine(options());
    expect(execFileSync(path, ["version"], { encoding: "utf8" })).toBe("v1.2.3\n");
    expect(readdirSync(join(folder, "keep"))).toEqual(["1.2.3"]);
  });

  test("is refused, and leaves nothing, when one byte differs", async () => {
    const archive = published.get(`/${name}`) ?? Buffer.alloc(0);
    published.set(`/${name}`, Buffer.concat([archive, Buffer.from("x")]));
    await expect(downloadEngine(options())).rejects.toThrow(/has SHA-256 .* published is .*: refused/);
    expect(readdirSync(join(folder, "keep"))).toEqual([]);
  });

  test("is refused when the checksums do not name it", async () => {
    published.set("/pulumi-1.2.3-checksums.txt", Buffer.from(`${"0".repeat(64)}  other.zip\n`));
    await expect(downloadEngine(options())).rejects.toThrow(`the published checksums do not name ${name}`);
    expect(existsSync(join(folder, "keep"))).toBe(false);
  });

  test("says what the server answered when the release does not exist", async () => {
    published.delete("/pulumi-1.2.3-checksums.txt");
    await expect(downloadEngine(options())).rejects.toThrow(/checksums\.txt answered 404/);
  });
});

test("archives are named as Pulumi names them, and unknown platforms have none", () => {
  expect(archiveName("1.2.3", { platform: "darwin", arch: "arm64" })).toBe(
    "pulumi-v1.2.3-darwin-arm64.tar.gz",
  );
  expect(archiveName("1.2.3", { platform: "win32", arch: "x64" })).toBe("pulumi-v1.2.3-windows-x64.zip");
  expect(archiveName("1.2.3", { platform: "freebsd", arch: "x64" })).toBeUndefined();
  expect(archiveName("1.2.3", { platform: "linux", arch: "s390x" })).toBeUndefined();
});

test("a checksum that is not 64 hex digits does not count", () => {
  expect(publishedChecksum(`abc  ${name}`, name)).toBeUndefined();
});
