import { expect, test } from "vitest";
import { failing, options, passing, reference, reportOf, service } from "./testing/sample.ts";
import { textWriter } from "./text.ts";

test("an environment reads top down: verdict, services, what decides it, what does not, counts", () => {
  expect(textWriter.write(reportOf(failing()), options)).toBe(`staging: violation
  auth     auth-staging     netra-staging/jwt-secret-staging@1
  backend  backend-staging  netra-staging/jwt-secret-key-staging@1

  violation: same-jwt-secret
    auth reads one secret, backend another: backend will refuse every token auth signs.
    Fix: Give both services one reference.
    At: index.ts:23:10 (in preview.json)

  undetermined: accessor-granted
    The document does not show who may access the secret.
    Fix: Preview with --show-sames.

  Advisory (no weight in the verdict)
  violation: jwt-secret-guarded
    The Secret is not protected.
    Fix: Set protect.

  Waived (no weight in the verdict)
  violation: pinned-jwt-secret-version
    auth reads the secret at latest.
    Fix: Pin a version.
    Waived until 2025-12-31: until the pipeline pins

  1 rule holds, 1 violation, 1 undetermined, 1 advisory, 1 waived.
`);
});

test("an environment that passes takes five lines", () => {
  expect(textWriter.write(reportOf(passing()), options)).toBe(`staging: pass
  auth     auth-staging     netra-staging/jwt-secret-staging@1
  backend  backend-staging  netra-staging/jwt-secret-staging@1

  4 rules hold.
  Not applicable: accessor-granted.
`);
});

test("several environments end in one verdict", () => {
  const text = textWriter.write(reportOf(passing(), failing({ name: "production" })), options);
  expect(text).toMatch(/^staging: pass\n/u);
  expect(text).toContain("\nproduction: violation\n");
  expect(text.endsWith("\nVerdict: violation (2 environments)\n")).toBe(true);
});

test("no environment at all is undetermined and says so", () => {
  expect(textWriter.write(reportOf(), options)).toBe(
    "No service was found to check, so nothing is known to hold.\nVerdict: undetermined\n",
  );
});

test("a verdict that no finding explains is said aloud", () => {
  const text = textWriter.write(reportOf(passing({ verdict: "undetermined" })), options);
  expect(text).toContain("The verdict on staging is undetermined, and no finding says why.");
});

test("a reference settled by dependency is marked, one that is not decided is not made up", () => {
  const settled = {
    ...service("auth"),
    reference: reference("jwt", {
      version: "urn:pulumi:staging::p::gcp:secretmanager/secretVersion:SecretVersion::jwt-1",
      settled: true,
    }),
  };
  const undecided = { ...service("backend"), reference: null };
  const text = textWriter.write(reportOf(passing({ services: [settled, undecided] })), options);
  expect(text).toContain("netra-staging/jwt@(SecretVersion jwt-1) (settled by dependency)");
  expect(text).toContain("backend-staging  undecided");
});

test("notes stand at the end", () => {
  const text = textWriter.write({ ...reportOf(passing()), notes: ["A waiver lapsed."] }, options);
  expect(text.endsWith("\nNote: A waiver lapsed.\n")).toBe(true);
});

test("colour is used when asked for, and never otherwise", () => {
  const plain = textWriter.write(reportOf(failing()), options);
  const coloured = textWriter.write(reportOf(failing()), { ...options, colour: true });
  expect(plain).not.toContain("\u001b");
  expect(coloured).toContain("staging: \u001b[1;31mviolation\u001b[0m\n");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
  expect(coloured.replaceAll(/\u001b\[[0-9;]*m/gu, "")).toBe(plain);
});
