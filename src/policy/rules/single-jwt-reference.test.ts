import { expect, test } from "vitest";
import {
  absent,
  carrying,
  container,
  declared,
  file,
  findingsOf,
  fromSecret,
  hiddenService,
  literal,
  only,
  placeholder,
  reference,
  secretUrn,
  service,
  settled,
  staging,
  unknown,
  unseen,
  verdictOf,
  versionUrn,
} from "../baseline.ts";
import type { Environment, Variable } from "../facts.ts";
import { singleJwtReference as rule } from "./single-jwt-reference.ts";

/** Staging where auth carries these. */
const auth = (...variables: Variable[]): Environment =>
  staging({ services: [carrying("auth", ...variables), service("backend")] });

test("equal references hold, and so does a single one", () => {
  expect(verdictOf(rule, staging())).toBe("holds");
  expect(verdictOf(rule, auth(fromSecret("JWT_SECRET")))).toBe("holds");
});

test("two secrets on one service are a violation that names variables and references", () => {
  const finding = only(
    rule,
    auth(
      fromSecret("JWT_SECRET_KEY", reference("jwt-secret-key-staging", "latest")),
      fromSecret("JWT_SECRET", reference("jwt-secret-staging", "latest")),
    ),
  );
  expect(finding).toMatchObject({ rule: "single-jwt-reference", verdict: "violation", services: ["auth"] });
  expect(finding.message).toBe(
    "auth carries JWT_SECRET_KEY from netra-staging/jwt-secret-key-staging@latest and JWT_SECRET from netra-staging/jwt-secret-staging@latest: which key it uses depends on the order it reads them in.",
  );
});

test.each([
  ["another version", reference("jwt-secret-staging", "2")],
  ["latest beside a number", reference("jwt-secret-staging", "latest")],
  ["another project", reference("jwt-secret-staging", "1", "other-project")],
])("%s is a violation", (_what, other) => {
  expect(verdictOf(rule, auth(fromSecret("JWT_SECRET"), fromSecret("JWT_SECRET_KEY", other)))).toBe(
    "violation",
  );
});

test("a variable named after another environment counts", () => {
  expect(
    verdictOf(rule, auth(fromSecret("JWT_SECRET"), fromSecret("JWT_SECRET_PRODUCTION", reference("other")))),
  ).toBe("violation");
});

test("the previous key and the fingerprint do not count", () => {
  expect(
    verdictOf(
      rule,
      auth(
        fromSecret("JWT_SECRET"),
        fromSecret("JWT_SECRET_PREVIOUS", reference("other")),
        literal("JWT_SECRET_FINGERPRINT"),
      ),
    ),
  ).toBe("holds");
});

test("a mounted file and a sidecar count", () => {
  expect(
    verdictOf(rule, auth(fromSecret("JWT_SECRET"), file("/keys/jwt-secret-key", reference("other")))),
  ).toBe("violation");
  const sidecar = service("auth", {
    containers: [
      container(fromSecret("JWT_SECRET")),
      container(fromSecret("JWT_SECRET", reference("other"))),
    ],
  });
  expect(verdictOf(rule, staging({ services: [sidecar, service("backend")] }))).toBe("violation");
});

test("one name in two containers is no duplicate", () => {
  const sidecar = service("auth", {
    containers: [container(fromSecret("JWT_SECRET")), container(fromSecret("JWT_SECRET"))],
  });
  expect(verdictOf(rule, staging({ services: [sidecar, service("backend")] }))).toBe("holds");
});

test("one name twice in a container is a violation although both carry the same", () => {
  const finding = only(rule, auth(fromSecret("JWT_SECRET"), fromSecret("JWT_SECRET")));
  expect(finding.verdict).toBe("violation");
  expect(finding.message).toContain("auth carries JWT_SECRET twice in one container");
});

test("one name twice with two secrets is told as both", () => {
  expect(
    findingsOf(rule, auth(fromSecret("JWT_SECRET"), fromSecret("JWT_SECRET", reference("other")))),
  ).toHaveLength(2);
});

test("plain text beside a reference, or beside plain text, is a violation", () => {
  expect(only(rule, auth(literal("JWT_SECRET"), fromSecret("JWT_SECRET_KEY"))).message).toContain(
    "JWT_SECRET as plain text beside JWT_SECRET_KEY",
  );
  expect(verdictOf(rule, auth(literal("JWT_SECRET"), literal("JWT_SECRET_KEY")))).toBe("violation");
});

test("plain text alone is left to no-plaintext-jwt-secret", () => {
  expect(verdictOf(rule, auth(literal("JWT_SECRET")))).toBe("holds");
});

test("a value not shown is undetermined beside another one, and no matter alone", () => {
  const finding = only(rule, auth(fromSecret("JWT_SECRET"), unseen("JWT_SECRET_KEY", "it is masked")));
  expect(finding).toMatchObject({ verdict: "undetermined" });
  expect(finding.message).toContain("JWT_SECRET_KEY of auth");
  expect(finding.message).toContain("(it is masked)");
  expect(verdictOf(rule, auth(unseen("JWT_SECRET_KEY")))).toBe("holds");
});

test("two secrets are a violation although a third value is not shown", () => {
  expect(
    verdictOf(
      rule,
      auth(
        unseen("JWT_SECRET_A"),
        fromSecret("JWT_SECRET"),
        fromSecret("JWT_SECRET_KEY", reference("other")),
      ),
    ),
  ).toBe("violation");
});

test("two secrets are a violation although the first reference is not known", () => {
  const variables = [
    fromSecret("JWT_SECRET", reference(unknown("not known"))),
    fromSecret("JWT_SECRET_A", reference("a")),
    fromSecret("JWT_SECRET_B", reference("b")),
  ];
  expect(verdictOf(rule, auth(...variables))).toBe("violation");
});

test.each([
  ["an unknown secret", reference(unknown("it is computed"))],
  ["an unknown version", reference("jwt-secret-staging", unknown("it is computed"))],
  ["a version left out", reference("jwt-secret-staging", absent)],
  ["a project by its number", reference("jwt-secret-staging", "1", "701982941522")],
  ["a placeholder", reference(placeholder)],
  ["a secret known by its resource alone", reference(settled(secretUrn))],
])("%s is undetermined", (_what, other) => {
  const finding = only(rule, auth(fromSecret("JWT_SECRET"), fromSecret("JWT_SECRET_KEY", other)));
  expect(finding.verdict).toBe("undetermined");
  expect(finding.message).toContain("whether these are one cannot be told (");
});

test("equal placeholders prove nothing", () => {
  const unfilled = reference(placeholder);
  expect(
    verdictOf(rule, auth(fromSecret("JWT_SECRET", unfilled), fromSecret("JWT_SECRET_KEY", unfilled))),
  ).toBe("undetermined");
});

test("a part settled to a declared resource is compared by the resource's text", () => {
  const byResource = fromSecret("JWT_SECRET_KEY", reference(settled(secretUrn), settled(versionUrn)));
  expect(verdictOf(rule, { ...auth(fromSecret("JWT_SECRET"), byResource), declared: declared() })).toBe(
    "holds",
  );
});

test("hidden containers are undetermined, no JWT variable does not apply", () => {
  expect(verdictOf(rule, staging({ services: [hiddenService("auth"), service("backend")] }))).toBe(
    "undetermined",
  );
  expect(verdictOf(rule, staging({ services: [carrying("auth"), carrying("backend")] }))).toBe(
    "not applicable",
  );
});

test("a further service is held to it", () => {
  const worker = carrying(
    "worker",
    fromSecret("JWT_SECRET"),
    fromSecret("JWT_SECRET_KEY", reference("other")),
  );
  expect(only(rule, staging({ services: [service("auth"), service("backend"), worker] })).services).toEqual([
    "worker",
  ]);
});

test("one service that carries a JWT variable, or hides whether it does, is enough to judge", () => {
  const none = carrying("backend", literal("PORT"));
  expect(verdictOf(rule, staging({ services: [service("auth"), none] }))).toBe("holds");
  expect(verdictOf(rule, staging({ services: [hiddenService("auth"), none] }))).toBe("undetermined");
});
