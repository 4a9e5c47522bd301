import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { readDocument } from "./document.ts";
import { DocumentError } from "./error.ts";
import { v1, v2 } from "./testing/cloud-run.ts";
import { preview, resources, state } from "./testing/stack.ts";

const read = (text: string) => readDocument(text, { file: "f" });
const json = (value: unknown) => read(JSON.stringify(value, null, 2));
const labels = (document: ReturnType<typeof read>) => document.services.map(({ label }) => label);

function refusal(text: string): DocumentError {
  try {
    read(text);
  } catch (error) {
    if (error instanceof DocumentError) return error;
  }
  throw new Error("expected a refusal");
}

describe("kinds of document", () => {
  test.each<[string, unknown, string[]]>([
    ["a preview", preview(resources("s", "1")), ["auth-staging", "backend-staging"]],
    ["a state", state(resources("s", "1")), ["auth-staging", "backend-staging"]],
    ["a v1 service", v1("auth"), ["auth"]],
    ["a v2 service", v2("auth"), ["auth"]],
    ["a list of either", [v1("auth"), v2("backend")], ["auth", "backend"]],
    [
      "a ServiceList",
      { kind: "ServiceList", apiVersion: "serving.knative.dev/v1", items: [v1("auth")] },
      ["auth"],
    ],
    ["a v2 list", { services: [v2("auth"), v2("backend")] }, ["auth", "backend"]],
    [
      "a list with other kinds among its items",
      [{ kind: "Route", apiVersion: "serving.knative.dev/v1" }, v1("auth")],
      ["auth"],
    ],
    ["an empty list", [], []],
  ])("%s", (_, value, found) => expect(labels(json(value))).toEqual(found));

  test.each([{}, { kind: "Service" }, 42, "text", [null], [1, 2], { name: "x", version: "1" }])(
    "%j is none",
    (value) => {
      expect(() => json(value)).toThrow(/not a document this check reads/u);
    },
  );
});

test("what stands under several names of one object is all read, with its places", () => {
  const at = (name: string) => `projects/p/locations/l/${name}`;
  const { template } = v2("auth");
  const { services } = json({
    services: [v2("auth")],
    jobs: [{ name: at("jobs/j"), template: { template } }],
    items: [v2("backend")],
  });
  expect(services.map(({ label, location }) => [label, location.line])).toEqual([
    ["backend", 69],
    ["auth", 3],
    ["j", 40],
  ]);
});

test.each<[Record<string, unknown>, string]>([
  [{ nextPageToken: "x" }, "f:1: is one page of a longer list: give all of it"],
  [{ metadata: { continue: "x" } }, "f:1: is one page of a longer list: give all of it"],
  [{ unreachable: ["us-east1"] }, "f:1: is a list without the places that could not be reached: list again"],
])("a list that is not whole is refused: %j", (more, message) => {
  expect(refusal(JSON.stringify({ items: [v1("auth")], ...more })).describe()).toBe(message);
});

test("a page in YAML is refused where it begins", () => {
  const page = stringify({ items: [v1("auth")], nextPageToken: "x" });
  expect(refusal(`---\n${page}`).describe()).toBe("f:2: is one page of a longer list: give all of it");
});

test("a list whose last page says so is whole", () => {
  const whole = { items: [v1("auth")], nextPageToken: "", metadata: { continue: "" }, unreachable: [] };
  expect(labels(json(whole))).toEqual(["auth"]);
});

describe("YAML", () => {
  test("a service", () => {
    const yaml = read(stringify(v1("auth")));
    const [one] = yaml.services;
    expect(one).toMatchObject({ label: "auth", project: { value: "123456789012" } });
  });
  test("several documents, other kinds and comments among them", () => {
    const route = { apiVersion: "serving.knative.dev/v1", kind: "Route" };
    const text = `# services\n---\n${stringify(v1("auth"))}---\n${stringify(route)}---\n${stringify(v2("backend"))}---\n`;
    expect(labels(read(text))).toEqual(["auth", "backend"]);
  });
  test("several documents are Cloud Run's, of any shape", () => {
    expect(read(`${stringify(v1("auth"))}---\n${stringify(v2("backend"))}`).kind).toBe("cloudRun");
  });
  test.each([
    ["of no kind", "foo: bar"],
    ["of a kind without a version", "kind: Route"],
    ["of a version without a kind", "apiVersion: serving.knative.dev/v1"],
    ["that is a number", "42"],
    ["that is nothing but text", "services"],
  ])("a document %s among them is refused, with its line and what to give", (_, other) => {
    const first = stringify(v1("auth"));
    const error = refusal(`${first}---\n${other}\n`);
    expect(error.position).toMatchObject({ line: first.split("\n").length + 1 });
    expect(error.message).toMatch(/is not a document this check reads: give .*gcloud run services describe/u);
  });
  test.each<[string, unknown, string]>([
    ["of a kind that is not read", { ...v1("worker"), kind: "Configuration" }, ""],
    ["of another spelling", { ...v1("worker"), kind: "service" }, ""],
    ["in a list", { apiVersion: "v1", kind: "List", items: [{ ...v1("w"), kind: "service" }] }, "items[0]"],
  ])("a document that may carry a key %s is refused, with its place", (_, other, path) => {
    const first = stringify(v1("auth"));
    const error = refusal(`${first}---\n${stringify(other)}`);
    expect(error.message).toContain("is of a kind or a version this check does not read");
    expect(error.position.line).toBeGreaterThan(first.split("\n").length);
    expect(error.position.path ?? "").toBe(path);
  });
  test("a list of other kinds among them is passed over", () => {
    const list = { apiVersion: "v1", kind: "List", items: [{ apiVersion: "v1", kind: "Service", spec: {} }] };
    expect(labels(read(`${stringify(v1("auth"))}---\n${stringify(list)}`))).toEqual(["auth"]);
  });
  test("two stacks in one file are refused", () => {
    const stack = stringify(state(resources("s", "1")));
    const error = refusal(`---\n${stack}---\n${stack}`);
    expect(error.message).toContain("holds more than one Pulumi document");
    expect(error.position).toMatchObject({ line: 2 });
  });
  test("other kinds alone hold no service", () => {
    const error = refusal("apiVersion: v1\nkind: Secret\n---\napiVersion: v1\nkind: ConfigMap\n");
    expect(error.message).toMatch(/holds no Cloud Run service: give .*stack export/u);
    expect(error.position).toEqual({ line: 1 });
  });
  test("merge keys count as what they merge", () => {
    const text = stringify(v1("auth")).replace(
      "metadata:",
      "x: &x\n  name: auth\nmetadata:\n  <<: *x\n  y: 1\nz:",
    );
    expect(labels(read(text))).toEqual(["auth"]);
  });
});

test("the line of a service is that of its first key", () => {
  expect(read(`---\n# auth\n${stringify(v1("auth"))}`).services[0]?.location).toEqual({ file: "f", line: 3 });
});

test("the line of each variable is told", () => {
  const text = JSON.stringify([v1("auth"), v1("backend")], null, 1);
  const lines = text.split("\n");
  for (const source of [text, stringify(JSON.parse(text))]) {
    const sourceLines = source === text ? lines : source.split("\n");
    const found = read(source).services.flatMap(({ containers }) =>
      Array.isArray(containers) ? containers.flatMap(({ variables }) => variables) : [],
    );
    expect(found).toHaveLength(4);
    for (const { name, location } of found) {
      const near = sourceLines.slice((location?.line ?? 0) - 1, (location?.line ?? 0) + 1).join("\n");
      expect(near).toContain(name);
    }
    expect(new Set(found.map(({ location }) => location?.line)).size).toBe(4);
  }
});

test("what Google Cloud Deploy will put in its place is a placeholder", () => {
  const yaml = stringify(v1("auth")).replace("jwt-secret-staging", "jwt-secret-staging # from-param: key");
  expect(JSON.stringify(read(yaml).services[0]?.containers)).toContain(
    '"secret":{"kind":"unknown","reason":"it is a placeholder"}',
  );
});

describe("the line of a variable is told wherever the containers stand", () => {
  const { spec } = v1("auth").spec.template;
  const { template } = v2("auth");
  const at = "projects/p/locations/l";
  const revision = `${at}/services/auth/revisions/auth-1`;
  test.each<[string, unknown]>([
    ["a v1 Revision", { ...v1("auth"), kind: "Revision", spec }],
    ["a v1 Job", { ...v1("auth"), kind: "Job", spec: { template: { spec: { template: { spec } } } } }],
    ["a v2 service", v2("auth")],
    ["a v2 revision", { name: revision, service: "auth", containers: template.containers }],
    ["a v2 job", { name: `${at}/jobs/auth`, template: { template } }],
    ["a v2 worker pool", { name: `${at}/workerPools/auth`, template }],
  ])("%s", (_, value) => {
    const variablesIn = (text: string) =>
      read(text).services.flatMap(({ containers }) =>
        Array.isArray(containers) ? containers.flatMap(({ variables }) => variables) : [],
      );
    const yaml = stringify(value);
    expect(variablesIn(yaml)).toHaveLength(2);
    for (const { name, location } of variablesIn(yaml)) {
      expect(yaml.split("\n")[(location?.line ?? 0) - 1]).toContain(name);
    }
    // In JSON a variable is the list item that opens on the line before its name.
    const text = JSON.stringify(value, null, 1);
    expect(variablesIn(text)).toHaveLength(2);
    for (const { name, location } of variablesIn(text)) {
      expect(text.split("\n")[location?.line ?? 0]).toContain(name);
    }
  });
});
