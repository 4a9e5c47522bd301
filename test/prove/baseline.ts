/** A right world: what a team that does everything well would have. Mutations start from it. */
import type {
  Container,
  Environment,
  Grant,
  GrantForm,
  Project,
  Ref,
  Service,
  Variable,
  World,
} from "./model.ts";

/** What may vary without anything being wrong. */
export interface Base {
  environments: readonly string[];
  /** How services are called: `%` stands for the role, `$` for the environment. */
  naming: string;
  /** Which of the three JWT variables each service carries; at least one. */
  authVariables: readonly number[];
  backendVariables: readonly number[];
  /** The version in use, from 1; older versions stand beside it. */
  version: number;
  previous: boolean;
  fingerprint: boolean;
  /** A further service with the right JWT variables. */
  further: "none" | "service" | "job" | "workerPool";
  sidecar: "none" | "plain" | "with-secret";
  file: boolean;
  /** An unrelated secret variable, from a Secret of the stack. */
  database: boolean;
  grants: GrantForm;
  label: boolean;
  source: "generated" | "supplied" | "existing" | null;
  /** One project for all environments, or one each. */
  oneProject: boolean;
}

export const projects: readonly Project[] = [
  { id: "acme-staging", number: "701982941522" },
  { id: "acme-production", number: "812093052633" },
  { id: "acme-shared", number: "923104163744" },
];

/** The index of a project that is nobody's home. */
export const elsewhere = 2;
export const accessor = "roles/secretmanager.secretAccessor";

export function ownVariable(environment: string): string {
  return `JWT_SECRET_${environment.toUpperCase().replaceAll("-", "_")}`;
}

export function jwtSecretName(environment: string): string {
  return `jwt-secret-${environment}`;
}

export function makeWorld(base: Base): World {
  return {
    projects: [...projects],
    environments: base.environments.map((name, index) =>
      makeEnvironment(base, name, base.oneProject ? 0 : index % 2),
    ),
  };
}

function makeEnvironment(base: Base, name: string, home: number): Environment {
  const id = jwtSecretName(name);
  const current: Ref = { project: home, secret: id, version: String(base.version) };
  const previous: Ref | undefined =
    base.previous && base.version > 1 ? { ...current, version: String(base.version - 1) } : undefined;
  const existing = base.source === "existing";
  const services = [
    makeService(base, name, home, "auth", base.authVariables, current, previous),
    makeService(base, name, home, "backend", base.backendVariables, current, previous),
  ];
  if (base.further !== "none") services.push(makeFurther(base.further, name, home, current));
  const versions = Array.from({ length: base.version }, (_, index) => ({
    number: String(index + 1),
    enabled: true,
    deletionPolicy: "DISABLE" as const,
  }));
  const secret = {
    resource: "jwt-secret",
    project: home,
    id,
    label: base.label ? name : null,
    protect: true,
    ttl: false,
    versions,
  };
  const database = {
    ...secret,
    resource: "db-password",
    id: `db-password-${name}`,
    label: null,
    versions: versions.slice(0, 1),
  };
  return {
    name,
    home,
    secrets: [...(existing ? [] : [secret]), ...(base.database ? [database] : [])],
    source: base.source,
    services,
    grants: existing ? [] : makeGrants(base.grants, services, home, id),
    leaving: [],
  };
}

function makeService(
  base: Base,
  environment: string,
  home: number,
  role: "auth" | "backend",
  which: readonly number[],
  current: Ref,
  previous: Ref | undefined,
): Service {
  const names = [ownVariable(environment), "JWT_SECRET_KEY", "JWT_SECRET"];
  const variables: Variable[] = [
    literal("ENVIRONMENT", environment),
    literal("LOG_LEVEL", "info"),
    ...names.filter((_, index) => which.includes(index)).map((name) => reference(name, current)),
  ];
  if (previous) variables.push(reference("JWT_SECRET_PREVIOUS", previous));
  if (base.fingerprint) variables.push(literal("JWT_SECRET_FINGERPRINT", "3f".repeat(32)));
  if (base.database) {
    variables.push(
      reference("DB_PASSWORD", { project: home, secret: `db-password-${environment}`, version: "1" }),
    );
  }
  const main: Container = {
    name: role,
    variables,
    files: base.file ? [{ file: "JWT_SECRET_KEY", ref: current }] : [],
  };
  const containers = [main];
  if (base.sidecar !== "none") {
    containers.push({
      name: "sidecar",
      variables: [
        literal("PORT", "9090"),
        ...(base.sidecar === "with-secret"
          ? [literal("ENVIRONMENT", environment), reference("JWT_SECRET_KEY", current)]
          : []),
      ],
      files: [],
    });
  }
  return {
    kind: "service",
    resource: role,
    name: base.naming.replace("%", role).replace("$", environment),
    project: home,
    region: "us-central1",
    account: `${role}-${environment}`,
    containers,
    serving: "latest",
  };
}

function makeFurther(
  kind: "service" | "job" | "workerPool",
  environment: string,
  home: number,
  current: Ref,
): Service {
  return {
    kind,
    resource: "worker",
    name: `worker-${environment}`,
    project: home,
    region: "us-central1",
    account: `worker-${environment}`,
    containers: [
      {
        name: "worker",
        variables: [literal("ENVIRONMENT", environment), reference("JWT_SECRET_KEY", current)],
        files: [],
      },
    ],
    serving: "latest",
  };
}

function makeGrants(form: GrantForm, services: readonly Service[], home: number, secret: string): Grant[] {
  const members = services.map((service) => memberOf(service, home));
  const shared = { form, role: accessor, project: home, secret, conditional: false };
  return form === "member" || form === "project-member"
    ? members.map((member) => ({ ...shared, members: [member] }))
    : [{ ...shared, members }];
}

/** The member a service's account is, in a world whose projects are the usual ones. */
export function memberOf(service: Service, home: number): string {
  return `serviceAccount:${service.account ?? "none"}@${projects[home]?.id ?? ""}.iam.gserviceaccount.com`;
}

export function literal(name: string, text: string): Variable {
  return { name, value: { kind: "literal", text } };
}

export function reference(name: string, ref: Ref): Variable {
  return { name, value: { kind: "reference", ref } };
}
