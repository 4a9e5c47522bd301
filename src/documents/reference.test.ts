import { describe, expect, test } from "vitest";
import { absent, known, readReference, unknown } from "./reference.ts";

const context = { project: known("netra-staging") };
const sentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("a secret's spelling", () => {
  test.each([
    ["jwt-secret-staging", "netra-staging"],
    ["projects/netra-staging/secrets/jwt-secret-staging", "netra-staging"],
    ["projects/701982941522/secrets/jwt-secret-staging", "701982941522"],
    ["//secretmanager.googleapis.com/projects/other/secrets/jwt-secret-staging", "other"],
    ["projects/example.com:old/secrets/jwt-secret-staging", "example.com:old"],
  ])("%s is the short name in project %2$s", (spelling, project) => {
    expect(readReference(spelling, "1", context)).toEqual({
      project: known(project),
      secret: known("jwt-secret-staging"),
      version: known("1"),
    });
  });

  test("a version in the name is the version", () => {
    expect(readReference("projects/p/secrets/s/versions/7", undefined, context).version).toEqual(known("7"));
    expect(readReference("s/versions/7", undefined, context).version).toEqual(known("7"));
    expect(readReference("s/versions/7", "7", context).version).toEqual(known("7"));
  });

  test("two versions in one reference are no version", () => {
    expect(readReference("s/versions/7", "8", context).version.kind).toBe("unknown");
    expect(readReference("s/versions/7", sentinel, context).version.kind).toBe("unknown");
  });

  test.each(["a b", "projects/p/secrets", "projects/p/locations/l/secrets/s", "s/", "päss", "x".repeat(256)])(
    "%s is no secret's name",
    (text) => expect(readReference(text, "1", context).secret.kind).toBe("unknown"),
  );
});

describe("a version's spelling", () => {
  test.each([
    ["7", "7"],
    [7, "7"],
    ["latest", "latest"],
    ["stable_2", "stable_2"],
  ])("%j is %s", (written, version) => {
    expect(readReference("s", written, context).version).toEqual(known(version));
  });

  test.each([undefined, null, ""])("%j is left out", (written) => {
    expect(readReference("s", written, context).version).toEqual(absent);
  });

  test.each([1.5, true, {}, ["1"], "1 ", "a/b"])("%j is no version", (written) => {
    expect(readReference("s", written, context).version.kind).toBe("unknown");
  });
});

describe("what stands for a value is none", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder as documents hold it
  const dollar = "${SECRET}";
  test.each([dollar, "{{ secret }}", "$(SECRET)", "[secret]", sentinel, `x-${sentinel}`, "Output<string>"])(
    "%s as a secret and as a version",
    (text) => {
      const reference = readReference(text, text, context);
      expect([reference.project.kind, reference.secret.kind, reference.version.kind]).toEqual([
        "unknown",
        "unknown",
        "unknown",
      ]);
    },
  );

  test("an encrypted one too, unless the export shows it", () => {
    const key = "4dabf18193072939515e22adb298388d";
    const secret = { [key]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" };
    expect(readReference(secret, "1", context).secret.kind).toBe("unknown");
    const shown = { [key]: "1b47061264138c4ac30d75fd1eb44270", plaintext: '"jwt-secret"' };
    expect(readReference(shown, "1", context).secret).toEqual(known("jwt-secret"));
  });

  test("no secret at all is unknown", () => {
    expect(readReference(undefined, "1", context).secret.kind).toBe("unknown");
  });

  test("an unknown project stays with its reason", () => {
    const project = { ...unknown("nobody says"), scope: "file" };
    expect(readReference("s", "1", { project }).project).toEqual(project);
  });
});
