import { expect, test } from "vitest";
import {
  carrying,
  declaredVersion,
  fromSecret,
  known,
  reference,
  secretUrn,
  settled,
  stack,
  unknown,
  verdictOf,
  versionUrn,
} from "./baseline.ts";
import type { DeclaredVersion, Environment, Part } from "./facts.ts";
import { previousVersionAgrees } from "./rules/previous-version-agrees.ts";
import { sameJwtSecretVersion } from "./rules/same-jwt-secret-version.ts";
import { singleJwtReference } from "./rules/single-jwt-reference.ts";
import { compareReferencesIn, compareVersionsOf } from "./versions.ts";

const newest = versionUrn.replace("-1", "-2");
/** A rotation in a preview: version 1 stands, the number of the new one is not known yet. */
const rotation = (change: Partial<DeclaredVersion> = {}): Environment =>
  stack(
    {},
    {
      versions: [
        declaredVersion(change),
        declaredVersion({ urn: newest, version: unknown("not known in a preview") }),
      ],
    },
  );
const at = (version: string | Part, secret = "jwt-secret-staging") => reference(secret, version);

test("a number that is another resource's is not that of the new one, either way round", () => {
  expect(compareVersionsOf(at("1"), at(settled(newest)), rotation()).kind).toBe("different");
  expect(compareVersionsOf(at(settled(newest)), at("1"), rotation()).kind).toBe("different");
  expect(compareReferencesIn(at(settled(newest)), at("1"), rotation()).kind).toBe("different");
});

test.each([
  ["that nobody has yet", "2", rotation()],
  ["of another secret's version", "1", rotation({ secret: known("another") })],
  ["of a version in a project that may be another", "1", rotation({ project: known("123456789012") })],
  ["without the stack's resources", "1", { ...rotation(), declared: undefined }],
])("a number %s may be that of the new one", (_what, number, environment) => {
  expect(compareVersionsOf(at(number), at(settled(newest)), environment).kind).toBe("undetermined");
});

test("the new version of one secret may have the number that another secret's version has", () => {
  const stray = stack(
    {},
    {
      versions: [
        declaredVersion(),
        declaredVersion({
          urn: newest,
          secret: known("another"),
          version: unknown("not known in a preview"),
        }),
      ],
    },
  );
  expect(compareVersionsOf(at("1"), at(settled(newest)), stray).kind).toBe("undetermined");
});

test("two resources are two versions only when they are of one secret", () => {
  const both = (secret: string): Environment =>
    stack(
      {},
      {
        versions: [versionUrn, newest].map((urn, index) =>
          declaredVersion({
            urn,
            secret: known(index === 0 ? "jwt-secret-staging" : secret),
            version: unknown("not known in a preview"),
          }),
        ),
      },
    );
  const compared = (environment: Environment) =>
    compareVersionsOf(at(settled(versionUrn)), at(settled(newest)), environment);
  expect(compared(both("jwt-secret-staging"))).toEqual({ kind: "different" });
  expect(compared(both("another"))).toEqual({
    kind: "undetermined",
    reason: "versions of two secrets may have the same number",
  });
});

test("a resource that the document does not show is another version than one that it shows", () => {
  const [shown, missing] = [at(settled(versionUrn)), at(settled("urn:other"))];
  expect(compareVersionsOf(shown, missing, rotation()).kind).toBe("different");
  expect(compareVersionsOf(missing, shown, rotation()).kind).toBe("different");
});

test("one resource is one version, whatever is known of its secret", () => {
  const [one, other] = [at(settled(versionUrn)), at(settled(versionUrn))];
  expect(compareVersionsOf(one, other, rotation({ secret: unknown("it is computed") })).kind).toBe("same");
});

test("a resource that has a number is not told apart from that number", () => {
  expect(compareVersionsOf(at("1"), at(settled(versionUrn)), rotation()).kind).toBe("undetermined");
});

test("two numbers that nobody shows tell nothing apart", () => {
  const hidden = rotation({ version: unknown("it is masked") });
  expect(compareVersionsOf(at(unknown("it is masked")), at(settled(newest)), hidden).kind).toBe(
    "undetermined",
  );
});

test("the resource itself is compared by its own number", () => {
  const only = stack({}, { versions: [declaredVersion({ version: unknown("not known in a preview") })] });
  expect(compareVersionsOf(at("1"), at(settled(versionUrn)), only).kind).toBe("undetermined");
});

test("a rotation in a preview, with the previous version on both services, holds", () => {
  const services = ["auth", "backend"].map((label) =>
    carrying(
      label,
      fromSecret("JWT_SECRET_KEY", at(settled(newest))),
      fromSecret("JWT_SECRET_PREVIOUS", at("1")),
    ),
  );
  expect(verdictOf(previousVersionAgrees, { ...rotation(), services })).toBe("holds");
});

test("one service on the new version and one on the old is a violation in a preview too", () => {
  const services = [
    carrying("auth", fromSecret("JWT_SECRET_KEY", at(settled(newest)))),
    carrying("backend", fromSecret("JWT_SECRET_KEY", at("1"))),
  ];
  expect(verdictOf(sameJwtSecretVersion, { ...rotation(), services })).toBe("violation");
});

test("the old and the new version in two variables of one service is a violation in a preview too", () => {
  const both = carrying(
    "auth",
    fromSecret("JWT_SECRET_KEY", at(settled(newest))),
    fromSecret("JWT_SECRET", at("1")),
  );
  expect(verdictOf(singleJwtReference, { ...rotation(), services: [both] })).toBe("violation");
  expect(verdictOf(singleJwtReference, stack({ services: [both] }, { versions: [] }))).toBe("undetermined");
});

test("of other declared versions, only one that has that very number tells", () => {
  const others = [declaredVersion({ version: known("3") }), declaredVersion({ version: unknown("masked") })];
  const environment = stack(
    {},
    { versions: [...others, declaredVersion({ urn: newest, version: unknown("not known in a preview") })] },
  );
  expect(compareVersionsOf(at("1"), at(settled(newest)), environment).kind).toBe("undetermined");
});

test("a declared version whose secret is known by its resource tells too", () => {
  const bySecret = { secret: settled(secretUrn), project: settled(secretUrn) };
  expect(compareVersionsOf(at("1"), at(settled(newest)), rotation(bySecret)).kind).toBe("different");
});

test("what is neither a number nor a resource tells nothing", () => {
  expect(compareVersionsOf(at("1"), at(unknown("masked")), rotation())).toEqual({
    kind: "undetermined",
    reason: "masked",
  });
  expect(compareVersionsOf(at(unknown("masked")), at(settled(newest)), rotation()).kind).toBe("undetermined");
  expect(compareVersionsOf(at("1"), at("1"), rotation()).kind).toBe("same");
  expect(compareVersionsOf(at("1"), at("latest"), rotation()).kind).toBe("different");
});
