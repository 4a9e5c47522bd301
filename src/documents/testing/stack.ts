/** A small sound stack, as the engine prints it, for tests to change in one place. */

export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource as tests write it; the document makers wrap it. */
export interface TestResource {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  dependsOn?: Record<string, string[]>;
  protect?: boolean;
  parent?: string;
  more?: Record<string, unknown>;
}

export const types = {
  secret: "gcp:secretmanager/secret:Secret",
  version: "gcp:secretmanager/secretVersion:SecretVersion",
  account: "gcp:serviceaccount/account:Account",
  member: "gcp:secretmanager/secretIamMember:SecretIamMember",
  service: "gcp:cloudrunv2/service:Service",
};

export const urnOf = (type: string, name: string, stack = "staging"): string =>
  `urn:pulumi:${stack}::jwt-secret::${type}::${name}`;

export const secretUrn = urnOf(types.secret, "jwt-secret");
export const versionUrn = urnOf(types.version, "jwt-secret-g1");

/** One variable that reads a secret, in v2's shape. */
export const reads = (name: string, secret: unknown, version: unknown) => ({
  name,
  valueSource: { secretKeyRef: { secret, version } },
});

/** A v2 service whose container has the variables given. */
export function service(name: string, envs: unknown, more: Record<string, unknown> = {}): TestResource {
  return {
    type: types.service,
    name,
    inputs: {
      name: `${name}-staging`,
      location: "us-central1",
      template: {
        containers: [{ envs }],
        serviceAccount: `${name}-staging@netra-staging.iam.gserviceaccount.com`,
        ...more,
      },
    },
    dependsOn: { template: [secretUrn, versionUrn] },
  };
}

export const environmentVariable = { name: "ENVIRONMENT", value: "staging" };

/** Secret, version and both services; what is known depends on the document they are put into. */
export function resources(secret: unknown, version: unknown): TestResource[] {
  const envs = [environmentVariable, reads("JWT_SECRET_KEY", secret, version)];
  return [
    {
      type: types.secret,
      name: "jwt-secret",
      inputs: { secretId: "jwt-secret-staging", labels: { environment: "staging" } },
      outputs: {
        id: "projects/netra-staging/secrets/jwt-secret-staging",
        name: "projects/123456789012/secrets/jwt-secret-staging",
        secretId: "jwt-secret-staging",
        project: "netra-staging",
      },
      protect: true,
    },
    {
      type: types.version,
      name: "jwt-secret-g1",
      inputs: { secret: "projects/netra-staging/secrets/jwt-secret-staging", deletionPolicy: "DISABLE" },
      outputs: {
        name: "projects/123456789012/secrets/jwt-secret-staging/versions/1",
        version: "1",
        enabled: true,
      },
      dependsOn: { secret: [secretUrn] },
    },
    service("auth", structuredClone(envs)),
    service("backend", structuredClone(envs)),
  ];
}

function stateOf(resource: TestResource, stack: string, withOutputs: boolean) {
  const type = resource.parent === undefined ? resource.type : `${resource.parent}$${resource.type}`;
  return {
    urn: urnOf(type, resource.name, stack),
    custom: true,
    type: resource.type,
    inputs: resource.inputs,
    // What is there has an ID, and what is to come has none (deploy/step.go, `NewSameStep`).
    ...(withOutputs ? { id: `${resource.name}-id` } : {}),
    ...(withOutputs && resource.outputs ? { outputs: resource.outputs } : {}),
    ...(resource.dependsOn ? { propertyDependencies: resource.dependsOn } : {}),
    ...(resource.protect ? { protect: true } : {}),
    sourcePosition: "project:///index.ts#23,10",
    ...resource.more,
  };
}

/** `pulumi preview --json` of a stack that is not deployed yet, or of one that is (`op`). */
export function preview(list: readonly TestResource[], { op = "create", stack = "staging" } = {}) {
  return {
    config: { "gcp:project": "netra-staging" } as Record<string, string>,
    steps: list.map((resource) => {
      const newState = stateOf(resource, stack, false);
      return {
        op,
        urn: newState.urn,
        ...(op === "create" ? {} : { oldState: stateOf(resource, stack, true) }),
        newState,
      } as {
        op: string;
        urn: string;
        oldState?: Record<string, unknown>;
        newState?: Record<string, unknown>;
      };
    }),
    diagnostics: [] as { severity: string }[],
    changeSummary: { [op]: list.length } as Record<string, number>,
  };
}

/** `pulumi stack export`. */
export function state(list: readonly TestResource[], { version = 3, stack = "staging" } = {}) {
  return { version, deployment: { resources: list.map((resource) => stateOf(resource, stack, true)) } };
}
