/** Which resources of Google Cloud give nothing but names of their own kind. */
import { types } from "./resource.ts";

/**
 * Packages whose resources are addresses, networks, queues, databases and the like. What the provider computes for one
 * (pulumi-gcp 9.35, the outputs of each class) is its own name, ID, address or time stamp; the rest repeats its inputs.
 */
const packages: ReadonlySet<string> = new Set([
  "artifactregistry",
  "bigtable",
  "cloudrun",
  "cloudrunv2",
  "cloudtasks",
  "compute",
  "dns",
  "filestore",
  "memcache",
  "memorystore",
  "pubsub",
  "redis",
  "servicenetworking",
  "spanner",
  "vpcaccess",
  "workflows",
]);

/** Of the packages that also hold resources with free text (an object, a document, a password). */
const single: ReadonlySet<string> = new Set([
  types.secret,
  types.version,
  types.account,
  types.project,
  "gcp:alloydb/cluster:Cluster",
  "gcp:alloydb/instance:Instance",
  "gcp:bigquery/connection:Connection",
  "gcp:bigquery/dataset:Dataset",
  "gcp:bigquery/table:Table",
  "gcp:firestore/database:Database",
  "gcp:kms/cryptoKey:CryptoKey",
  "gcp:kms/keyRing:KeyRing",
  "gcp:sql/database:Database",
  "gcp:sql/databaseInstance:DatabaseInstance",
  "gcp:sql/user:User",
  "gcp:storage/bucket:Bucket",
]);

/**
 * True for a type that names itself, so that a name of another kind is not its. The list is short on purpose: any other
 * type may give a secret or a version of its own (a regional one), any text (an object in a bucket), or the answer to a
 * question that waits for it (an invoke with `dependsOn`: of an API to be on, of a grant to be there).
 */
export function namesItself(type: string): boolean {
  const [, name = ""] = /^gcp:([a-z0-9]+)\//u.exec(type) ?? [];
  return packages.has(name) || single.has(type);
}
