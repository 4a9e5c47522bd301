import { expect, test } from "vitest";
import {
  carrying,
  file,
  findingsOf,
  fromSecret,
  hiddenService,
  literal,
  only,
  service,
  staging,
  unseen,
  verdictOf,
} from "../baseline.ts";
import { noPlaintextJwtSecret as rule } from "./no-plaintext-jwt-secret.ts";

const backend = service("backend");

test("references hold", () => {
  expect(verdictOf(rule, staging())).toBe("holds");
});

test("plain text is a violation that names the variables and never their text", () => {
  const auth = carrying(
    "auth",
    literal("JWT_SECRET"),
    fromSecret("JWT_SECRET_KEY"),
    literal("JWT_SECRET_OLD", "not to be seen"),
  );
  const finding = only(rule, staging({ services: [auth, backend] }));
  expect(finding).toMatchObject({
    rule: "no-plaintext-jwt-secret",
    verdict: "violation",
    services: ["auth"],
  });
  expect(finding.message).toContain("auth carries JWT_SECRET and JWT_SECRET_OLD as plain text");
  expect(JSON.stringify(finding)).not.toContain("not to be seen");
});

test("an empty text is plain text too", () => {
  const finding = only(rule, staging({ services: [carrying("auth", literal("JWT_SECRET", "")), backend] }));
  expect(finding.verdict).toBe("violation");
  expect(finding.message).toContain("as empty text: it will fall back to a default");
});

test("an empty text beside a full one is told as plain text", () => {
  const auth = carrying("auth", literal("JWT_SECRET", ""), literal("JWT_SECRET_KEY"));
  expect(only(rule, staging({ services: [auth, backend] })).message).toContain("as plain text");
});

test("a value that the document does not show is undetermined", () => {
  const finding = only(
    rule,
    staging({ services: [carrying("auth", unseen("JWT_SECRET_KEY", "it is masked")), backend] }),
  );
  expect(finding).toMatchObject({ verdict: "undetermined", services: ["auth"] });
  expect(finding.message).toContain("JWT_SECRET_KEY as plain text cannot be told (it is masked)");
});

test("plain text beside a value not shown is told as both", () => {
  const auth = carrying("auth", unseen("JWT_SECRET_KEY"), literal("JWT_SECRET"));
  expect(findingsOf(rule, staging({ services: [auth, backend] })).map((one) => one.verdict)).toEqual([
    "violation",
    "undetermined",
  ]);
});

test("other plain variables, mounted files and the fingerprint are no matter", () => {
  const auth = carrying(
    "auth",
    fromSecret("JWT_SECRET"),
    literal("PORT"),
    literal("JWT_SECRET_FINGERPRINT", "ab12"),
    { ...file("/jwt-secret"), value: { kind: "literal", empty: false } },
  );
  expect(verdictOf(rule, staging({ services: [auth, backend] }))).toBe("holds");
});

test("a further service with plain text is held to it", () => {
  const environment = staging({
    services: [service("auth"), backend, carrying("worker", literal("JWT_SECRET"))],
  });
  expect(only(rule, environment).services).toEqual(["worker"]);
});

test("hidden containers are undetermined", () => {
  expect(verdictOf(rule, staging({ services: [hiddenService("auth"), backend] }))).toBe("undetermined");
});

test("without a JWT variable anywhere it does not apply", () => {
  expect(verdictOf(rule, staging({ services: [carrying("auth"), carrying("backend")] }))).toBe(
    "not applicable",
  );
});

test("one service that carries a JWT variable, or hides whether it does, is enough to judge", () => {
  const none = carrying("backend", literal("PORT"));
  expect(verdictOf(rule, staging({ services: [service("auth"), none] }))).toBe("holds");
  expect(verdictOf(rule, staging({ services: [hiddenService("auth"), none] }))).toBe("undetermined");
  expect(verdictOf(rule, staging({ services: [carrying("auth", literal("PORT")), none] }))).toBe(
    "not applicable",
  );
});

test("several values not shown are told once, by the first", () => {
  const auth = carrying("auth", unseen("JWT_SECRET_KEY"), unseen("JWT_SECRET"));
  expect(only(rule, staging({ services: [auth, backend] })).message).toContain(
    "JWT_SECRET_KEY as plain text",
  );
});
