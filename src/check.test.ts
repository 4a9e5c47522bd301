import { describe, expect, test } from "vitest";
import { type CheckInput, check, checkDocuments } from "./check.ts";
import { v1, v2 } from "./documents/testing/cloud-run.ts";
import { preview, reads, resources, service, state, unknownValue } from "./documents/testing/stack.ts";

const verdict = (content: unknown, more: Partial<CheckInput> = {}) =>
  check({ documents: [{ file: "f.json", content: JSON.stringify(content) }], ...more }).verdict;

/** The parts of a stack that the policy asks for beside the services. */
function granted(list = resources("jwt-secret-staging", "1")) {
  const role = "roles/secretmanager.secretAccessor";
  for (const name of ["auth", "backend"]) {
    const member = `serviceAccount:${name}-staging@netra-staging.iam.gserviceaccount.com`;
    const type = "gcp:secretmanager/secretIamMember:SecretIamMember";
    list.push({ type, name: `${name}-accessor`, inputs: { secretId: "jwt-secret-staging", role, member } });
  }
  return list;
}

describe("from document to verdict", () => {
  test("a sound preview, state and pair of live services pass", () => {
    const configured = { project: "netra-staging" };
    expect(verdict(preview(granted(resources("jwt-secret-staging", unknownValue))))).toBe("pass");
    expect(verdict(state(granted()), configured)).toBe("pass");
    expect(verdict([v1("auth"), v1("backend")])).toBe("pass");
    expect(verdict([v2("auth"), v2("backend")])).toBe("pass");
  });
  test("another secret on one side is a violation", () => {
    const list = granted();
    list[3] = service("backend", [reads("JWT_SECRET_KEY", "jwt-secret-key-staging", "1")]);
    expect(verdict(preview(list))).toBe("violation");
  });
  test("what one project calls by ID and the other by number is undetermined until matched", () => {
    const both = [v2("auth"), v1("backend")];
    expect(verdict(both)).toBe("undetermined");
    expect(verdict(both, { projects: [{ id: "netra-staging", number: "123456789012" }] })).toBe("pass");
    expect(verdict(both, { projects: [{ id: "netra-staging", number: "7" }] })).toBe("violation");
  });
  test("a service in two files without a project is undetermined until --project says it", () => {
    const nameless = (name: string) => ({ file: name, content: { ...v1(name), metadata: { name } } });
    const documents = [nameless("auth"), nameless("backend")];
    expect(check({ documents }).verdict).toBe("undetermined");
    expect(check({ documents, project: "netra-staging" }).verdict).toBe("pass");
  });
});

describe("input", () => {
  test("bytes, text and values say the same", () => {
    const value = [v1("auth"), v1("backend")];
    const text = JSON.stringify(value);
    const [first, ...others] = [value, text, new TextEncoder().encode(text)].map(
      (content) => check({ documents: [{ file: "f", content }] }).verdict,
    );
    expect(others).toEqual([first, first]);
  });
  test("the same document twice counts once; two documents of one name are two", () => {
    const auth = { ...v1("auth"), metadata: { name: "auth" } };
    const backend = { ...v1("backend"), metadata: { name: "backend" } };
    const text = JSON.stringify([auth, backend]);
    expect(
      check({
        documents: [
          { file: "f", content: text },
          { file: "f", content: text },
        ],
      }).verdict,
    ).toBe("pass");
    const documents = [auth, backend].map((one) => ({ file: "f", content: JSON.stringify(one) }));
    expect(check({ documents }).verdict).toBe("undetermined");
  });
  test("a document that cannot be read is named, and nothing passes", () => {
    const documents = [
      { file: "good.json", content: [v1("auth"), v1("backend")] },
      { file: "bad.json", content: "{" },
    ];
    const { report, problems } = checkDocuments({ documents });
    expect(report.environments[0]?.verdict).toBe("pass");
    expect(report.verdict).toBe("undetermined");
    expect(report.notes).toEqual([expect.stringContaining("bad.json:1:2")]);
    expect(problems).toHaveLength(1);
  });
  test("a violation elsewhere stays one", () => {
    const other = v1("backend", "production");
    const documents = [
      { file: "good.json", content: [v1("auth"), other] },
      { file: "bad.json", content: "" },
    ];
    expect(check({ documents }).verdict).toBe("violation");
  });
  test("no document at all is undetermined", () => {
    expect(check({ documents: [] }).verdict).toBe("undetermined");
  });
  test("an environment asked for that no stack is is noted, and nothing passes", () => {
    const content = preview(granted(resources("jwt-secret-staging", unknownValue)));
    const documents = [{ file: "f", content }];
    expect(check({ documents, environment: "production" })).toMatchObject({
      verdict: "undetermined",
      notes: [expect.stringContaining("staging")],
    });
    expect(check({ documents, environment: "staging" })).toMatchObject({ verdict: "pass", notes: [] });
  });
  test("an environment asked for is that of the live services beside a stack of another name", () => {
    const content = preview(granted(resources("jwt-secret-staging", unknownValue)));
    const live = [v1("auth", "production"), v1("backend", "production")];
    const documents = [
      { file: "f", content },
      { file: "live", content: live },
    ];
    const projects = [{ id: "netra-staging", number: "7" }];
    expect(check({ documents, environment: "production", projects }).verdict).toBe("pass");
  });
});
