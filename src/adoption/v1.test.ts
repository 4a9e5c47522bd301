/** What gcloud prints in v1 is read as what the same service is in v2. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mismatched } from "../../test/engine/adoption/environments.ts";
import { service } from "./testing/services.ts";
import { branchesOf, branchOf, tidy } from "./tree.ts";
import { readV1Definition } from "./v1.ts";
import { readV2Definition } from "./v2.ts";

const example = (role: string) =>
  JSON.parse(
    readFileSync(
      join(import.meta.dirname, "..", "..", "docs", "examples", "adopting", `${role}.json`),
      "utf8",
    ),
  );

test.each(["auth", "backend"] as const)("the example of %s is the same service in both shapes", (role) => {
  const [v1, v2] = [readV1Definition(example(role), "v1"), readV2Definition(mismatched[role], "v2")];
  expect([v1.lost, v2.lost]).toEqual([[], []]);
  // Only v2 names the stage of what is generally available.
  expect(tidy({ ...v1.args, launchStage: "GA" })).toEqual(tidy(v2.args));
  expect([v1.name, v1.region]).toEqual([v2.name, v2.region]);
});

describe("annotations of the template", () => {
  const cases: [string, string, object][] = [
    ["execution-environment", "gen1", { executionEnvironment: "EXECUTION_ENVIRONMENT_GEN1" }],
    ["sessionAffinity", "true", { sessionAffinity: true }],
    ["vpc-access-connector", "inside", { vpcAccess: { connector: "inside" } }],
    ["vpc-access-egress", "all-traffic", { vpcAccess: { egress: "ALL_TRAFFIC" } }],
    [
      "network-interfaces",
      '[{"network":"n","subnetwork":"s"}]',
      { vpcAccess: { networkInterfaces: [{ network: "n", subnetwork: "s" }] } },
    ],
    [
      "encryption-key",
      "projects/p/locations/l/keyRings/r/cryptoKeys/k",
      { encryptionKey: "projects/p/locations/l/keyRings/r/cryptoKeys/k" },
    ],
    ["encryption-key-shutdown-hours", "2", { encryptionKeyShutdownDuration: "7200s" }],
  ];
  test.each(cases)("%s", (name, value, expected) => {
    const { args, lost } = readV1Definition(
      service("auth", { templateAnnotations: { [`run.googleapis.com/${name}`]: value } }),
      "auth.json",
    );
    expect(lost).toEqual([]);
    expect(args.template).toMatchObject(expected);
  });

  test("a value that is not one of the known words is lost, and so is said", () => {
    const annotations = { "run.googleapis.com/vpc-access-egress": "some" };
    const { lost } = readV1Definition(service("auth", { templateAnnotations: annotations }), "auth.json");
    expect(lost).toEqual(['spec.template.metadata.annotations["run.googleapis.com/vpc-access-egress"]']);
  });

  test("a user's own stays", () => {
    const { args } = readV1Definition(
      service("auth", { templateAnnotations: { "example.com/a": "b" } }),
      "a",
    );
    expect(branchOf(args, "template").annotations).toEqual({ "example.com/a": "b" });
  });
});

describe("annotations of the service", () => {
  const cases: [string, string, object][] = [
    ["ingress", "internal", { ingress: "INGRESS_TRAFFIC_INTERNAL_ONLY" }],
    ["launch-stage", "BETA", { launchStage: "BETA" }],
    ["custom-audiences", '["https://a.example"]', { customAudiences: ["https://a.example"] }],
    ["binary-authorization", "default", { binaryAuthorization: { useDefault: true } }],
    ["default-url-disabled", "true", { defaultUriDisabled: true }],
    ["scalingMode", "manual", { scaling: { scalingMode: "MANUAL" } }],
  ];
  test.each(cases)("%s", (name, value, expected) => {
    const annotations = { [`run.googleapis.com/${name}`]: value };
    const { args, lost } = readV1Definition(service("auth", { annotations }), "auth.json");
    expect(lost).toEqual([]);
    expect(args).toMatchObject(expected);
  });
});

test("volumes of every kind", () => {
  const volumes = [
    { name: "a", secret: { secretName: "s", items: [{ key: "2", path: "p" }] } },
    { name: "b", emptyDir: { medium: "Memory", sizeLimit: "1Gi" } },
    {
      name: "c",
      csi: { driver: "gcsfuse.run.googleapis.com", readOnly: true, volumeAttributes: { bucketName: "x" } },
    },
    { name: "d", nfs: { server: "10.0.0.1", path: "/x" } },
  ];
  const { args, lost } = readV1Definition(service("auth", { spec: { volumes } }), "auth.json");
  expect(lost).toEqual([]);
  expect(branchesOf(branchOf(args, "template").volumes)).toEqual([
    { name: "a", secret: { secret: "s", items: [{ path: "p", version: "2" }] } },
    { name: "b", emptyDir: { medium: "MEMORY", sizeLimit: "1Gi" } },
    { name: "c", gcs: { bucket: "x", readOnly: true } },
    { name: "d", nfs: { server: "10.0.0.1", path: "/x" } },
  ]);
});

test("another driver of volumes is lost, and so is said", () => {
  const volumes = [{ name: "c", csi: { driver: "other", volumeAttributes: { share: "x" } } }];
  const { lost } = readV1Definition(service("auth", { spec: { volumes } }), "auth.json");
  expect(lost).toEqual([
    "spec.template.spec.volumes[0].csi.driver",
    "spec.template.spec.volumes[0].csi.volumeAttributes.share",
  ]);
});
