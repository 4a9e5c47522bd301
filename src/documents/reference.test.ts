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
    const twelve = { project: known("p"), secret: known("jwt-secret"), version: known("12") };
    expect(readReference("projects/p/secrets/jwt-secret/versions/12", undefined, context)).toEqual(twelve);
    expect(readReference("jwt-secret/versions/12", undefined, { project: known("p") })).toEqual(twelve);
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

  test.each(["__a__b", "a__b__", "__"])("%s is a name", (text) =>
    expect(readReference(text, "1", context).secret).toEqual(known(text)),
  );

  test.each(["__SECRET__", "__a__"])("%s in either place, in a project and in a full name", (text) => {
    const placeholder = unknown("it is a placeholder");
    expect(readReference(text, text, context)).toEqual({
      project: context.project,
      secret: placeholder,
      version: placeholder,
    });
    expect(readReference(`projects/${text}/secrets/${text}/versions/${text}`, undefined, context)).toEqual({
      project: placeholder,
      secret: placeholder,
      version: placeholder,
    });
  });
  test.each(["__secret", "secret__", "a__SECRET__", "SECRET_NAME", "YOUR_SECRET", "____"])(
    "%s is a name like any other",
    (text) =>
      expect(readReference(text, text, context)).toMatchObject({ secret: known(text), version: known(text) }),
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

describe("why a part is unknown is told", () => {
  test.each<[unknown, unknown, string, string]>([
    ["a b", "1 ", "it is not the name of a secret", "it is not the number or an alias of a version"],
    [undefined, "a/b", "no secret is named", "it is not the number or an alias of a version"],
    ["[secret]", "[secret]", "it is masked as a Pulumi secret", "it is masked as a Pulumi secret"],
    [
      sentinel,
      sentinel,
      "it is known only once the update has run",
      "it is known only once the update has run",
    ],
    ["s/versions/7", "8", "", "the reference names two versions"],
    ["s/versions/a b", undefined, "", "it is not the number or an alias of a version"],
    ["s/versions/a b", "1 ", "", "the reference names two versions"],
    [
      "projects/p/secrets/a b",
      "1 ",
      "it is not the name of a secret",
      "it is not the number or an alias of a version",
    ],
    [
      "a b/versions/c d",
      undefined,
      "it is not the name of a secret",
      "it is not the number or an alias of a version",
    ],
  ])("%j at %j", (secret, version, ofSecret, ofVersion) => {
    const reference = readReference(secret, version, context);
    if (ofSecret !== "") expect(reference.secret).toEqual(unknown(ofSecret));
    expect(reference.version).toEqual(unknown(ofVersion));
  });
  test("of a project too", () => {
    expect(readReference("projects/A B/secrets/s", "1", context)).toMatchObject({
      project: unknown("it is not the ID or the number of a project"),
      secret: known("s"),
    });
    for (const project of ["-a", "a-", "A", "a_b"]) {
      expect(readReference(`projects/${project}/secrets/s`, "1", context).project.kind).toBe("unknown");
    }
    for (const project of ["a", "a1", "a-b.c:d"]) {
      expect(readReference(`projects/${project}/secrets/s`, "1", context).project).toEqual(known(project));
    }
    expect(readReference(undefined, "1", context).project).toEqual(unknown("no secret is named"));
  });
});

test.each([
  "x/projects/p/secrets/s",
  "projects/p/secrets/s/versions",
  "projects/p/secrets/s/versions/1/x",
  "https://secretmanager.googleapis.com/projects/p/secrets/s",
  "a/s/versions/1",
  "s/versions/1/",
])("%s is no spelling", (text) => {
  expect(readReference(text, "1", context)).toMatchObject({
    secret: unknown("it is not the name of a secret"),
  });
});

test.each([
  ["x".repeat(255), "known"],
  ["-", "known"],
  ["a.b", "unknown"],
])("the name %s is %s", (name, kind) => expect(readReference(name, "1", context).secret.kind).toBe(kind));

test.each([
  ["x".repeat(63), "known"],
  ["x".repeat(64), "unknown"],
])("the version %s is %s", (version, kind) => {
  expect(readReference("s", version, context).version.kind).toBe(kind);
});

describe("a settler", () => {
  const settled = { kind: "settled", urn: "u" } as const;
  const settler = {
    secret: () => ({ project: known("p"), secret: settled }),
    version: (secret: unknown) => ({ kind: "settled", urn: JSON.stringify(secret) }) as const,
    account: () => absent,
  };
  test("is asked for what the update computes, with the secret it is about", () => {
    expect(readReference(sentinel, "1", { ...context, settler })).toEqual({
      project: known("p"),
      secret: settled,
      version: known("1"),
    });
    expect(readReference("s", sentinel, { ...context, settler }).version).toEqual({
      kind: "settled",
      urn: JSON.stringify(known("s")),
    });
  });
  test("is not asked for what is masked, shown or left out", () => {
    const masked = readReference("[secret]", "[secret]", { ...context, settler });
    expect([masked.secret.kind, masked.version.kind]).toEqual(["unknown", "unknown"]);
    expect(readReference("s", undefined, { ...context, settler }).version).toEqual(absent);
    expect(readReference("s", "1", { ...context, settler })).toEqual(readReference("s", "1", context));
  });
});
