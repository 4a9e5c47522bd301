import { expect, test } from "vitest";
import { namesItself } from "./own-names.ts";

test.each([
  "gcp:secretmanager/secret:Secret",
  "gcp:secretmanager/secretVersion:SecretVersion",
  "gcp:serviceaccount/account:Account",
  "gcp:organizations/project:Project",
  "gcp:alloydb/cluster:Cluster",
  "gcp:alloydb/instance:Instance",
  "gcp:bigquery/connection:Connection",
  "gcp:bigquery/dataset:Dataset",
  "gcp:bigquery/table:Table",
  "gcp:compute/network:Network",
  "gcp:firestore/database:Database",
  "gcp:kms/cryptoKey:CryptoKey",
  "gcp:kms/keyRing:KeyRing",
  "gcp:sql/database:Database",
  "gcp:sql/databaseInstance:DatabaseInstance",
  "gcp:sql/user:User",
  "gcp:storage/bucket:Bucket",
])("%s gives names of its own kind alone", (type) => expect(namesItself(type)).toBe(true));

test.each([
  "gcp:secretmanager/regionalSecret:RegionalSecret",
  "gcp:secretmanager/secretIamMember:SecretIamMember",
  "gcp:projects/service:Service",
  "gcp:storage/bucketObject:BucketObject",
  "gcp:serviceaccount/key:Key",
  "random:index/randomPassword:RandomPassword",
  "my:gcp:compute/network:Network",
  "",
])("%j may give any", (type) => expect(namesItself(type)).toBe(false));
