/** Where the files of secret volumes lie, and what they carry. */
import { describe, expect, test } from "vitest";
import type { Service, Variable } from "../policy/facts.ts";
import { readContainers } from "./containers.ts";
import { PodShape } from "./pod.ts";
import { known } from "./reference.ts";

const v1Volume = (
  items: unknown,
  more: Record<string, unknown> = {},
  beside: Record<string, unknown> = {},
) => ({ name: "v", secret: { secretName: "s", items, ...more }, ...beside });
const mount = (more: Record<string, unknown> = {}) => ({ name: "v", mountPath: "/etc/jwt", ...more });

function read(mounts: unknown, volumes: unknown): Service["containers"] {
  const pod = PodShape.parse({ containers: [{ volumeMounts: mounts }], volumes });
  return readContainers(pod, { project: known("p") }, (path) => ({ file: path }));
}
function files(mounts: unknown, volumes: unknown): Variable[] {
  const containers = read(mounts, volumes);
  if (!Array.isArray(containers)) throw new Error(containers.reason);
  return containers.flatMap(({ variables }) => variables);
}
const reason = (mounts: unknown, volumes: unknown) => {
  const containers = read(mounts, volumes);
  return Array.isArray(containers) ? "readable" : containers.reason;
};
const item = { key: "2", path: "JWT_SECRET" };

describe("the path of a file", () => {
  test.each<[string, Record<string, unknown>, string, string]>([
    ["is the item's, in the mount's folder", {}, "key", "/etc/jwt/key"],
    ["may go deeper", {}, "a/key", "/etc/jwt/a/key"],
    ["has no slash twice", { mountPath: "/etc/jwt//" }, "//key", "/etc/jwt/key"],
    ["is below the root", { mountPath: "/" }, "key", "/key"],
    ["is the mount's own where the subPath is the item", { subPath: "key" }, "key", "/etc/jwt"],
    ["is the rest where the subPath is a folder of it", { subPath: "a" }, "a/b/key", "/etc/jwt/b/key"],
    ["is the rest of a deep one", { subPath: "a/b" }, "a/b/c/key", "/etc/jwt/c/key"],
    ["takes no slash of the subPath", { subPath: "/a/" }, "/a/key", "/etc/jwt/key"],
    ["takes no slashes of the subPath", { subPath: "//a//" }, "a/key", "/etc/jwt/key"],
    ["stays where the subPath is empty", { subPath: "" }, "key", "/etc/jwt/key"],
    ["stays where the subPath is the root", { subPath: "/" }, "key", "/etc/jwt/key"],
    ["may be any word", {}, "undefined/key", "/etc/jwt/undefined/key"],
  ])("%s", (_, more, path, name) => {
    expect(files([mount(more)], [v1Volume([{ key: "1", path }])]).map((file) => file.name)).toEqual([name]);
  });
});

test("each file carries its own version, and knows its place", () => {
  const items = [item, { key: "latest", path: "other" }];
  const empty = { name: "w", emptyDir: {} };
  expect(files([{ name: "w" }, mount()], [v1Volume(items), empty])).toMatchObject([
    {
      name: "/etc/jwt/JWT_SECRET",
      via: "file",
      value: { kind: "reference", reference: { secret: known("s"), version: known("2") } },
      location: { file: "containers[0].volumeMounts[1]" },
    },
    { name: "/etc/jwt/other", value: { reference: { version: known("latest") } } },
  ]);
});

test("a secret written in two ways that agree is one, that differ is not known", () => {
  expect(files([mount()], [v1Volume([item], { secret: "s" })])[0]?.value).toMatchObject({
    kind: "reference",
    reference: { secret: known("s") },
  });
  expect(files([mount()], [v1Volume([item], { secret: "t" })])[0]?.value).toEqual({
    kind: "unknown",
    reason: "its secret is written in two ways that differ",
  });
});

test("the file of a volume without items is called after the secret", () => {
  const called = (secretName: string) => files([mount()], [v1Volume(undefined, { secretName })])[0]?.name;
  expect(called("jwt-secret")).toBe("/etc/jwt/jwt-secret");
  expect(called("projects/p/secrets/jwt-secret")).toBe("/etc/jwt/jwt-secret");
  expect(files([mount()], [v1Volume([])])).toHaveLength(1);
});

test("of several files a subPath mounts those it names", () => {
  const items = [item, { key: "1", path: "a/key" }, { key: "1", path: "ab/key" }];
  const names = (subPath: string) => files([mount({ subPath })], [v1Volume(items)]).map((file) => file.name);
  expect(names("JWT_SECRET")).toEqual(["/etc/jwt"]);
  expect(names("a")).toEqual(["/etc/jwt/key"]);
});

describe("a volume of a kind that holds no secret is no file", () => {
  const bucket = { driver: "gcsfuse.run.googleapis.com", volumeAttributes: { bucketName: "b" } };
  test.each([
    { emptyDir: {} },
    { emptyDir: { medium: "Memory" }, secret: null },
    { nfs: { server: "s", path: "/" } },
    { gcs: { bucket: "b" } },
    { cloudSqlInstance: { instances: ["p:r:i"] }, __defaults: [] },
    { csi: bucket },
    { emptyDir: "[secret]" },
  ])("%j", (source) => {
    expect(files([mount({ subPath: "[secret]" })], [{ name: "v", ...source }])).toEqual([]);
  });
});

test("a bucket hides no other source of its volume", () => {
  const csi = { driver: "gcsfuse.run.googleapis.com" };
  expect(reason([mount()], [{ name: "v", csi, projected: { sources: [] } }])).toBe(
    "a volume is of a kind that may hold a secret",
  );
});

test("what is not there is no file", () => {
  expect(files([null], [v1Volume([item])])).toEqual([]);
  expect(files([mount()], [null, v1Volume([null, item])])).toHaveLength(1);
});

test("volumes that nothing mounts may be hidden", () => {
  expect(files([], "[secret]")).toEqual([]);
  expect(files(undefined, "[secret]")).toEqual([]);
});

describe("what hides a file hides them all", () => {
  const masked = "it is masked as a Pulumi secret";
  const otherKind = "a volume is of a kind that may hold a secret";
  const noFile = "a volume mount names no file of its volume";
  test.each<[string, unknown, unknown]>([
    [`the list of volume mounts is not shown: ${masked}`, "[secret]", []],
    [`the list of volumes is not shown: ${masked}`, [mount()], "[secret]"],
    [`a volume is not shown: ${masked}`, [mount()], ["[secret]"]],
    [`a volume mount is not shown: ${masked}`, ["[secret]"], []],
    ["the name of a volume is missing", [mount()], [{ secret: { secret: "s" } }]],
    ["the name of a volume mount is missing", [{ mountPath: "/k" }], []],
    [`the secret of a volume is not shown: ${masked}`, [mount()], [{ name: "v", secret: "[secret]" }]],
    ["the path of a volume mount is missing", [{ name: "v" }], [v1Volume([item])]],
    [`the list of files of a volume is not shown: ${masked}`, [mount()], [v1Volume("[secret]")]],
    [`a file of a volume is not shown: ${masked}`, [mount()], [v1Volume(["[secret]"])]],
    ["the path of a file of a volume is missing", [mount()], [v1Volume([{ key: "1" }])]],
    ["a file of a volume names two versions", [mount()], [v1Volume([{ ...item, version: "3" }])]],
    ["the secret of a volume is missing", [mount()], [{ name: "v", secret: {} }]],
    ["a volume mount names a volume that is not shown", [mount()], undefined],
    ["a volume mount names a volume that is not shown", [mount()], [null, { name: "w", emptyDir: {} }]],
    ["two volumes have one name", [mount()], [v1Volume([item]), { name: "v", emptyDir: {} }]],
    ["the source of a volume is not shown", [mount()], [{ name: "v" }]],
    ["the source of a volume is not shown", [mount()], [{ name: "v", secret: null, __defaults: [] }]],
    [otherKind, [mount()], [{ name: "v", projected: { sources: [{ secret: { name: "s" } }] } }]],
    [otherKind, [mount()], [{ name: "v", cloud_sql_instance: {} }]],
    [otherKind, [mount()], [v1Volume([item], {}, { configMap: {} })]],
    [otherKind, [mount()], [{ name: "v", csi: { driver: "secrets-store.csi.k8s.io" } }]],
    [otherKind, [mount()], [{ name: "v", csi: {} }]],
    [otherKind, [mount()], [{ name: "v", csi: "[secret]" }]],
    [
      `the sub-path of a volume mount is not known: ${masked}`,
      [mount({ subPath: "[secret]" })],
      [v1Volume([item])],
    ],
    ["the sub-path of a volume mount is computed", [mount({ subPathExpr: "$(A)" })], [v1Volume([item])]],
    [noFile, [mount({ subPath: "b" })], [v1Volume([{ key: "1", path: "a/key" }])]],
    [noFile, [mount({ subPath: "a" })], [v1Volume([{ key: "1", path: "ab/key" }])]],
    [noFile, [mount({ subPath: "jwt" })], [v1Volume(undefined)]],
    [noFile, [mount()], [v1Volume([null])]],
    ["a volume mount is written in a way that is not known", [mount({ sub_path: "a" })], [v1Volume([item])]],
  ])("%s", (expected, mounts, volumes) => expect(reason(mounts, volumes)).toBe(expected));
});

test("a volume without items whose secret is written in two ways that differ names no file", () => {
  expect(reason([mount()], [v1Volume(undefined, { secret: "other" })])).toBe(
    "the secret of a volume is missing",
  );
});
