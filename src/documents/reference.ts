/** Every spelling of a reference to a version of a secret, put into one canonical form. */
import type { Part, Reference } from "../policy/facts.ts";
import { readText, type Text } from "./text.ts";

/** A name from the annotation `run.googleapis.com/secrets` to the secret it stands for. */
export type Aliases = ReadonlyMap<string, { project: Part; secret: Part }>;

/** What can be said of a value that is known only once the update has run. */
export interface Settler {
  secret(): { project: Part; secret: Part };
  /** The version of a reference to `secret`, or of whatever is made of one version where that names none. */
  version(secret?: Part): Part;
  /** The e-mail of a service account; with `prefix`, as IAM writes a member. */
  account(prefix?: string): Part;
}

export interface ReferenceContext {
  /** Where a short name is looked up. */
  project: Part;
  /** Only in v1 documents. `unreadable` says why any short name may be an alias. */
  aliases?: { known: Aliases } | { unreadable: string };
  /** Only in previews. */
  settler?: Settler;
}

const full =
  /^(?:\/\/secretmanager\.googleapis\.com\/)?projects\/([^/]+)\/secrets\/([^/]+)(?:\/versions\/([^/]+))?$/u;
const short = /^([^/]+)\/versions\/([^/]+)$/u;
/** Secret Manager: letters, numerals, hyphens and underscores, up to 255 (v1 REST reference, `secretId`). */
const secretName = /^[A-Za-z0-9_-]{1,255}$/u;
/** An ID, one of a domain-scoped project (`example.com:name`) included, or a number. */
const projectName = /^[a-z0-9](?:[a-z0-9.:-]*[a-z0-9])?$/u;
/** A number, or an alias (v1 REST reference, `Secret.versionAliases`). */
const versionName = /^[A-Za-z0-9_-]{1,63}$/u;

/** A part whose text is there. */
export const known = (value: string): Part => ({ kind: "known", value });
/** A part that is left out where that is allowed. */
export const absent: Part = { kind: "absent" };
/** A part that the document does not hold. */
export const unknown = (reason: string): Part => ({ kind: "unknown", reason });

/** What a pipeline was to replace, in signs that a name may hold too. */
const unfilled = /^__.+__$/u;

function checked(value: string, pattern: RegExp, what: string): Part {
  if (unfilled.test(value)) return unknown("it is a placeholder");
  return pattern.test(value) ? known(value) : unknown(`it is not ${what}`);
}

/** A secret as text, with the version when the text names one. */
export function readSecretName(text: string, project: Part): { project: Part; secret: Part; version?: Part } {
  const [, inProject, name, version] = full.exec(text) ?? [];
  if (inProject !== undefined && name !== undefined) {
    return {
      project: readProjectName(inProject),
      secret: checked(name, secretName, "the name of a secret"),
      ...(version === undefined ? {} : { version: readVersionName(version) }),
    };
  }
  const [, shortName, shortVersion] = short.exec(text) ?? [];
  if (shortName !== undefined && shortVersion !== undefined) {
    return {
      project,
      secret: checked(shortName, secretName, "the name of a secret"),
      version: readVersionName(shortVersion),
    };
  }
  return { project, secret: checked(text, secretName, "the name of a secret") };
}

/** A project as text: an ID or a number. */
export function readProjectName(text: string): Part {
  return checked(text, projectName, "the ID or the number of a project");
}

/** The project that v1 says as a namespace; undefined where it says none, as with Kubernetes' own default. */
export function readNamespace(namespace: unknown): Part | undefined {
  const text = readText(namespace);
  if (text.kind === "unknown") return unknown(text.reason);
  return text.kind === "absent" || text.text === "default" ? undefined : readProjectName(text.text);
}

/** A version as text: a number, `latest` or an alias. */
export function readVersionName(text: string): Part {
  return checked(text, versionName, "the number or an alias of a version");
}

/** Text that is not there: settled where the update computes it, otherwise unknown. */
function notThere(text: Extract<Text, { kind: "unknown" }>, settle: (() => Part) | undefined): Part {
  return text.computed && settle !== undefined ? settle() : unknown(text.reason);
}

function readSecret(
  raw: unknown,
  context: ReferenceContext,
): { project: Part; secret: Part; version?: Part } {
  const text = readText(raw);
  if (text.kind === "absent") {
    const missing = unknown("no secret is named");
    return { project: missing, secret: missing };
  }
  if (text.kind === "unknown") {
    if (text.computed && context.settler !== undefined) return context.settler.secret();
    return { project: unknown(text.reason), secret: unknown(text.reason) };
  }
  const { aliases } = context;
  if (aliases !== undefined && !text.text.includes("/")) {
    if ("unreadable" in aliases) {
      const reason = `it may be an alias, and ${aliases.unreadable}`;
      return { project: unknown(reason), secret: unknown(reason) };
    }
    const target = aliases.known.get(text.text);
    if (target !== undefined) return target;
  }
  return readSecretName(text.text, context.project);
}

function sameText(a: Part, b: Part): boolean {
  return a.kind === "known" && b.kind === "known" && a.value === b.value;
}

/** A reference made of what stands where its secret (or alias) and its version are written. */
export function readReference(secret: unknown, version: unknown, context: ReferenceContext): Reference {
  const named = readSecret(secret, context);
  const reference = { project: named.project, secret: named.secret };
  const text = readText(version);
  if (text.kind === "absent") return { ...reference, version: named.version ?? absent };
  const settle =
    context.settler && (() => context.settler?.version(named.secret) ?? unknown("nothing tells"));
  const own = text.kind === "text" ? readVersionName(text.text) : notThere(text, settle);
  if (named.version !== undefined && !sameText(named.version, own)) {
    return { ...reference, version: unknown("the reference names two versions") };
  }
  return { ...reference, version: own };
}
