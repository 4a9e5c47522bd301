import { expect, test } from "vitest";
import {
  carrying,
  declaredSecret,
  declaredVersion,
  findingsOf,
  fromSecret,
  hiddenService,
  known,
  literal,
  only,
  reference,
  secretUrn,
  service,
  settled,
  stack,
  staging,
  unknown,
  verdictOf,
  versionUrn,
} from "../baseline.ts";
import type { Declared, Environment, Reference } from "../facts.ts";
import { jwtSecretDeclared as rule } from "./jwt-secret-declared.ts";

/** A stack whose auth refers to this. */
const refersTo = (to: Reference, around: Partial<Declared> = {}): Environment =>
  stack({ services: [carrying("auth", fromSecret("JWT_SECRET_KEY", to)), service("backend")] }, around);

test("a secret and version of the stack, enabled, hold", () => {
  expect(verdictOf(rule, stack())).toBe("holds");
  expect(
    verdictOf(rule, refersTo(reference(settled(secretUrn), settled(versionUrn), settled(secretUrn)))),
  ).toBe("holds");
});

test("a first preview, where neither name nor number is known, holds by its resources", () => {
  const project = unknown("no project is named", "file");
  const environment = refersTo(reference(settled(secretUrn), settled(versionUrn), project), {
    secrets: [declaredSecret({ project, secret: unknown("not yet") })],
    versions: [declaredVersion({ project, secret: settled(secretUrn), version: unknown("not yet") })],
  });
  environment.services.splice(1);
  expect(verdictOf(rule, environment)).toBe("holds");
});

test("a secret that is no resource of the stack is a violation", () => {
  const finding = only(rule, refersTo(reference("another")));
  expect(finding).toMatchObject({ rule: "jwt-secret-declared", verdict: "violation", services: ["auth"] });
  expect(finding.message).toContain(
    "auth reads JWT_SECRET_KEY from netra-staging/another@1, but this stack makes no such secret",
  );
  expect(verdictOf(rule, refersTo(reference("jwt-secret-staging", "1", "other-project")))).toBe("violation");
});

test("a number that could only be that of a version that is not enabled is a violation in a first preview too", () => {
  const around = (enabled: boolean): Partial<Declared> => ({
    versions: [declaredVersion({ version: unknown("not yet"), enabled })],
  });
  expect(verdictOf(rule, refersTo(reference(), around(false)))).toBe("violation");
  expect(verdictOf(rule, refersTo(reference(), around(true)))).toBe("undetermined");
  expect(verdictOf(rule, refersTo(reference(), { ...around(false), incomplete: "left out" }))).toBe(
    "undetermined",
  );
});

test("a version that is no resource of the stack is a violation", () => {
  expect(only(rule, refersTo(reference("jwt-secret-staging", "2"))).message).toContain(
    "makes no such enabled version",
  );
  expect(verdictOf(rule, stack({}, { versions: [declaredVersion({ secret: known("another") })] }))).toBe(
    "violation",
  );
});

test("a secret that is the stack's or none of it is a violation where neither would have the version enabled", () => {
  const byNumber = reference("jwt-secret-staging", "1", "701982941522");
  const alone = (around: Partial<Declared>): Environment =>
    stack({ services: [carrying("auth", fromSecret("JWT_SECRET_KEY", byNumber))] }, around);
  const disabled = [declaredVersion({ enabled: false })];
  const finding = only(rule, alone({ versions: disabled }));
  expect(finding.verdict).toBe("violation");
  expect(finding.message).toContain(
    "from 701982941522/jwt-secret-staging@1, but this stack makes no such enabled version",
  );
  expect(verdictOf(rule, alone({ versions: [] }))).toBe("violation");
  const other = declaredSecret({ urn: "another", secret: known("another") });
  const enabled = declaredVersion({ urn: "another 1", secret: known("another") });
  expect(
    verdictOf(rule, alone({ secrets: [declaredSecret(), other], versions: [...disabled, enabled] })),
  ).toBe("violation");
  expect(
    verdictOf(rule, alone({ secrets: [other, declaredSecret()], versions: [enabled, declaredVersion()] })),
  ).toBe("undetermined");
  const unnamed = declaredSecret({ urn: "of no known name", secret: unknown("not yet") });
  for (const around of [
    {},
    { versions: disabled, sourceUnseen: "the outputs are not shown" },
    { versions: disabled, incomplete: "no --show-sames" },
    {
      secrets: [declaredSecret(), unnamed],
      versions: [...disabled, declaredVersion({ urn: "its version", secret: settled(unnamed.urn) })],
    },
  ]) {
    expect(verdictOf(rule, alone(around))).toBe("undetermined");
  }
});

test("the previous key must be there as much as the current one", () => {
  const previous = (version: string, around: Partial<Declared> = {}): Environment =>
    stack(
      {
        services: [
          carrying("auth", fromSecret("JWT_SECRET_PREVIOUS", reference("jwt-secret-staging", version))),
        ],
      },
      around,
    );
  expect(verdictOf(rule, previous("1"))).toBe("holds");
  expect(only(rule, previous("2")).message).toContain(
    "auth reads JWT_SECRET_PREVIOUS from netra-staging/jwt-secret-staging@2, but this stack makes no such enabled version",
  );
  expect(verdictOf(rule, previous("1", { versions: [declaredVersion({ enabled: false })] }))).toBe(
    "violation",
  );
  expect(verdictOf(rule, previous("2", { source: "existing" }))).toBe("holds");
});

test("a version that two documents do not say the same of is undetermined, in whatever order", () => {
  const [yes, no] = [declaredVersion(), declaredVersion({ enabled: false })];
  for (const versions of [
    [yes, no],
    [no, yes],
    [yes, declaredVersion({ enabled: "it is masked" })],
  ]) {
    expect(findingsOf(rule, stack({}, { versions })).map(({ message }) => message)).toEqual([
      expect.stringContaining("(the documents do not say the same of that version)"),
      expect.stringContaining("(the documents do not say the same of that version)"),
    ]);
  }
});

test("a disabled version is a violation, in a stack whose source is existing too", () => {
  const disabled = { versions: [declaredVersion({ enabled: false })] };
  expect(findingsOf(rule, stack({}, disabled)).map((one) => one.verdict)).toEqual(["violation", "violation"]);
  expect(findingsOf(rule, stack({}, disabled))[0]?.message).toContain(
    "a version that is not enabled: auth will not start",
  );
  expect(verdictOf(rule, stack({}, { ...disabled, source: "existing" }))).toBe("violation");
});

test("with the source existing, a secret made elsewhere holds, and so does one made here", () => {
  expect(verdictOf(rule, refersTo(reference("another"), { source: "existing" }))).toBe("holds");
  expect(verdictOf(rule, refersTo(reference(unknown("computed")), { source: "existing" }))).toBe("holds");
  expect(verdictOf(rule, stack({}, { source: "existing" }))).toBe("holds");
});

test.each(["generated", "supplied"] as const)("the source %s is no excuse", (source) => {
  expect(verdictOf(rule, refersTo(reference("another"), { source }))).toBe("violation");
});

test("a document that cannot show the source tells neither that it is existing nor that it is not", () => {
  const around = { sourceUnseen: "the outputs are not shown" };
  expect(only(rule, refersTo(reference("another"), around)).message).toContain("(the outputs are not shown)");
  for (const [change, expected] of [
    [reference("another"), "undetermined"],
    [reference("jwt-secret-staging", "2"), "undetermined"],
    [reference(), "holds"],
  ] as const) {
    expect(verdictOf(rule, refersTo(change, around))).toBe(expected);
  }
  const disabled = { ...around, versions: [declaredVersion({ enabled: false })] };
  expect(verdictOf(rule, stack({}, disabled))).toBe("violation");
});

test.each<[string, Environment, string]>([
  [
    "whether the version is enabled is not known",
    stack({}, { versions: [declaredVersion({ enabled: "it is computed" })] }),
    "it is computed",
  ],
  [
    "the number of the version is not known",
    stack({}, { versions: [declaredVersion({ version: unknown("not yet") })] }),
    "the version is known by its resource alone",
  ],
  [
    "the secret of the version is not known",
    stack({}, { versions: [declaredVersion({ secret: unknown("not yet") })] }),
    "not yet",
  ],
  ["the version moves", refersTo(reference("jwt-secret-staging", "latest")), "which version it is at a time"],
  ["the secret is not known", refersTo(reference(unknown("it is computed"))), "it is computed"],
  [
    "the document is not complete and the secret is missing",
    refersTo(reference("another"), { incomplete: "no --show-sames" }),
    "no --show-sames",
  ],
  [
    "the document is not complete and the version is missing",
    refersTo(reference("jwt-secret-staging", "2"), { incomplete: "no --show-sames" }),
    "no --show-sames",
  ],
])("undetermined where %s", (_what, environment, reason) => {
  const [finding] = findingsOf(rule, environment);
  expect(verdictOf(rule, environment)).toBe("undetermined");
  expect(finding?.message).toContain(`cannot be told (${reason}`);
});

test("it does not apply to documents without resources, or without references", () => {
  expect(verdictOf(rule, staging())).toBe("not applicable");
  expect(verdictOf(rule, stack({ services: [carrying("auth", literal("JWT_SECRET"))] }))).toBe(
    "not applicable",
  );
});

test("hidden containers are undetermined", () => {
  expect(verdictOf(rule, stack({ services: [hiddenService("auth"), service("backend")] }))).toBe(
    "undetermined",
  );
});
