/** What the first update will change, said before it does. */
import type { Role, ServiceSettings } from "../environment/environment.ts";
import { jwtVariableNames, previousVariable } from "../environment/names.ts";
import type { Key } from "./key.ts";
import { ourLabels } from "./planned.ts";
import { containersOf, type Variable, variablesOf } from "./settings.ts";
import { type Branch, branchesOf, branchOf, same, textOf } from "./tree.ts";

/** One change to a service. `from` and `to` hold references and labels, never the text of a plain variable. */
export interface Change {
  readonly role: Role;
  /** `envs.NAME` for a variable; otherwise the argument of `cloudrunv2.Service`. */
  readonly path: string;
  readonly from?: string;
  readonly to?: string;
  /** Why, where it does not show. */
  readonly note?: string;
}

/** What an environment's references are made of. */
export interface Planned {
  readonly environment: string;
  readonly key: Key;
  /** How a service names the secret. */
  readonly secretName: string;
  /** What backend is told of auth by default. */
  readonly authUrl: string | undefined;
}

const reference = (secret: string, version: number | string): Omit<Variable, "name"> => ({
  secret,
  version: String(version),
});

/** The variables the program adds to those of the service's own. */
export function programVariables(role: Role, settings: ServiceSettings, planned: Planned): Variable[] {
  const { environment, key, secretName, authUrl } = planned;
  const current = [...jwtVariableNames(environment), ...(settings.jwtVariables ?? [])];
  const url = settings.authServiceUrl ?? (role === "backend" ? authUrl : undefined);
  return [
    { name: "ENVIRONMENT", value: environment },
    ...current.map((name) => ({ name, ...reference(secretName, key.current) })),
    ...(key.previous === undefined
      ? []
      : [{ name: previousVariable, ...reference(secretName, key.previous) }]),
    ...(url === undefined || url === false ? [] : [{ name: "AUTH_SERVICE_URL", value: url }]),
  ];
}

function shown(variable: Variable | undefined): string | undefined {
  if (variable === undefined) return undefined;
  const { secret, version, value = "" } = variable;
  if (secret !== undefined) return `${secret}@${version ?? "latest"}`;
  // The two variables that are no secret by their nature.
  if (variable.name === "ENVIRONMENT" || variable.name === "AUTH_SERVICE_URL") return value;
  return "a value in clear";
}

function variableChanges(role: Role, live: readonly Variable[], final: readonly Variable[]): Change[] {
  const names = [...new Set([...live, ...final].map(({ name }) => name))].sort();
  return names.flatMap((name): Change[] => {
    const [before, after] = [live, final].map((list) => list.find((one) => one.name === name));
    const equal =
      before !== undefined &&
      after !== undefined &&
      (before.value ?? "") === (after.value ?? "") &&
      shown(before) === shown(after) &&
      (before.secret === undefined || before.version !== undefined);
    if (equal) return [];
    const [from, to] = [shown(before), shown(after)];
    return [
      { role, path: `envs.${name}`, ...(from !== undefined && { from }), ...(to !== undefined && { to }) },
    ];
  });
}

const labelText = (labels: Branch) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${String(value)}`)
    .sort()
    .join(", ");

/** Every change to one service. `final` are the arguments the program will give, without its variables. */
export function changesOf(
  role: Role,
  live: Branch,
  final: Branch,
  settings: ServiceSettings,
  planned: Planned,
): Change[] {
  const [liveTemplate, template] = [branchOf(live, "template"), branchOf(final, "template")];
  const [first] = containersOf(live);
  const own = variablesOf(branchesOf(template.containers)[0]);
  const changes = variableChanges(role, variablesOf(first), [
    ...own,
    ...programVariables(role, settings, planned),
  ]);
  const mine = Object.fromEntries(
    Object.keys(ourLabels(planned.environment)).map((name) => [name, branchOf(final, "labels")[name] ?? ""]),
  );
  changes.push({ role, path: "labels", to: labelText(mine), note: "beside the labels it has" });
  const [from, to] = [branchOf(liveTemplate, "labels"), branchOf(template, "labels")];
  if (!same(from, to)) {
    changes.push({ role, path: "template.labels", from: labelText(from), to: labelText(to) });
  }
  const protection = String(settings.deletionProtection);
  changes.push({ role, path: "deletionProtection", to: protection, note: "a setting of Pulumi's alone" });
  const [order, before] = [containersOf(live), branchesOf(liveTemplate.containers)];
  if (order.some((container, index) => container !== before[index])) {
    const list = (all: readonly Branch[]) => all.map((one) => textOf(one.name) ?? "unnamed").join(", ");
    changes.push({
      role,
      path: "template.containers",
      from: list(before),
      to: list(order),
      note: "the order of its containers",
    });
  }
  return changes;
}
