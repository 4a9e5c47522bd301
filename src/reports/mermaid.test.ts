import { expect, test } from "vitest";
import { picture } from "./mermaid.ts";
import { failing, mismatch, passing, service } from "./testing/sample.ts";

test("two services that agree reach one secret version, in no colour", () => {
  expect(picture(passing())).toBe(`flowchart LR
  s0["auth: auth-staging"]
  s0v0("variable JWT_SECRET_KEY")
  s1["backend: backend-staging"]
  s1v0("variable JWT_SECRET_KEY")
  t0[("secret netra-staging/jwt-secret-staging#64;1")]
  s0 --> s0v0
  s0v0 --> t0
  s1 --> s1v0
  s1v0 --> t0`);
});

test("a mismatch is red from the services to the secrets", () => {
  const lines = picture(failing())?.split("\n") ?? [];
  expect(lines).toContain("  class s0,s0v0,s1,s1v0,t0,t1 mismatch");
  expect(lines).toContain("  linkStyle 1,3 stroke:#cc0000");
});

test("what could not be told is amber, and a waived mismatch has no colour", () => {
  const unsure = picture(
    failing({ findings: [{ ...mismatch, verdict: "undetermined", services: ["backend"] }] }),
  );
  expect(unsure).toContain("  class s1,s1v0,t1 unsure");
  expect(unsure).not.toContain("mismatch");
  const waived = { ...mismatch, waived: { reason: "known", expires: "2025-12-31" } };
  expect(picture(failing({ findings: [waived] }))).not.toContain("class");
});

test("a literal and an unknown are drawn as such", () => {
  const backend = service("backend");
  const odd = { name: "JWT_SECRET", via: "variable", container: "side", reference: null } as const;
  backend.variables = [
    { ...odd, state: "literal" },
    { ...odd, state: "unknown" },
  ];
  const drawn = picture(passing({ services: [backend] }));
  expect(drawn).toContain('t0[("secret a literal value")]');
  expect(drawn).toContain('t1[("secret unknown")]');
  expect(drawn).toContain('s0v0("variable JWT_SECRET in side")');
});

test("nothing to draw, or too much for anyone to read, gives no picture", () => {
  expect(picture(passing({ services: [] }))).toBeUndefined();
  const many = Array.from({ length: 61 }, () => service("auth"));
  expect(picture(passing({ services: many }))).toBeUndefined();
});
