/** What a part that is settled to a resource turns out to be. */
import { describe, expect, test } from "vitest";
import {
  absent,
  declaredSecret,
  declaredVersion,
  known,
  reference,
  secretUrn,
  settled,
  stack,
  staging,
  unknown,
  versionUrn,
} from "./baseline.ts";
import type { Part } from "./facts.ts";
import { resolve, resolvePart } from "./resolve.ts";

const withSecret = (secret: Part) => stack({}, { secrets: [declaredSecret({ secret })] });

describe("a part that is settled", () => {
  test("to a resource that shows its text has that text, and remembers the resource", () => {
    expect(resolvePart(settled(secretUrn), "secret", stack())).toEqual(
      known("jwt-secret-staging", secretUrn),
    );
    expect(resolvePart(settled(versionUrn), "version", stack())).toEqual(known("1", versionUrn));
    expect(resolvePart(settled(versionUrn), "project", stack())).toEqual(known("netra-staging", versionUrn));
  });
  test("to a version whose secret is settled in turn is followed to the end", () => {
    const environment = stack({}, { versions: [declaredVersion({ secret: settled(secretUrn) })] });
    expect(resolvePart(settled(versionUrn), "secret", environment)).toEqual(
      known("jwt-secret-staging", secretUrn),
    );
  });
  test("to a resource that shows none stays as it is", () => {
    expect(resolvePart(settled(secretUrn), "secret", withSecret(unknown("it is computed")))).toEqual(
      settled(secretUrn),
    );
    expect(resolvePart(settled(secretUrn), "secret", withSecret(absent))).toEqual(settled(secretUrn));
    expect(resolvePart(settled(secretUrn), "version", stack())).toEqual(settled(secretUrn));
  });
  test("to a resource whose text is one with others' of its scope is one of them", () => {
    const scoped = unknown("no project", "file");
    expect(resolvePart(settled(secretUrn), "secret", withSecret(scoped))).toEqual(scoped);
  });
  test("to a resource that is not in the document stays as it is", () => {
    expect(resolvePart(settled("urn:other"), "secret", stack())).toEqual(settled("urn:other"));
    expect(resolvePart(settled(secretUrn), "secret", staging())).toEqual(settled(secretUrn));
  });
  test("in a circle comes to an end", () => {
    const circle = stack(
      {},
      {
        secrets: [declaredSecret({ secret: settled(versionUrn) })],
        versions: [declaredVersion({ secret: settled(secretUrn) })],
      },
    );
    expect(resolvePart(settled(secretUrn), "secret", circle).kind).toBe("settled");
  });
});

test("any other part stays as it is", () => {
  for (const part of [known("a"), absent, unknown("b"), unknown("c", "scope")]) {
    expect(resolvePart(part, "secret", stack())).toEqual(part);
  }
});

test("a reference is resolved part by part", () => {
  const settledOne = reference(settled(secretUrn), settled(versionUrn), settled(secretUrn));
  expect(resolve(settledOne, stack())).toEqual({
    project: known("netra-staging", secretUrn),
    secret: known("jwt-secret-staging", secretUrn),
    version: known("1", versionUrn),
  });
  expect(resolve(settledOne, staging())).toEqual(settledOne);
});
