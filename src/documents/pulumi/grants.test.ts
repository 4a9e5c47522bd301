import { describe, expect, test } from "vitest";
import type { Grant } from "../../policy/facts.ts";
import { onlyEnvironment } from "../testing/facts.ts";
import {
  preview,
  resources,
  secretUrn,
  type TestResource,
  types,
  unknownValue,
  urnOf,
} from "../testing/stack.ts";

const role = "roles/secretmanager.secretAccessor";
const member = "serviceAccount:auth@netra-staging.iam.gserviceaccount.com";
const account: TestResource = { type: types.account, name: "auth", inputs: { accountId: "auth" } };

function grants(resource: Omit<TestResource, "name">): Grant[] {
  const [secret] = resources("jwt-secret-staging", "1");
  if (secret === undefined) throw new Error("no secret");
  return onlyEnvironment(preview([secret, account, { name: "grant", ...resource }])).declared?.grants ?? [];
}

const onSecret = {
  secret: { kind: "known", value: "jwt-secret-staging" },
  project: { kind: "known", value: "netra-staging" },
};
const known = (value: string) => ({ kind: "known", value });

describe("a member", () => {
  const type = "gcp:secretmanager/secretIamMember:SecretIamMember";
  test.each(["jwt-secret-staging", "projects/netra-staging/secrets/jwt-secret-staging"])(
    "on %s",
    (secretId) => {
      expect(grants({ type, inputs: { secretId, role, member } })).toMatchObject([
        { ...onSecret, role: known(role), members: [known(member)], conditional: false },
      ]);
    },
  );
  test("on a secret that is only known by dependency", () => {
    expect(
      grants({
        type,
        inputs: { secretId: unknownValue, role, member },
        dependsOn: { secretId: [secretUrn] },
      }),
    ).toMatchObject([{ secret: { value: "jwt-secret-staging", settledBy: secretUrn } }]);
  });
  test("who is only known by dependency", () => {
    const inputs = { secretId: "jwt-secret-staging", role, member: unknownValue };
    const [grant] = grants({ type, inputs, dependsOn: { member: [urnOf(types.account, "auth")] } });
    expect(grant?.members).toEqual([{ ...known(member), settledBy: urnOf(types.account, "auth") }]);
    expect(grants({ type, inputs, dependsOn: { member: [] } })[0]?.members).toMatchObject([
      { kind: "unknown" },
    ]);
  });
  test.each<[unknown, boolean | string]>([
    [{ expression: "false" }, true],
    [{ expression: unknownValue }, true],
    ["[secret]", "it is masked as a Pulumi secret"],
    [unknownValue, "it is known only once the update has run"],
  ])("under the condition %j", (condition, conditional) => {
    const inputs = { secretId: "s", role, member, condition };
    expect(grants({ type, inputs })[0]?.conditional).toBe(conditional);
  });
  test("whose condition is null has none", () => {
    const inputs = { secretId: "s", role, member, condition: null };
    expect(grants({ type, inputs })[0]?.conditional).toBe(false);
  });
  test("of whom everything is masked", () => {
    expect(grants({ type, inputs: "[secret]" as never })).toMatchObject([
      { secret: { kind: "unknown" }, role: { kind: "unknown" }, members: [{ kind: "unknown" }] },
    ]);
  });
});

test("a binding has several members, or hides them", () => {
  const type = "gcp:secretmanager/secretIamBinding:SecretIamBinding";
  expect(
    grants({ type, inputs: { secretId: "s", role, members: [member, "allUsers"] } })[0]?.members,
  ).toEqual([known(member), known("allUsers")]);
  expect(grants({ type, inputs: { secretId: "s", role, members: "[secret]" } })[0]?.members).toMatchObject([
    { kind: "unknown" },
  ]);
});

describe("a policy", () => {
  const type = "gcp:secretmanager/secretIamPolicy:SecretIamPolicy";
  test("is a grant per binding", () => {
    const policyData = JSON.stringify({
      bindings: [
        { role, members: [member] },
        { role: "roles/viewer", condition: {} },
      ],
    });
    expect(grants({ type, inputs: { secretId: "jwt-secret-staging", policyData } })).toMatchObject([
      { ...onSecret, role: known(role), members: [known(member)], conditional: false },
      { role: known("roles/viewer"), members: [], conditional: true },
    ]);
  });
  test.each([unknownValue, "[secret]", "{", "[]", undefined])(
    "that is %j may grant anything",
    (policyData) => {
      expect(grants({ type, inputs: { secretId: "s", policyData } })).toMatchObject([
        { role: { kind: "unknown" }, members: [{ kind: "unknown" }] },
      ]);
    },
  );
});

test.each([
  ["gcp:projects/iAMMember:IAMMember", { member }],
  ["gcp:projects/iAMBinding:IAMBinding", { members: [member] }],
  [
    "gcp:projects/iAMPolicy:IAMPolicy",
    { policyData: JSON.stringify({ bindings: [{ role, members: [member] }] }) },
  ],
])("%s is a grant on the project", (type, inputs) => {
  expect(grants({ type, inputs: { project: "netra-staging", role, ...inputs } })).toMatchObject([
    {
      project: known("netra-staging"),
      secret: { kind: "absent" },
      role: known(role),
      members: [known(member)],
    },
  ]);
});

test("a project in full is the project", () => {
  const type = "gcp:projects/iAMMember:IAMMember";
  expect(grants({ type, inputs: { project: "projects/netra-staging", role, member } })).toMatchObject([
    { project: known("netra-staging") },
  ]);
});

test("a removal takes a role on the project, and gives it to nobody", () => {
  const type = "gcp:projects/iamMemberRemove:IamMemberRemove";
  expect(grants({ type, inputs: { project: "netra-staging", role, member } })).toMatchObject([
    { secret: { kind: "absent" }, role: known(role), members: [], conditional: false, exclusive: "role" },
  ]);
});

test.each([
  ["gcp:folder/iAMMember:IAMMember", { folder: "folders/1", member }],
  ["gcp:folder/iAMBinding:IAMBinding", { folder: "folders/1", members: [member] }],
  ["gcp:organizations/iAMMember:IAMMember", { orgId: "1", member }],
  ["gcp:organizations/iAMBinding:IAMBinding", { orgId: "1", members: [member] }],
  [
    "gcp:organizations/iAMPolicy:IAMPolicy",
    { policyData: JSON.stringify({ bindings: [{ role, members: [member] }] }) },
  ],
  [
    "gcp:folder/iAMPolicy:IAMPolicy",
    { policyData: JSON.stringify({ bindings: [{ role, members: [member] }] }) },
  ],
])("%s is a grant on what may hold the project", (type, inputs) => {
  const [grant, ...others] = grants({ type, inputs: { role, ...inputs } });
  expect(others).toEqual([]);
  expect(grant).toMatchObject({
    project: { kind: "unknown", reason: "it is on a folder or an organisation, which may hold the project" },
    secret: { kind: "absent" },
    role: known(role),
    members: [known(member)],
  });
  expect(grant).not.toHaveProperty("exclusive");
});

test.each([
  ["gcp:secretmanager/secretIamMember:SecretIamMember", undefined],
  ["gcp:secretmanager/secretIamBinding:SecretIamBinding", "role"],
  ["gcp:secretmanager/secretIamPolicy:SecretIamPolicy", "all"],
  ["gcp:projects/iAMMember:IAMMember", undefined],
  ["gcp:projects/iAMBinding:IAMBinding", "role"],
  ["gcp:projects/iAMPolicy:IAMPolicy", "all"],
])("%s takes from others: %s", (type, exclusive) => {
  const policyData = JSON.stringify({ bindings: [{ role, members: [member] }] });
  const inputs = { secretId: "s", role, member, members: [member], policyData };
  expect(grants({ type, inputs })[0]?.exclusive).toBe(exclusive);
});

describe("what cannot be read says why, and claims nothing", () => {
  const types = {
    member: "gcp:secretmanager/secretIamMember:SecretIamMember",
    binding: "gcp:projects/iAMBinding:IAMBinding",
    policy: "gcp:secretmanager/secretIamPolicy:SecretIamPolicy",
  };
  const masked = "it is masked as a Pulumi secret";
  const unknown = (reason: string) => ({ kind: "unknown", reason });

  test.each<[string, Record<string, unknown>, string]>([
    ["a role left out", { secretId: "s", member }, "it is not there"],
    ["a masked role", { secretId: "s", member, role: "[secret]" }, masked],
  ])("%s", (_, inputs, reason) => {
    expect(grants({ type: types.member, inputs })[0]?.role).toEqual(unknown(reason));
  });
  test.each<[unknown, string]>([
    [undefined, "it is not there"],
    ["[secret]", masked],
  ])("the member %j", (one, reason) => {
    expect(grants({ type: types.member, inputs: { secretId: "s", role, member: one } })[0]?.members).toEqual([
      unknown(reason),
    ]);
  });
  test.each<[unknown, string]>([
    [undefined, "the list of members is not there"],
    ["[secret]", masked],
  ])("the members %j", (members, reason) => {
    expect(grants({ type: types.binding, inputs: { project: "p", role, members } })[0]?.members).toEqual([
      unknown(reason),
    ]);
  });
  test("a member of a binding that is only known by dependency", () => {
    const inputs = { project: "p", role, members: [unknownValue] };
    const dependsOn = { members: [urnOf("gcp:serviceaccount/account:Account", "auth")] };
    expect(grants({ type: types.binding, inputs, dependsOn })[0]?.members).toMatchObject([known(member)]);
  });
  test.each<[unknown, string]>([
    [undefined, "the policy is not there"],
    ["[secret]", masked],
    ["{", "the policy is not valid JSON"],
    ["[]", "the policy is not shaped like one"],
  ])("the policy %j", (policyData, reason) => {
    expect(grants({ type: types.policy, inputs: { secretId: "s", policyData } })).toMatchObject([
      { role: unknown(reason), members: [unknown(reason)], conditional: false },
    ]);
  });
  test.each(["{}", '{"bindings":null}', '{"bindings":[]}'])(
    "the policy %s grants nothing, and takes everything",
    (policyData) => {
      expect(grants({ type: types.policy, inputs: { secretId: "s", policyData } })).toMatchObject([
        { role: { kind: "absent" }, members: [], conditional: false, exclusive: "all" },
      ]);
    },
  );
  test.each([
    [types.member, unknown(masked)],
    [types.binding, { kind: "absent" }],
  ])("%s whose inputs are all masked", (type, secret) => {
    const nothing = unknown(masked);
    expect(grants({ type, inputs: "[secret]" as never })).toMatchObject([
      { project: nothing, secret, role: nothing, members: [nothing], conditional: false },
    ]);
  });
});

test("a grant on a project that the document does not name is of one that nobody knows", () => {
  const inputs = { project: "[secret]", role, member };
  expect(grants({ type: "gcp:projects/iAMMember:IAMMember", inputs })).toMatchObject([
    { project: { kind: "unknown" }, secret: { kind: "absent" } },
  ]);
});
