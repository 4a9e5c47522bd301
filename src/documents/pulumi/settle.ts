/**
 * Settles unknowns of a preview. Two different unknowns print alike, so their text tells nothing; but the document
 * lists the resources each property draws on. When only one of them can have given the value, the value is its.
 */
import type { Part } from "../../policy/facts.ts";
import { readSecretName, readVersionName, type Settler, unknown } from "../reference.ts";
import { Hidden } from "../shape.ts";
import { readText } from "../text.ts";
import { namesItself } from "./own-names.ts";
import { projectOf } from "./projects.ts";
import { isService, type Resource, type Stack, types } from "./resource.ts";
import { parseUrn } from "./urn.ts";

interface Named {
  project: Part;
  secret: Part;
}

/** A part that was unknown and has been settled by the resource of this URN. */
function settledBy(urn: string, part: Part): Part {
  return part.kind === "known" ? { ...part, settledBy: urn } : part;
}

/** The version number a SecretVersion already has. */
export function versionNumber(version: Resource): Part | undefined {
  const number = readText(version.outputs.version);
  if (number.kind === "text") return readVersionName(number.text);
  const name = readText(version.outputs.name);
  return name.kind === "text" ? readSecretName(name.text, { kind: "absent" }).version : undefined;
}

/** The project and name of a Secret resource; a name that is not known yet is that of its URN. */
export function namedBy(secret: Resource, stack: Stack): Named {
  const project = projectOf(secret, stack);
  const name = secret.inputs instanceof Hidden ? undefined : readText(secret.inputs.secretId);
  if (name?.kind === "text") return { project, secret: readSecretName(name.text, project).secret };
  const current = readText(secret.outputs.secretId);
  if (current.kind === "text") return { project, secret: readSecretName(current.text, project).secret };
  return { project, secret: { kind: "settled", urn: secret.urn } };
}

/** The Secret that a SecretVersion belongs to. */
export function secretOf(version: Resource, stack: Stack): Named {
  const raw = version.inputs instanceof Hidden ? version.inputs : version.inputs.secret;
  const text = raw instanceof Hidden ? undefined : readText(raw);
  if (text?.kind === "text") return readSecretName(text.text, projectOf(version, stack));
  const current = readText(version.outputs.secret);
  if (current.kind === "text") return readSecretName(current.text, projectOf(version, stack));
  if (text?.kind === "unknown" && text.computed) return settler(version, "secret", stack).secret();
  const nothing = unknown(text?.kind === "unknown" ? text.reason : "its secret is not named");
  return { project: nothing, secret: nothing };
}

/** The e-mail of an account: what it has, or what the provider makes of its ID and project. */
export function emailOf(account: Resource, stack: Stack): Part {
  const current = readText(account.outputs.email);
  if (current.kind === "text") return { kind: "known", value: current.text };
  const id = account.inputs instanceof Hidden ? undefined : readText(account.inputs.accountId);
  const project = projectOf(account, stack);
  if (id?.kind === "text" && project.kind === "known" && /^[a-z][a-z0-9-]+$/u.test(project.value)) {
    return { kind: "known", value: `${id.text}@${project.value}.iam.gserviceaccount.com` };
  }
  return { kind: "settled", urn: account.urn };
}

/**
 * What a value may have been computed from: those dependencies whose outputs this update may still change.
 * Resources that name themselves name something else than the types asked for; any other resource
 * (a random name, a command, a component, another stack) can give any text, so it stays a candidate.
 */
function candidates(urns: readonly string[], stack: Stack, asked: readonly string[]): Resource[] | string {
  const found: Resource[] = [];
  for (const urn of new Set(urns)) {
    const resource = stack.resources.get(urn);
    const type = resource?.type ?? parseUrn(urn)?.type;
    if (type === undefined) return "the document names a dependency that is no resource";
    // Left out of the document means unchanged, and what is unchanged is known.
    if (resource === undefined || !resource.changing) continue;
    if (asked.includes(type)) {
      if (!identified(resource)) found.push(resource);
    } else if (!namesItself(type)) {
      return mayComeFrom(resource);
    }
  }
  return found;
}

/**
 * The dependencies, and those of the services among them: what a service gives of its template are the references it
 * was given itself.
 */
function withRepeated(urns: readonly string[], stack: Stack): readonly string[] {
  const all = new Set(urns);
  // A set that grows while it is walked is walked to its end.
  for (const urn of all) {
    const resource = stack.resources.get(urn);
    if (resource === undefined || !resource.changing || !isService(resource)) continue;
    for (const each of drawnOn(resource, "template")) all.add(each);
  }
  return [...all];
}

function drawnOn({ propertyDependencies, dependencies }: Resource, property: string): readonly string[] {
  return propertyDependencies === undefined ? dependencies : (propertyDependencies[property] ?? []);
}

/** True when what a resource is called is known from its state; a fresh one has none. */
function identified(resource: Resource): boolean {
  if (resource.type === types.version) return versionNumber(resource) !== undefined;
  const { email, name, number } = resource.outputs;
  const identity = resource.type === types.account ? email : resource.type === types.project ? number : name;
  return readText(identity).kind === "text";
}

const nobody = "it is known only once the update has run, and nothing it depends on tells";

function mayComeFrom({ logicalName, type }: Resource): string {
  return `it may come from ${logicalName} (${type})`;
}

function names(resources: readonly Resource[]): string {
  return resources.map((resource) => resource.logicalName).join(", ");
}

function sameSecret(a: Named, b: Named): boolean {
  return (
    JSON.stringify([bare(a.project), bare(a.secret)]) === JSON.stringify([bare(b.project), bare(b.secret)])
  );
}

function bare(part: Part): unknown {
  return part.kind === "known" ? part.value : part;
}

/** False only when the two are known to be different secrets. */
function mayBeSame(a: Part, b: Part): boolean {
  if (a.kind === "known" && b.kind === "known") return a.value === b.value;
  return !(a.kind === "settled" && b.kind === "settled") || a.urn === b.urn;
}

/** Settles the unknowns of one property of one resource. */
export function settler(resource: Resource, property: string, stack: Stack): Settler {
  const urns = drawnOn(resource, property);
  return {
    secret(): Named {
      const nothing = (reason: string): Named => ({ project: unknown(reason), secret: unknown(reason) });
      // A secret's full name may be put together from a project's number.
      const found = candidates(withRepeated(urns, stack), stack, [
        types.secret,
        types.version,
        types.project,
      ]);
      if (typeof found === "string") return nothing(found);
      const project = found.find(({ type }) => type === types.project);
      if (project !== undefined) return nothing(mayComeFrom(project));
      const [first, ...others] = found.map((from) => ({
        urn: from.urn,
        named: from.type === types.secret ? namedBy(from, stack) : secretOf(from, stack),
      }));
      if (first === undefined) return nothing(nobody);
      if (first.named.secret.kind === "unknown") return first.named;
      if (others.some((other) => !sameSecret(other.named, first.named))) {
        return nothing(`it may be that of any of ${names(found)}`);
      }
      return {
        project: settledBy(first.urn, first.named.project),
        secret: settledBy(first.urn, first.named.secret),
      };
    },
    version(secret): Part {
      const found = candidates(withRepeated(urns, stack), stack, [types.version]);
      if (typeof found === "string") return unknown(found);
      const [only, ...others] = found;
      if (only === undefined) return unknown(nobody);
      if (others.length > 0) return unknown(`it may be that of any of ${names(found)}`);
      if (secret !== undefined && !mayBeSame(secret, secretOf(only, stack).secret)) {
        return unknown(`it can only be that of ${only.logicalName}, which is a version of another secret`);
      }
      // A version that has a number already is no candidate.
      return { kind: "settled", urn: only.urn };
    },
    account(prefix = ""): Part {
      // A default account is named after a project's number. Whom another service runs as is not looked at: each that
      // another one's address is given to would be in doubt.
      const found = candidates(urns, stack, [types.account, types.project]);
      if (typeof found === "string") return unknown(found);
      const project = found.find(({ type }) => type === types.project);
      if (project !== undefined) return unknown(mayComeFrom(project));
      const [only, ...others] = found;
      if (only === undefined) return unknown(nobody);
      if (others.length > 0) return unknown(`it may be that of any of ${names(found)}`);
      const email = emailOf(only, stack);
      return email.kind === "known"
        ? { kind: "known", value: `${prefix}${email.value}`, settledBy: only.urn }
        : email;
    },
  };
}
