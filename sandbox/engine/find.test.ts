import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findEngine } from "./find.ts";
import { engineVersion, isRecentEnough, readVersion } from "./version.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "find-engine-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A program that answers `pulumi version` as the real one does. */
function engineAt(path: string, version: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho v${version}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Nothing is installed, and neither way to get an engine works. */
function nothing() {
  return {
    keep: join(folder, "keep"),
    environment: { PATH: join(folder, "path") },
    home: join(folder, "home"),
    platform: { platform: "linux", arch: "x64" },
    download: async (): Promise<string> => {
      throw new Error("the network is down");
    },
    build: async (): Promise<string> => {
      throw new Error("there is no `go` on PATH");
    },
  };
}

describe("the engine is found", () => {
  test("on PATH first", async () => {
    const path = engineAt(join(folder, "path", "pulumi"), engineVersion);
    engineAt(join(folder, "home", ".pulumi", "versions", engineVersion, "bin", "pulumi"), engineVersion);
    expect(await findEngine(nothing())).toEqual({ path, version: engineVersion, source: "PATH" });
  });

  test("in the CLI's version cache when the one on PATH is too old", async () => {
    engineAt(join(folder, "path", "pulumi"), "3.100.0");
    const path = engineAt(join(folder, "home", ".pulumi", "versions", "3.999.0", "bin", "pulumi"), "3.999.0");
    expect(await findEngine(nothing())).toEqual({ path, version: "3.999.0", source: "version cache" });
  });

  test("where an earlier download or build was kept", async () => {
    const path = engineAt(join(folder, "keep", engineVersion, "bin", "pulumi"), engineVersion);
    expect(await findEngine(nothing())).toEqual({ path, version: engineVersion, source: "build" });
  });

  test("by download when nothing is there", async () => {
    const options = { ...nothing(), download: async (target: string) => join(target, "bin", "pulumi") };
    expect((await findEngine(options)).source).toBe("download");
  });

  test("by a build when the download does not work", async () => {
    const options = { ...nothing(), build: async (target: string) => join(target, "bin", "pulumi") };
    expect((await findEngine(options)).source).toBe("build");
  });
});

test("without any of the four ways, one error names them all", async () => {
  engineAt(join(folder, "path", "pulumi"), "3.100.0");
  const error = await findEngine(nothing()).catch((thrown: unknown) => thrown);
  expect(String(error)).toMatch(
    /on PATH: .*3\.100\.0.*version cache.*by download: the network is down; by build: there is no `go` on PATH/,
  );
  expect(String(error)).not.toContain("\n");
  expect(existsSync(join(folder, "keep"))).toBe(false);
});

describe("a version is recent enough", () => {
  test.each([
    ["3.259.0", true],
    ["v3.260.1", true],
    ["3.258.9", false],
    ["4.0.0", false],
    ["2.300.0", false],
    ["3.260.0-alpha.1", false],
    ["nonsense", false],
  ])("%s: %s", (found, expected) => {
    expect(isRecentEnough(found, "3.259.0")).toBe(expected);
  });
});

test("the version is the one the Go module requires", () => {
  expect(readVersion("require (\n\tgithub.com/pulumi/pulumi/pkg/v3 v3.1.2\n)")).toBe("3.1.2");
  expect(() => readVersion("require example.com/x v1.0.0")).toThrow(/does not require/);
});
