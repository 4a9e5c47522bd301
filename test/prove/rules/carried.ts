/** Which JWT variables and files a service carries, and which of them it reads. */

import type { FullRef, FullService, FullValue } from "../completions/full.ts";
import type { Options } from "../model.ts";

/** Every rule asks the same of a service again; a case has one set of options, and a completion is never changed. */
export function remembered<T extends object, R>(
  compute: (subject: T, options: Options) => R,
): (subject: T, options?: Options) => R {
  const known = new WeakMap<T, R>();
  const none: Options = { matched: [], services: {}, reads: {} };
  return (subject, options = none) => {
    const found = known.get(subject);
    if (found !== undefined) return found;
    const made = compute(subject, options);
    known.set(subject, made);
    return made;
  };
}

function ownNames(service: FullService, options: Options): string[] {
  const reads = service.role ? (options.reads[service.role] ?? []) : [];
  const own = environmentsOf(service)
    .filter((name) => name !== "")
    .map((name) => `JWT_SECRET_${name.toUpperCase().replaceAll("-", "_")}`);
  return [...new Set([...reads, ...own, "JWT_SECRET_KEY", "JWT_SECRET"])];
}

/** What the containers of a service say their ENVIRONMENT is, each once. */
export function environmentsOf({ containers }: FullService): string[] {
  const texts = containers.flatMap(({ variables }) =>
    variables.flatMap(({ name, value }) =>
      name === "ENVIRONMENT" && value.kind === "literal" ? [value.text] : [],
    ),
  );
  return [...new Set(texts)];
}

/** Named after some environment, be it not the service's own. */
function namedAfterAny(name: string): boolean {
  return /^JWT_SECRET_[A-Z0-9_]+$/.test(name) && !/^JWT_SECRET_(PREVIOUS|FINGERPRINT|KEY)$/.test(name);
}

interface Carried {
  name: string;
  value: FullValue;
  container: number;
  via: "variable" | "file";
  own: boolean;
}

/** All JWT variables and files of a service. */
export const carried = remembered((service: FullService, options: Options): Carried[] => {
  const own = ownNames(service, options);
  return service.containers.flatMap(({ variables, files }, container) => [
    ...variables
      .filter(({ name }) => own.includes(name) || namedAfterAny(name))
      .map(({ name, value }) => ({
        name,
        value,
        container,
        via: "variable" as const,
        own: own.includes(name),
      })),
    ...files
      .filter(({ file }) => own.includes(file) || namedAfterAny(file))
      .map(({ file, ref }) => ({
        name: file,
        value: { kind: "reference" as const, ref },
        container,
        via: "file" as const,
        own: true,
      })),
  ]);
});

export function sameRef(left: FullRef, right: FullRef): boolean {
  return left.secret === right.secret && left.version === right.version;
}

/** A version number; numbers not known yet are numbers too. */
export function pinned(ref: FullRef): boolean {
  return ref.version !== null && (/^\d+$/.test(ref.version) || ref.version.startsWith("new "));
}

/** The first variable present, in the service's own order: its reference, or why there is none. */
export type Effective =
  | { kind: "reference"; ref: FullRef }
  | { kind: "none" }
  | { kind: "literal" }
  | { kind: "unclear" };

export const effective = remembered((service: FullService, options: Options): Effective => {
  const everything = carried(service, options);
  if (everything.length > 1 && everything.some(({ value }) => value.kind === "literal"))
    return { kind: "unclear" };
  const all = everything.filter(({ own }) => own);
  const references = everything.flatMap(({ value }) => (value.kind === "reference" ? [value.ref] : []));
  const [one] = references;
  const disagree = one !== undefined && references.some((ref) => !sameRef(ref, one));
  const places = new Set(everything.map(({ container }) => container)).size;
  const bare = everything.some(
    ({ container }) => !service.containers[container]?.variables.some(({ name }) => name === "ENVIRONMENT"),
  );
  const torn = environmentsOf(service).length > 1;
  // Which of several containers or files counts, and what is read first without one ENVIRONMENT, nobody says.
  if (
    disagree &&
    (places > 1 || torn || everything.some(({ via }) => via === "file") || bare || !service.environment)
  ) {
    return { kind: "unclear" };
  }
  for (const name of ownNames(service, options)) {
    const present = all.filter((variable) => variable.name === name);
    const [first, ...others] = present;
    if (!first) continue;
    if (first.value.kind === "literal") return { kind: others.length > 0 ? "unclear" : "literal" };
    for (const { value } of others) {
      if (value.kind === "literal" || !sameRef(value.ref, first.value.ref)) return { kind: "unclear" };
    }
    return first.value;
  }
  return { kind: "none" };
});

/**
 * Whether some container of a service carries JWT variables of other environments only, beside a file or another
 * container that is known to be read: what is really read is left open.
 */
export function half(service: FullService, options: Options): boolean {
  const all = carried(service, options).filter(({ via }) => via === "variable");
  return all.some((one) => !one.own && !all.some((other) => other.container === one.container && other.own));
}

export function saysEnvironment(service: FullService, container: number): boolean {
  return service.containers[container]?.variables.some(({ name }) => name === "ENVIRONMENT") ?? false;
}

export function literalOf(service: FullService, name: string): string | undefined {
  for (const { variables } of service.containers) {
    for (const variable of variables) {
      if (variable.name === name && variable.value.kind === "literal") return variable.value.text;
    }
  }
  return undefined;
}

export function previousOf(service: FullService): (FullRef | null)[] {
  return service.containers.flatMap(({ variables }) =>
    variables
      .filter(({ name }) => name === "JWT_SECRET_PREVIOUS")
      .map(({ value }) => (value.kind === "reference" ? value.ref : null)),
  );
}
