/** A deployed stack in the middle of a rotation, as `pulumi stack export` prints it, for tests to change in one place. */
import {
  environmentVariable,
  reads,
  resources,
  state,
  type TestResource,
  types,
} from "../../../documents/testing/stack.ts";

/** When auth was last changed in the baseline. */
export const changed = "2026-03-01T12:00:00.000Z";

/** What a service carries: version numbers. */
export interface Carries {
  readonly current: string;
  readonly previous?: string;
}

/** What differs from a sound stack that rotates from generation 1 to 2. */
export interface Changes {
  auth?: Carries;
  backend?: Carries;
  /** Changes auth's resource. */
  resource?: (auth: TestResource & { more: Record<string, unknown> }) => void;
  secret?: string;
  stack?: string;
}

function service(name: string, { current, previous }: Carries, secret: string) {
  const envs = [
    environmentVariable,
    reads("JWT_SECRET", secret, current),
    reads("JWT_SECRET_KEY", secret, current),
    ...(previous === undefined ? [] : [reads("JWT_SECRET_PREVIOUS", secret, previous)]),
    reads("JWT_SECRET_STAGING", secret, current),
  ];
  return {
    type: types.service,
    name,
    parent: "jwt-secret:infrastructure:CloudRunService",
    inputs: {
      name: `${name}-staging`,
      template: { containers: [{ envs }], timeout: "300s" },
    },
    outputs: {
      updateTime: "2026-03-01T11:59:59.5Z",
      reconciling: false,
      latestReadyRevision: `${name}-staging-00002-abc`,
      latestCreatedRevision: `${name}-staging-00002-abc`,
      trafficStatuses: [{ type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 100, revision: "" }],
    },
    more: { modified: changed },
  };
}

/** The state of such a stack. */
export function deployedState({
  auth = { current: "2", previous: "1" },
  backend = auth,
  resource,
  secret = "jwt-secret-staging",
  stack = "staging",
}: Changes = {}) {
  const [made, first] = resources(`projects/netra-staging/secrets/${secret}`, "1");
  if (made === undefined || first === undefined) throw new Error("the baseline has no secret");
  const second: TestResource = {
    ...first,
    name: "jwt-secret-g2",
    outputs: {
      ...first.outputs,
      version: "2",
      name: "projects/123456789012/secrets/jwt-secret-staging/versions/2",
    },
  };
  const services = [service("auth", auth, secret), service("backend", backend, secret)];
  const [changing] = services;
  if (changing !== undefined) resource?.(changing);
  const document = state([made, first, second, ...services], { stack });
  return { ...document, deployment: { ...document.deployment, pending_operations: [] as unknown[] } };
}
