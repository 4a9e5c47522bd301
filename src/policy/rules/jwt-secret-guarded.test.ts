import { expect, test } from "vitest";
import {
  carrying,
  declaredSecret,
  declaredVersion,
  findingsOf,
  fromSecret,
  hiddenService,
  known,
  only,
  reference,
  service,
  stack,
  staging,
  unknown,
  verdictOf,
  versionUrn,
} from "../baseline.ts";
import { jwtSecretGuarded as rule } from "./jwt-secret-guarded.ts";

test("it is advisory by default", () => {
  expect(rule.severity).toBe("advisory");
});

test("a protected secret that never expires and keeps its versions holds", () => {
  expect(verdictOf(rule, stack())).toBe("holds");
});

test("a secret that is not protected is a violation, told once for both services", () => {
  const secret = declaredSecret({ protected: false });
  const finding = only(rule, stack({}, { secrets: [secret] }));
  expect(finding).toMatchObject({
    rule: "jwt-secret-guarded",
    verdict: "violation",
    services: ["auth"],
    location: secret.location,
  });
  expect(finding.message).toContain("The secret jwt-secret, which auth reads, is not protected");
});

test("a secret that expires is a violation", () => {
  expect(only(rule, stack({}, { secrets: [declaredSecret({ expires: true })] })).message).toContain(
    "jwt-secret, which auth reads, expires",
  );
  expect(verdictOf(rule, stack({}, { secrets: [declaredSecret({ expires: true })] }))).toBe("violation");
});

test("a version destroyed on replacement is a violation at the version", () => {
  const finding = only(rule, stack({}, { versions: [declaredVersion({ destroyedOnReplacement: true })] }));
  expect(finding).toMatchObject({ verdict: "violation", location: { urn: versionUrn } });
  expect(finding.message).toContain("A replacement destroys the version jwt-secret-1 of jwt-secret");
  expect(
    verdictOf(
      rule,
      stack(
        {},
        {
          versions: [
            declaredVersion(),
            declaredVersion({ urn: "urn:2", version: known("2"), destroyedOnReplacement: true }),
          ],
        },
      ),
    ),
  ).toBe("violation");
});

test("the version of another secret does not matter", () => {
  expect(
    verdictOf(
      rule,
      stack({}, { versions: [declaredVersion({ secret: known("another"), destroyedOnReplacement: true })] }),
    ),
  ).toBe("holds");
});

test.each([
  ["whether it expires", { secrets: [declaredSecret({ expires: "it is computed" })] }],
  [
    "whether its version is destroyed",
    { versions: [declaredVersion({ destroyedOnReplacement: "it is computed" })] },
  ],
  [
    "whether a version that is destroyed is its own",
    { versions: [declaredVersion({ secret: unknown("it is computed"), destroyedOnReplacement: true })] },
  ],
  ["what the document leaves out", { incomplete: "it is computed" }],
])("undetermined where nobody knows %s", (_what, around) => {
  const finding = only(rule, stack({}, around));
  expect(finding.verdict).toBe("undetermined");
  expect(finding.message).toContain("cannot be told (it is computed)");
});

test("a version that may be its own but is kept does not matter", () => {
  expect(verdictOf(rule, stack({}, { versions: [declaredVersion({ secret: unknown("computed") })] }))).toBe(
    "holds",
  );
});

test("the secret of the previous key is guarded too", () => {
  const old = declaredSecret({ urn: "urn:x::old", secret: known("old"), protected: false });
  const auth = carrying(
    "auth",
    fromSecret("JWT_SECRET"),
    fromSecret("JWT_SECRET_PREVIOUS", reference("old")),
  );
  expect(
    only(rule, stack({ services: [auth, service("backend")] }, { secrets: [declaredSecret(), old] })).message,
  ).toContain("The secret old");
});

test("a secret that may be one of the stack's is undetermined", () => {
  const auth = carrying("auth", fromSecret("JWT_SECRET", reference(unknown("it is computed"))));
  expect(only(rule, stack({ services: [auth, service("backend")] }))).toMatchObject({
    verdict: "undetermined",
    services: ["auth"],
  });
});

test("everything that is wrong is told", () => {
  const environment = stack(
    {},
    {
      secrets: [declaredSecret({ protected: false, expires: true })],
      versions: [declaredVersion({ destroyedOnReplacement: true })],
    },
  );
  expect(findingsOf(rule, environment)).toHaveLength(3);
});

test("a secret made elsewhere, or a document without resources, does not apply", () => {
  expect(verdictOf(rule, staging())).toBe("not applicable");
  expect(verdictOf(rule, stack({}, { secrets: [] }))).toBe("not applicable");
});

test("hidden containers are undetermined", () => {
  expect(verdictOf(rule, stack({ services: [hiddenService("auth"), service("backend")] }))).toBe(
    "undetermined",
  );
});

test("a document that is not complete adds nothing to what it shows", () => {
  const around = { secrets: [declaredSecret({ protected: false })], incomplete: "no --show-sames" };
  expect(only(rule, stack({}, around)).verdict).toBe("violation");
});

test("a secret that is made elsewhere is guarded there", () => {
  const secrets = [declaredSecret({ external: true, protected: false })];
  expect(verdictOf(rule, stack({}, { secrets }))).toBe("not applicable");
});
