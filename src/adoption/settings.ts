/** What the configuration can hold of a service, in the words of `Pulumi.<environment>.yaml`. */
import type { Role } from "../environment/environment.ts";
import { isAccountEmail, jwtVariableNames, reservedVariable } from "../environment/names.ts";
import { serviceSettings } from "../environment/schema-service.ts";
import { type Definition, platformProbe } from "./definition.ts";
import { type Problem, problem } from "./problem.ts";
import { type Branch, branch, branchesOf, branchOf, isBranch, same, type Tree, textOf } from "./tree.ts";

/** What is known of a service besides its definition. */
export interface Surroundings {
  readonly role: Role;
  readonly environment: string;
  /** Variables that `--reads` names for it. */
  readonly reads: readonly string[];
  /** E-mail of the runtime account. */
  readonly account: string;
  /** Whether this program made that account. */
  readonly madeHere: boolean;
  /** Auth's own URL, where it is known. */
  readonly authUrl: string | undefined;
}

/** A service's entry in the configuration, and what no entry can say. */
export interface Entry {
  readonly settings: Branch;
  readonly problems: readonly Problem[];
}

/** Whether a container gets requests: the one with a port, or the only one. */
function isServing(container: Branch, all: readonly Branch[]): boolean {
  return container.ports !== undefined || all.length === 1;
}

/** The containers with the one that gets requests first, where this program wants it. */
export function containersOf(args: Branch): Branch[] {
  const all = branchesOf(branchOf(args, "template").containers);
  return [...all.filter((one) => isServing(one, all)), ...all.filter((one) => !isServing(one, all))];
}

/** The name and what stands under it, of a variable. */
export interface Variable {
  readonly name: string;
  /** Plain text; undefined for a reference. */
  readonly value?: string;
  readonly secret?: string;
  readonly version?: string;
}

/** The variables of a container. */
export function variablesOf(container: Branch | undefined): Variable[] {
  return branchesOf(container?.envs).map((one) => {
    const reference = branchOf(branchOf(one, "valueSource"), "secretKeyRef");
    const [secret, version] = [textOf(reference.secret), textOf(reference.version)];
    const name = textOf(one.name) ?? "";
    if (secret === undefined) return { name, value: textOf(one.value) ?? "" };
    return { name, secret, ...(version !== undefined && { version }) };
  });
}

/** The name of a variable. */
export const textOfName = (variable: Branch): string => textOf(variable.name) ?? "";

const isJwtName = (name: string) => name === "JWT_SECRET" || name.startsWith("JWT_SECRET_");

/** Whether the program sets a variable itself, whatever the service had under its name. */
export function isOurs(name: string, { reads }: Pick<Surroundings, "reads">): boolean {
  return isJwtName(name) || name === "ENVIRONMENT" || name === "AUTH_SERVICE_URL" || reads.includes(name);
}

function scalar(value: Tree | undefined): Tree | undefined {
  return isBranch(value) || Array.isArray(value) ? undefined : value;
}

function seconds(value: Tree | undefined): number | undefined {
  const [, number] = /^(\d+)s$/.exec(textOf(value) ?? "") ?? [];
  return number === undefined ? undefined : Number(number);
}

const ingressNames: Readonly<Record<string, string>> = {
  INGRESS_TRAFFIC_ALL: "all",
  INGRESS_TRAFFIC_INTERNAL_ONLY: "internal",
  INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER: "internal-and-cloud-load-balancing",
};

/** A startup probe in the configuration's words; undefined for Cloud Run's own and for one it has no words for. */
function probeOf(probe: Branch, port: Tree | undefined): Branch | undefined {
  const {
    tcpSocket,
    httpGet,
    initialDelaySeconds,
    timeoutSeconds,
    periodSeconds,
    failureThreshold,
    ...rest
  } = probe;
  const [tcp, http] = [branchOf(tcpSocket), branchOf(httpGet)];
  if (Object.keys(rest).length > 0 || isPlatformProbe(probe, port)) return undefined;
  const path = textOf(http.path);
  if (!same(http, branch({ path, port: http.port })) || (httpGet !== undefined && path === undefined))
    return undefined;
  return branch({
    path,
    port: http.port ?? tcp.port,
    initialDelay: initialDelaySeconds === 0 ? undefined : initialDelaySeconds,
    timeout: timeoutSeconds,
    period: periodSeconds,
    failureThreshold,
  });
}

/** Cloud Run's own probe: leaving it out keeps it. */
export function isPlatformProbe(probe: Tree | undefined, port: Tree | undefined): boolean {
  return same(probe, { ...platformProbe, tcpSocket: branch({ port: port ?? 8080 }) });
}

/** Splits the variables that are the service's own into plain ones and references. */
function ownVariables(variables: readonly Variable[], around: Surroundings) {
  const own = variables.filter(({ name }) => !isOurs(name, around));
  const shape = serviceSettings[around.role].shape;
  const env: Branch = {};
  const secrets: Branch = {};
  for (const { name, value, secret, version } of own) {
    const text = secret === undefined ? undefined : `${secret}@${version ?? "latest"}`;
    if (text !== undefined && shape.secrets.safeParse({ [name]: text }).success) secrets[name] = text;
    else if (value !== undefined && shape.env.safeParse({ [name]: value }).success) env[name] = value;
  }
  return { env, secrets };
}

/** AUTH_SERVICE_URL as the service has it: nothing to say where it is what the program would set. */
function authServiceUrl(variables: readonly Variable[], { role, authUrl }: Surroundings): Tree | undefined {
  const given = variables.find(({ name }) => name === "AUTH_SERVICE_URL")?.value;
  if (role === "auth") return given;
  return given === undefined ? false : given === authUrl ? undefined : given;
}

function variableProblems(definition: Definition, around: Surroundings): Problem[] {
  const { role } = around;
  const problems: Problem[] = [];
  const service = `${role} (${definition.name})`;
  containersOf(definition.args).forEach((container, index) => {
    const names = variablesOf(container).map(({ name }) => name);
    for (const name of new Set(names.filter((one, at) => names.indexOf(one) !== at))) {
      problems.push(
        problem(
          `${service} sets ${name} twice in one container, so which one counts is not known: remove one`,
        ),
      );
    }
    for (const variable of variablesOf(container)) {
      const { name } = variable;
      const reason = isOurs(name, around) ? undefined : reservedVariable(name);
      if (reason !== undefined) {
        problems.push(problem(`${service} sets ${name}, which this program cannot carry over: ${reason}`));
      } else if (index > 0 && (isOurs(name, around) || reservedVariable(name) !== undefined)) {
        const where = `its container ${textOf(container.name) ?? `number ${index + 1}`}`;
        problems.push(
          problem(
            `${service} sets ${name} in ${where}; this program sets it in the container that gets requests alone: let that container tell the other, or rename the variable`,
          ),
        );
      } else if (name === "AUTH_SERVICE_URL" && variable.value === undefined) {
        problems.push(
          problem(`${service} takes AUTH_SERVICE_URL from a secret: set it in plain text, it is no secret`),
        );
      }
    }
  });
  return problems;
}

/** The settings of a service that the schema takes; what it does not take is left to the override. */
export function entryOf(definition: Definition, around: Surroundings): Entry {
  const { args } = definition;
  const template = branchOf(args, "template");
  const [container = {}] = containersOf(args);
  const resources = branchOf(container, "resources");
  const limits = branchOf(resources, "limits");
  const scaling = branchOf(template, "scaling");
  const port = branchOf(container, "ports").containerPort;
  const variables = variablesOf(container);
  const extra = around.reads.filter(
    (name) => !jwtVariableNames(around.environment).some((one) => one === name) && !isJwtName(name),
  );
  const wanted = branch({
    name: definition.name,
    account: around.madeHere ? around.account.split("@")[0] : around.account,
    image: container.image,
    deployedBy: args.client === undefined ? undefined : "pipeline",
    ...ownVariables(variables, around),
    jwtVariables: extra.length === 0 ? undefined : [...new Set(extra)],
    authServiceUrl: authServiceUrl(variables, around),
    port: scalar(port) ?? 8080,
    cpu: scalar(limits.cpu),
    memory: scalar(limits.memory),
    cpuIdle: resources.cpuIdle === true || undefined,
    startupCpuBoost: resources.startupCpuBoost === true || undefined,
    minInstances: scalar(scaling.minInstanceCount) ?? 0,
    maxInstances: scalar(scaling.maxInstanceCount),
    concurrency: scalar(template.maxInstanceRequestConcurrency),
    timeout: seconds(template.timeout),
    sessionAffinity: template.sessionAffinity === true,
    ingress: ingressNames[textOf(args.ingress) ?? ""],
    public: args.invokerIamDisabled === true,
    startupProbe: probeOf(branchOf(container, "startupProbe"), port),
  });
  return {
    settings: accepted(wanted, around.role),
    problems: [...variableProblems(definition, around), ...accountProblems(definition, around)],
  };
}

/** An e-mail the schema does not take would silently become an account of another name. */
function accountProblems(definition: Definition, { account, role }: Surroundings): Problem[] {
  const fits = serviceSettings[role].shape.account.safeParse(account).success && isAccountEmail(account);
  return fits
    ? []
    : [
        problem(
          `${role} (${definition.name}) runs as ${account}, which is not the e-mail of a service account`,
        ),
      ];
}

/** Settings the schema refuses are dropped here; the difference that leaves is carried by the override. */
function accepted(wanted: Branch, role: Role): Branch {
  const shape: Readonly<Record<string, { safeParse(value: unknown): { success: boolean } }>> =
    serviceSettings[role].shape;
  const kept = Object.entries(wanted).filter(([name, value]) => {
    if (isBranch(value) && Object.keys(value).length === 0) return false;
    return shape[name]?.safeParse(value).success === true;
  });
  return Object.fromEntries(kept);
}
