import { expect, test } from "vitest";
import { readAliases } from "./aliases.ts";
import { known, readReference } from "./reference.ts";
import { Hidden } from "./shape.ts";

const key = "run.googleapis.com/secrets";
const read = (annotation: unknown, name = "jwt") =>
  readReference(name, "1", { project: known("here"), aliases: readAliases({ [key]: annotation }) });

test("an alias stands for the secret of another project", () => {
  const reference = read("other:projects/p/secrets/o, jwt:projects/there/secrets/jwt-secret");
  expect(reference).toMatchObject({ project: known("there"), secret: known("jwt-secret") });
});

test("a name that is no alias is a secret of the own project", () => {
  expect(read("other:projects/p/secrets/o")).toMatchObject({ project: known("here"), secret: known("jwt") });
});

test("a full name is never an alias", () => {
  expect(read("jwt:projects/there/secrets/x", "projects/p/secrets/jwt").project).toEqual(known("p"));
});

test.each(["no colon", "jwt:projects/p/secrets/s/versions/2", "[secret]", 7.5])(
  "an annotation that cannot be read (%j) makes short names doubtful",
  (annotation) => expect(read(annotation).secret.kind).toBe("unknown"),
);

test("and leaves full names alone", () => {
  expect(read("[secret]", "projects/p/secrets/jwt")).toMatchObject({
    project: known("p"),
    secret: known("jwt"),
  });
});

test("so do annotations that are hidden", () => {
  const aliases = readAliases(new Hidden("masked"));
  expect(readReference("jwt", "1", { project: known("here"), aliases }).secret.kind).toBe("unknown");
});

test("an alias with two meanings has none", () => {
  expect(read("jwt:projects/p/secrets/a,jwt:projects/p/secrets/b").secret.kind).toBe("unknown");
  expect(read("jwt:projects/p/secrets/a,jwt:projects/p/secrets/a").secret).toEqual(known("a"));
});

test("an alias that leads nowhere is unknown", () => {
  expect(read("jwt:somewhere/else").secret.kind).toBe("unknown");
});

test("why a name is doubtful is told", () => {
  const reason = (annotation: unknown) => {
    const { project, secret } = read(annotation);
    expect(project).toEqual(secret);
    return secret.kind === "unknown" ? secret.reason : secret.kind;
  };
  const of = `the annotation ${key}`;
  expect(reason("no colon")).toBe(`it may be an alias, and ${of} cannot be read`);
  expect(reason(":projects/p/secrets/s")).toBe(`it may be an alias, and ${of} cannot be read`);
  expect(reason("jwt:projects/p/secrets/s/versions/2")).toBe(`it may be an alias, and ${of} cannot be read`);
  expect(reason("[secret]")).toBe(
    `it may be an alias, and ${of} is not shown: it is masked as a Pulumi secret`,
  );
  expect(reason("jwt:projects/p/secrets/a,jwt:projects/q/secrets/a")).toBe(
    `${of} gives the alias two meanings`,
  );
  const hidden = readAliases(new Hidden("it is masked"));
  expect(hidden).toEqual({ unreadable: "the annotations are not shown: it is masked" });
});

test("an alias of a short name is in a project nobody names", () => {
  expect(read("jwt:other")).toMatchObject({
    project: { kind: "unknown", reason: "the alias names no project" },
    secret: known("other"),
  });
});

test("spaces and empty entries are passed over; no annotation is no alias", () => {
  expect(read(" jwt : projects/p/secrets/s , ,")).toMatchObject({ project: known("p"), secret: known("s") });
  for (const nothing of [undefined, null, ""]) expect(read(nothing)).toMatchObject({ secret: known("jwt") });
  expect(readAliases(undefined)).toEqual({ known: new Map() });
  expect(readAliases({ other: "jwt:projects/p/secrets/s" })).toEqual({ known: new Map() });
});
