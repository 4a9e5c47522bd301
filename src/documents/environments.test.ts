import { describe, expect, test } from "vitest";
import type { Environment, Variable } from "../policy/facts.ts";
import { type EnvironmentOptions, ownEnvironment } from "./environments.ts";
import { v1, v2 } from "./testing/cloud-run.ts";
import { environmentsOf, referenceOf } from "./testing/facts.ts";
import { preview, resources, state, types, urnOf } from "./testing/stack.ts";

const summary = (environments: readonly Environment[]) =>
  environments.map(({ name, services }) => [name, ...services.map(({ label }) => label)]);
const check = (documents: unknown[], options: EnvironmentOptions = {}) =>
  summary(environmentsOf(documents, options));
const stack = (name: string) => state(resources("jwt-secret", "1"), { stack: name });

describe("Cloud Run services", () => {
  test("of one ENVIRONMENT are one environment, from however many files", () => {
    expect(check([v1("auth"), v1("backend")])).toEqual([["staging", "auth", "backend"]]);
    expect(check([[v1("auth"), v1("backend")]])).toEqual([["staging", "auth", "backend"]]);
  });
  test("are parted when every part fills both roles", () => {
    const all = ["staging", "production"].flatMap((name) => [v1("auth", name), v1("backend", name)]);
    expect(check([all])).toEqual([
      ["staging", "auth", "backend"],
      ["production", "auth", "backend"],
    ]);
  });
  test("are one environment without a name when a part does not", () => {
    expect(check([v1("auth"), v1("backend", "production")])).toEqual([[undefined, "auth", "backend"]]);
    const all = [v1("auth"), v1("backend"), v1("auth", "production")];
    expect(check(all)).toEqual([[undefined, "auth", "backend", "auth"]]);
  });
  const pods = (name: string, env: unknown[]) => ({
    ...v1(name),
    spec: { template: { spec: { containers: [{ env }] } } },
  });
  const key = (name: string) => ({ name, valueFrom: { secretKeyRef: { name: "s", key: "1" } } });
  test.each(["JWT_SECRET_KEY", "JWT_SECRET_PREVIOUS"])(
    "that carry %s and say nothing are a part like any other",
    (name) => {
      const silent = pods("worker", [key(name)]);
      expect(check([v1("auth"), v1("backend"), silent])).toEqual([[undefined, "auth", "backend", "worker"]]);
    },
  );
  test("that are auth or backend are a part, also without a key", () => {
    const bare = pods("backend", [{ name: "ENVIRONMENT", value: "production" }]);
    expect(check([v1("auth"), bare])).toEqual([[undefined, "auth", "backend"]]);
  });
  test("whose variables are hidden are a part like any other", () => {
    const hidden = { ...v1("worker"), spec: { template: "[secret]" } };
    expect(check([v1("auth"), v1("backend"), hidden])).toEqual([[undefined, "auth", "backend", "worker"]]);
  });
  test("that have nothing to do with the key part no others, and go with those of their environment", () => {
    const docs = pods("docs", []);
    const own = (environment: string) => pods("frontend", [{ name: "ENVIRONMENT", value: environment }]);
    expect(check([v1("auth"), docs, v1("backend"), own("test")])).toEqual([
      ["staging", "auth", "docs", "backend", "frontend"],
    ]);
    const both = ["staging", "production"].flatMap((name) => [v1("auth", name), v1("backend", name)]);
    expect(check([...both, docs, own("production"), own("test")])).toEqual([
      ["staging", "auth", "backend"],
      ["production", "auth", "backend", "frontend"],
    ]);
    expect(check([docs, own("test")])).toEqual([[undefined, "docs", "frontend"]]);
    expect(check([own("test")])).toEqual([["test", "frontend"]]);
  });
  test("whose containers say two things say nothing", () => {
    const two = v1("auth");
    two.spec.template.spec.containers.push({ env: [{ name: "ENVIRONMENT", value: "production" }] } as never);
    expect(check([two])).toEqual([[undefined, "auth"]]);
  });
  test("are what --environment says", () => {
    const documents = [v1("auth"), v1("backend", "production")];
    expect(check(documents, { environment: "test" })).toEqual([["test", "auth", "backend"]]);
    expect(environmentsOf(documents, { environment: "test" })[0]?.projects).toEqual([]);
  });
  test("that say nothing, whether whole or not, are an environment without a name", () => {
    const silent = (name: string) => ({
      ...v1(name),
      spec: { template: { spec: { containers: [{ env: [] }] } } },
    });
    for (const documents of [[silent("auth")], [silent("auth"), silent("backend")]]) {
      const [environment, ...others] = environmentsOf(documents);
      expect(others).toEqual([]);
      expect(environment?.services).toHaveLength(documents.length);
      expect(environment).not.toHaveProperty("name");
    }
  });
  test("say their environment in a variable, not in a file of that name", () => {
    const [{ services } = { services: [] }] = environmentsOf([v1("auth")]);
    const [service] = services;
    const [container] = Array.isArray(service?.containers) ? service.containers : [];
    if (service === undefined || container === undefined) throw new Error("no container");
    const [, secret] = container.variables;
    if (secret === undefined) throw new Error("no secret");
    const file: Variable = { ...secret, name: "ENVIRONMENT", via: "file" };
    const withFile = { ...container, variables: [...container.variables, file] };
    expect(ownEnvironment({ ...service, containers: [withFile] })).toBe("staging");
  });
});

describe("Pulumi documents", () => {
  test("are the environment of their stack, whatever --environment says", () => {
    expect(check([stack("staging"), stack("production")], { environment: "test" })).toEqual([
      ["staging", "auth-staging", "backend-staging"],
      ["production", "auth-staging", "backend-staging"],
    ]);
  });
  test("of one stack are one environment, in which equal resources count once", () => {
    const [environment, ...others] = environmentsOf([stack("staging"), stack("staging")]);
    expect(others).toEqual([]);
    expect(environment?.services).toHaveLength(4);
    expect(environment?.declared?.secrets).toHaveLength(1);
    expect(environment?.declared?.versions).toHaveLength(1);
    expect(environment?.declared?.secrets[0]?.location).toMatchObject({ file: "file-0.json" });
    expect(environment?.declared).not.toHaveProperty("incomplete");
  });
  test("of one stack add up what they grant and to whom", () => {
    const withAccount = (name: string) => {
      const email = `${name}@netra-staging.iam.gserviceaccount.com`;
      const inputs = { project: "p", secretId: "s", role: "roles/viewer", member: email };
      return state([
        { type: types.account, name, inputs: {}, outputs: { email } },
        { type: types.member, name, inputs },
      ]);
    };
    const [environment] = environmentsOf([withAccount("auth"), withAccount("backend"), withAccount("auth")]);
    const urns = (type: string) => [urnOf(type, "auth"), urnOf(type, "backend")];
    expect(environment?.declared?.accounts.map(({ urn }) => urn)).toEqual(urns(types.account));
    expect(environment?.declared?.grants.map(({ urn }) => urn)).toEqual(urns(types.member));
  });
  test("of one stack list the accessors they agree on, and apart those they do not", () => {
    const listed = (accessors?: string[]) => ({
      ...preview(resources("jwt-secret", "1")),
      config: accessors === undefined ? {} : { "jwt-secret:accessors": JSON.stringify(accessors) },
    });
    const declared = (...lists: (string[] | undefined)[]) => environmentsOf(lists.map(listed))[0]?.declared;
    const accessors = (...lists: (string[] | undefined)[]) => {
      const { accessors, disputedAccessors } = declared(...lists) ?? {};
      return disputedAccessors === undefined ? accessors : { accessors, disputedAccessors };
    };
    expect(accessors(undefined, undefined)).toBeUndefined();
    expect(accessors(["a", "b"], undefined)).toEqual(["a", "b"]);
    expect(accessors(undefined, ["a", "b"])).toEqual(["a", "b"]);
    expect(accessors(["a", "b"], ["b", "a"])).toEqual(["a", "b"]);
    expect(accessors(["a", "b"], ["a"])).toEqual({ accessors: ["a"], disputedAccessors: ["b"] });
    expect(accessors(["a", "b"], ["a"], ["a", "b"])).toEqual({ accessors: ["a"], disputedAccessors: ["b"] });
    expect(accessors(["b", "a"], ["a", "b"])).toEqual(["b", "a"]);
    expect(accessors(["ab"], ["a", "b"])).toEqual({ accessors: [], disputedAccessors: ["ab", "a", "b"] });
    expect(accessors([], [])).toEqual([]);
  });
  test("keep what they do not agree on, and every reason why something may be missing", () => {
    const changed = resources("jwt-secret", "1");
    changed[0] = { type: types.secret, name: "jwt-secret", inputs: { secretId: "other" } };
    const partial = { ...preview(changed), changeSummary: { same: 20 } };
    const [environment] = environmentsOf([stack("staging"), partial]);
    expect(environment?.declared?.secrets).toHaveLength(2);
    const reason = (count: number) =>
      `the preview leaves out ${count} unchanged resources: make it with \`pulumi preview --json --show-sames\``;
    expect(environment?.declared?.incomplete).toBe(reason(20));
    const another = { ...partial, changeSummary: { same: 30 } };
    expect(environmentsOf([partial, partial, another])[0]?.declared?.incomplete).toBe(
      `${reason(20)}; ${reason(30)}`,
    );
  });
  test("take in the live services of their environment", () => {
    expect(check([stack("staging"), v1("auth")])).toEqual([
      ["staging", "auth-staging", "backend-staging", "auth"],
    ]);
    expect(check([stack("production"), v1("auth")])).toHaveLength(2);
  });
  test("tell the source where one shows it, and nothing where they disagree", () => {
    const withSource = (source?: string) => {
      const document = preview(resources("jwt-secret", "1"));
      const outputs = source === undefined ? {} : { source };
      const urn = urnOf("pulumi:pulumi:Stack", "s");
      document.steps.push({ op: "create", urn, newState: { custom: false, outputs } });
      return document;
    };
    const sourceOf = (...sources: (string | undefined)[]) => {
      const { source, sourceUnseen } = environmentsOf(sources.map(withSource))[0]?.declared ?? {};
      return [source, sourceUnseen];
    };
    const unseen = "a preview does not show the outputs that the stack will have";
    expect(sourceOf("existing")).toEqual(["existing", undefined]);
    expect(sourceOf("existing", "existing")).toEqual(["existing", undefined]);
    expect(sourceOf(undefined, "existing")).toEqual(["existing", undefined]);
    expect(sourceOf("existing", undefined)).toEqual(["existing", undefined]);
    expect(sourceOf(undefined, undefined)).toEqual([undefined, unseen]);
    expect(sourceOf("existing", "generated")).toEqual([
      undefined,
      "the documents do not say the same of the stack's output source",
    ]);
  });
});

describe("projects", () => {
  const nameless = (name: string) => ({ ...v1(name), metadata: { name } });
  const projects = (documents: unknown[], options: EnvironmentOptions = {}) =>
    environmentsOf(documents, options).flatMap(({ services }) => services.map(({ project }) => project));

  test("of two files that name none are not known to be one", () => {
    const [a, b] = projects([nameless("auth"), nameless("backend")]);
    expect(a).toMatchObject({ kind: "unknown", scope: "file-0.json" });
    expect(b).toMatchObject({ kind: "unknown", scope: "file-1.json" });
  });
  test("are what --project says, for references too, where the document says none", () => {
    const options = { project: "netra-staging" };
    const known = { kind: "known", value: "netra-staging" };
    expect(projects([nameless("auth"), nameless("backend")], options)).toEqual([known, known]);
    const [environment] = environmentsOf([nameless("auth")], options);
    const [service] = environment?.services ?? [];
    expect(service && referenceOf(service).project).toEqual(known);
    expect(projects([v1("auth")], options)).toEqual([{ kind: "known", value: "123456789012" }]);
  });
  test("that are masked stay unknown, whatever --project says", () => {
    const masked = { ...v1("auth"), metadata: { name: "auth", namespace: "[secret]" } };
    expect(projects([masked], { project: "netra-staging" })).toMatchObject([{ kind: "unknown" }]);
  });
  test("of a stack are what --project says too", () => {
    const document = stack("staging");
    for (const resource of document.deployment.resources) resource.outputs = {};
    const [environment] = environmentsOf([document], { project: "netra-staging" });
    expect(environment?.declared?.secrets[0]?.project).toEqual({ kind: "known", value: "netra-staging" });
  });
  test("are matched by --project ID=NUMBER, beside what documents match", () => {
    const [environment] = environmentsOf([stack("staging"), v2("auth")], {
      projects: [{ id: "vault", number: "7" }],
    });
    expect(environment?.projects).toEqual([
      { id: "netra-staging", number: "123456789012" },
      { id: "vault", number: "7" },
    ]);
  });
  test("that are matched in two ways are not matched", () => {
    const [environment] = environmentsOf([stack("staging")], {
      projects: [{ id: "netra-staging", number: "7" }],
    });
    expect(environment?.projects).toEqual([]);
  });
});
