/** What the configuration does not hold of a service: the difference between its arguments and the program's. */
import { isSystemName } from "./definition.ts";
import { ourLabels } from "./planned.ts";
import { containersOf, isOurs, isPlatformProbe, type Surroundings, textOfName } from "./settings.ts";
import { type Branch, branch, branchesOf, branchOf, isBranch, same, type Tree, textOf } from "./tree.ts";

/** Replacements by name, on three levels. `undefined` takes an argument away. */
export interface Difference {
  readonly args: Readonly<Record<string, Tree | undefined>>;
  readonly template: Readonly<Record<string, Tree | undefined>>;
  /** Of the first container; `envs` holds only those to be added. */
  readonly container: Readonly<Record<string, Tree | undefined>>;
  /** Further containers, in full. */
  readonly sidecars: readonly Branch[];
}

/** Names that differ between two maps, each with what it shall be. */
function differing(from: Branch, to: Branch, except: readonly string[]): Record<string, Tree | undefined> {
  const names = new Set([...Object.keys(to), ...Object.keys(from)]);
  const result: Record<string, Tree | undefined> = {};
  for (const name of names) {
    if (!except.includes(name) && !same(from[name], to[name])) result[name] = to[name];
  }
  return result;
}

/** The labels of a user on something that gets ours: theirs win, and those of the platform are the platform's. */
export function labelsWith(environment: string, theirs: Branch): Branch {
  const own = Object.entries(theirs).filter(([name]) => !isSystemName(name) && name !== deployMark);
  return { ...ourLabels(environment), ...Object.fromEntries(own) };
}

/** A random label by which gcloud makes a new revision with every deployment. */
const deployMark = "client.knative.dev/nonce";

const lastRevision = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST";

/** Whether all traffic goes to the latest revision and nothing has a tag: what leaving it out means. */
function isPlainTraffic(traffics: Tree | undefined): boolean {
  const targets = branchesOf(traffics);
  return targets.length === 0 || same(targets, [{ type: lastRevision, percent: 100 }]);
}

/** The arguments as the program shall give them: what runs, without what is ours or the platform's. */
export function wantedArgs(args: Branch, around: Surroundings): Branch {
  const template = branchOf(args, "template");
  const containers = containersOf(args).map((container, index) => {
    const { port } = { port: branchOf(container, "ports").containerPort };
    const ports = branchOf(container, "ports");
    const envs = branchesOf(container.envs).filter((one) => index > 0 || !isOurs(textOfName(one), around));
    return branch({
      ...container,
      envs,
      // Cloud Run's own name for the port, and its own port.
      ports:
        index === 0
          ? branch({ containerPort: port ?? 8080, name: ports.name === "http1" ? undefined : ports.name })
          : container.ports,
      startupProbe: isPlatformProbe(container.startupProbe, port) ? undefined : container.startupProbe,
    });
  });
  const { client: _client, clientVersion: _version, labels, traffics, launchStage, ...rest } = args;
  const { serviceAccount: _account, revision: _revision, containers: _all, ...plain } = template;
  return branch({
    ...rest,
    labels: labelsOn(around.environment, branchOf(labels)),
    traffics: isPlainTraffic(traffics) ? undefined : traffics,
    launchStage: launchStage === "GA" ? undefined : launchStage,
    template: branch({
      ...plain,
      labels: labelsWith(around.environment, branchOf(template, "labels")),
      containers,
    }),
  });
}

/** On the service itself the provider leaves other labels alone, so only those of the same names matter. */
function labelsOn(environment: string, theirs: Branch): Branch {
  const ours = ourLabels(environment);
  return Object.fromEntries(Object.entries(ours).map(([name, value]) => [name, theirs[name] ?? value]));
}

const sorted = (envs: readonly Branch[]) => envs.toSorted((a, b) => (textOfName(a) < textOfName(b) ? -1 : 1));

/** What must change about the planned arguments to make them the wanted ones; undefined: nothing. */
export function differenceOf(planned: Branch, wanted: Branch): Difference | undefined {
  const [plannedTemplate, wantedTemplate] = [branchOf(planned, "template"), branchOf(wanted, "template")];
  const [plannedContainer = {}] = branchesOf(plannedTemplate.containers);
  const [wantedContainer = {}, ...sidecars] = branchesOf(wantedTemplate.containers);
  const there = branchesOf(plannedContainer.envs);
  const missing = branchesOf(wantedContainer.envs).filter(
    (one) => !there.some((other) => textOfName(other) === textOfName(one)),
  );
  const difference: Difference = {
    args: differing(planned, wanted, ["template", "deletionProtection"]),
    template: differing(plannedTemplate, wantedTemplate, ["containers"]),
    container: {
      ...differing(plannedContainer, wantedContainer, ["envs"]),
      ...(missing.length > 0 && { envs: sorted(missing) }),
    },
    // The program keeps the variables of every container in order.
    sidecars: sidecars.map((one) => {
      const envs = sorted(branchesOf(one.envs));
      return branch({ ...one, envs: envs.length === 0 ? undefined : envs });
    }),
  };
  const parts = [difference.args, difference.template, difference.container];
  return parts.every((part) => Object.keys(part).length === 0) && sidecars.length === 0
    ? undefined
    : difference;
}

/** The planned arguments with a difference applied, as the generated file will. */
export function applied(planned: Branch, difference: Difference | undefined): Branch {
  if (difference === undefined) return planned;
  const template = branchOf(planned, "template");
  const [container = {}] = branchesOf(template.containers);
  const { envs, ...others } = difference.container;
  const added = Array.isArray(envs) ? envs : [];
  const first = branch({
    ...container,
    ...others,
    envs: [...branchesOf(container.envs), ...added],
  });
  return branch({
    ...planned,
    ...difference.args,
    template: branch({
      ...template,
      ...difference.template,
      containers: [first, ...difference.sidecars],
    }),
  });
}

/** What an override changes, in words for a report. */
export function namesOf(difference: Difference): string[] {
  const { args, template, container, sidecars } = difference;
  return [
    ...Object.keys(args),
    ...Object.keys(template),
    ...Object.keys(container).map((name) => (name === "envs" ? "variables with unusual names" : name)),
    ...sidecars.map((one) => `the container ${textOf(one.name) ?? "without a name"}`),
  ];
}

/** Whether a value is worth a literal of its own. */
export const isPlainValue = (value: Tree): value is string | number | boolean =>
  !isBranch(value) && !Array.isArray(value);
