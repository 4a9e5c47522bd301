/** The policies as the engine meets them, through the SDK's own server functions. */
import { describe, expect, test } from "vitest";
import {
  environmentVariable,
  reads,
  resources,
  service,
  type TestResource,
  types,
  unknownValue,
  urnOf,
} from "../src/documents/testing/stack.ts";
import { packedRules } from "./judge.ts";
import { policiesFor } from "./policies.ts";
import { askResource, askStack } from "./testing/sdk.ts";

const secret = "projects/netra-staging/secrets/jwt-secret-staging";
const otherUrn = urnOf(types.secret, "other");
const otherVersionUrn = urnOf(types.version, "other-g1");

const grants = ["auth", "backend"].map(
  (name): TestResource => ({
    type: types.member,
    name,
    inputs: {
      secretId: secret,
      role: "roles/secretmanager.secretAccessor",
      member: `serviceAccount:${name}-staging@netra-staging.iam.gserviceaccount.com`,
    },
  }),
);

/** A right stack whose services refer to the secret so. */
const stack = (name: string = secret, version = "1") => [...resources(name, version), ...grants];

/** The same on a first preview: nothing that Google makes is known. */
function firstPreview(): TestResource[] {
  const unknowns = { id: unknownValue, name: unknownValue, version: unknownValue, project: unknownValue };
  return stack(unknownValue, unknownValue).map((resource) =>
    resource.outputs === undefined
      ? { ...resource, outputs: { id: unknownValue } }
      : {
          ...resource,
          inputs:
            "secret" in resource.inputs ? { ...resource.inputs, secret: unknownValue } : resource.inputs,
          outputs: { ...resource.outputs, ...unknowns },
        },
  );
}

/** Auth draws on another secret than backend, and the preview knows neither. */
function parted(): TestResource[] {
  return [
    ...firstPreview().map((resource) =>
      resource.name === "auth" && resource.type === types.service
        ? { ...resource, dependsOn: { template: [otherUrn, otherVersionUrn] } }
        : resource,
    ),
    {
      type: types.secret,
      name: "other",
      inputs: { secretId: "other" },
      outputs: { id: unknownValue, name: unknownValue },
      protect: true,
    },
    {
      type: types.version,
      name: "other-g1",
      inputs: { secret: unknownValue, deletionPolicy: "DISABLE" },
      outputs: { name: unknownValue, version: unknownValue },
      dependsOn: { secret: [otherUrn] },
    },
  ];
}

/** Asks about each resource and then about the stack, as the engine does. */
async function askAll(list: readonly TestResource[]) {
  const policies = policiesFor();
  const early = [];
  for (const resource of list) early.push(...(await askResource(policies, resource)));
  return [...early, ...(await askStack(policies, list))];
}

const names = (reported: readonly { policy: string }[]) => [...new Set(reported.map(({ policy }) => policy))];
const authWith = (...envs: unknown[]) => service("auth", [environmentVariable, ...envs]);

describe("what a policy says of itself", () => {
  test("is its rule's, one policy per rule that a stack can answer", () => {
    const policies = policiesFor();
    expect(policies.map(({ name }) => name)).toEqual(packedRules.map(({ id }) => id));
    for (const [index, rule] of packedRules.entries()) {
      expect(policies[index]).toMatchObject({
        description: rule.description,
        remediationSteps: rule.remediation,
        enforcementLevel: rule.severity,
        severity: rule.unwaivable ? "critical" : rule.severity === "mandatory" ? "high" : "medium",
        url: `docs/rules/${rule.id}.md`,
      });
    }
  });

  test("links to where the project is browsed, when its manifest says where", () => {
    const [first] = policiesFor("https://example.com/ours/");
    expect(first?.url).toBe("https://example.com/ours/docs/rules/services-present.md");
  });

  test("leaves out the two rules that need live services or several environments", () => {
    const packed = new Set(packedRules.map(({ id }) => id));
    expect(packed.has("serving-what-is-described")).toBe(false);
    expect(packed.has("environments-apart")).toBe(false);
  });
});

describe("the whole stack", () => {
  test("passes without a word when it is right", async () => {
    expect(await askAll(stack())).toEqual([]);
  });

  test("passes without a word on a first preview, whose unknowns are settled", async () => {
    expect(await askAll(firstPreview())).toEqual([]);
  });

  test("is refused on a first preview that parts the services", async () => {
    const reported = await askAll(parted());
    expect(reported).toContainEqual(
      expect.objectContaining({ policy: "same-jwt-secret", level: "mandatory" }),
    );
    expect(reported.filter(({ message }) => message.includes("can't run policy"))).toEqual([]);
  });

  test("is refused where an unknown may stand for anything", async () => {
    const unsettled = firstPreview().map((resource) => ({ ...resource, dependsOn: {} }));
    const reported = await askAll(unsettled);
    expect(names(reported)).toContain("same-jwt-secret");
    expect(reported.every(({ message }) => message.includes("cannot be told"))).toBe(true);
    expect(names(reported.filter(({ level }) => level === "advisory"))).toEqual(["jwt-secret-guarded"]);
  });

  test("is refused where the unknown may come from a resource that is not Google's", async () => {
    const named = urnOf("random:index/randomPassword:RandomPassword", "name");
    const drawing = firstPreview().map((resource) =>
      resource.name === "auth" && resource.type === types.service
        ? { ...resource, dependsOn: { template: [named, ...(resource.dependsOn?.template ?? [])] } }
        : resource,
    );
    const random = { type: "random:index/randomPassword:RandomPassword", name: "name", inputs: {} };
    expect(names(await askAll([...drawing, random]))).toContain("same-jwt-secret");
  });

  test("is refused when it cannot be read, and says which resource", async () => {
    const broken = stack().map((resource) =>
      resource.name === "auth" && resource.type === types.service
        ? { ...resource, inputs: { ...resource.inputs, template: "none" } }
        : resource,
    );
    const [reported, ...others] = await askStack(policiesFor(), broken);
    expect(others).toEqual([]);
    expect(reported).toMatchObject({ policy: "services-present", level: "mandatory" });
    expect(reported?.message).toContain("gcp:cloudrunv2/service:Service::auth.template: expected object");
  });

  test("is let be when it carries no JWT secret", async () => {
    const others = [service("shop", [environmentVariable]), service("mail", [])];
    expect(await askStack(policiesFor(), others)).toEqual([]);
    expect(await askStack(policiesFor(), [])).toEqual([]);
  });

  test.each([
    ["a service in a role", [service("auth", [])]],
    ["a JWT variable", [service("shop", [reads("JWT_SECRET", secret, "1")])]],
    ["a service whose variables nobody can see", [service("shop", unknownValue)]],
    ["a secret named after it", stack().filter(({ type }) => type === types.secret)],
  ])("is refused without both services when it carries %s", async (_, resources) => {
    expect(names(await askStack(policiesFor(), resources))).toContain("services-present");
  });
});

describe("a resource before it is changed", () => {
  test("is refused for what is wrong in itself", async () => {
    const auth = authWith(reads("JWT_SECRET", secret, "latest"));
    expect(names(await askResource(policiesFor(), auth))).toEqual(["pinned-jwt-secret-version"]);
  });

  test("is refused when it parts from a service that came before it", async () => {
    const policies = policiesFor();
    const backend = service("backend", [environmentVariable, reads("JWT_SECRET", secret, "1")]);
    expect(await askResource(policies, backend)).toEqual([]);
    const auth = authWith(reads("JWT_SECRET", "projects/netra-staging/secrets/other", "1"));
    expect(names(await askResource(policies, auth))).toEqual(["same-jwt-secret"]);
  });

  test("passes where the rest of the stack may settle the doubt, and is judged with it", async () => {
    const policies = policiesFor();
    for (const resource of parted()) expect(await askResource(policies, resource)).toEqual([]);
    expect(names(await askStack(policies, parted()))).toContain("same-jwt-secret");
  });

  test("is told of once: not again with the next resource, nor at the end", async () => {
    const policies = policiesFor();
    const auth = authWith(reads("JWT_SECRET", secret, "latest"));
    expect(await askResource(policies, auth)).toHaveLength(1);
    for (const resource of stack()) {
      if (resource.name !== "auth" && resource.type !== types.service) {
        expect(await askResource(policies, resource)).toEqual([]);
      }
    }
    const whole = stack().map((one) => (one.name === "auth" && one.type === types.service ? auth : one));
    expect(names(await askStack(policies, whole))).not.toContain("pinned-jwt-secret-version");
  });

  test("is told of again when it is asked about again", async () => {
    const policies = policiesFor();
    const auth = authWith(reads("JWT_SECRET", secret, "latest"));
    expect(await askResource(policies, auth)).toHaveLength(1);
    expect(await askResource(policies, auth)).toHaveLength(1);
  });

  test("of a type that no fact is made of is let be", async () => {
    const bucket = { type: "gcp:storage/bucket:Bucket", name: "auth", inputs: { name: unknownValue } };
    expect(await askResource(policiesFor(), bucket)).toEqual([]);
  });
});

test("inputs count before outputs, which a provider may have rearranged", async () => {
  const policies = policiesFor();
  const doubtful = authWith(reads("JWT_SECRET", secret, "1"), {
    name: "JWT_SECRET_KEY",
    value: unknownValue,
  });
  expect(await askResource(policies, doubtful)).toEqual([]);
  expect(names(await askStack(policies, stack()))).toContain("single-jwt-reference");
});

describe("the rules that are always mandatory", () => {
  const weakened = () =>
    policiesFor().map((policy) => ({ ...policy, enforcementLevel: "advisory" as const }));

  test("are, where the configuration makes them advisory", async () => {
    const reported = await askStack(weakened(), parted());
    expect(reported.filter(({ policy }) => policy === "same-jwt-secret")).toMatchObject([
      { level: "mandatory" },
    ]);
  });

  test("are, where it disables them and the engine never asks them", async () => {
    const asked = weakened().filter(({ name }) => name !== "same-jwt-secret");
    const reported = await askStack(asked, parted());
    expect(reported.filter(({ policy }) => policy === "same-jwt-secret")).toMatchObject([
      { level: "mandatory" },
    ]);
  });

  test("leave the others their level", async () => {
    const latest = stack(secret, "latest");
    const reported = await askStack(weakened(), latest);
    expect(names(reported)).toContain("pinned-jwt-secret-version");
    expect(new Set(reported.map(({ level }) => level))).toEqual(new Set(["advisory"]));
  });
});

test("a name from the program neither colours nor breaks a message", async () => {
  const hostile = service("auth", [environmentVariable, reads("JWT_SECRET", secret, "latest")]);
  hostile.inputs.name = "auth-<{%fg 1%}>\n\u001b[31m";
  const [reported] = await askResource(policiesFor(), hostile);
  expect(reported?.message).toContain("auth-<\\u{7b}%fg 1%}>\\u{a}\\u{1b}[31m");
});

test("the payload of a secret reaches no message", async () => {
  const policies = policiesFor();
  const payload = crypto.randomUUID();
  const version = {
    type: types.version,
    name: "jwt-secret-g1",
    inputs: { secret: 7, secretData: payload, deletionPolicy: "?" },
  };
  const reported = [
    ...(await askResource(policies, version)),
    ...(await askStack(policies, [...stack().slice(0, 1), version, ...stack().slice(2)])),
  ];
  expect(reported.length).toBeGreaterThan(0);
  expect(JSON.stringify(reported)).not.toContain(payload);
});
