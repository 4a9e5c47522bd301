/** What the documents hold, sorted by kind: services in full, versions of secrets, secrets, accounts. */
import { DocumentError } from "../documents/error.ts";
import { parse } from "../documents/input/parse.ts";
import type { Definition } from "./definition.ts";
import { branchesOf, isBranch, type Tree, textOf, treeOf } from "./tree.ts";
import { readV1Definition } from "./v1.ts";
import { readV2Definition } from "./v2.ts";

/** A version of a secret, as `gcloud secrets versions list` prints it. */
export interface KnownVersion {
  readonly number: number;
  readonly state: string;
  /** ISO time. */
  readonly created?: string;
}

/** A secret and what is known of it. */
export interface KnownSecret {
  /** ID or number of its project. */
  readonly project: string;
  readonly secret: string;
  /** Undefined: not known. */
  readonly versions?: readonly KnownVersion[];
  readonly aliases?: Readonly<Record<string, number>>;
  /** Members who may read it by a grant on it; undefined: not known. */
  readonly accessors?: readonly string[];
}

/** A service account, as `gcloud iam service-accounts describe` prints it. */
export interface KnownAccount {
  readonly email: string;
  readonly displayName: string;
}

/** Everything the documents hold. */
export interface Inventory {
  readonly services: readonly Definition[];
  readonly secrets: readonly KnownSecret[];
  readonly accounts: readonly KnownAccount[];
}

const versionName = /^projects\/([^/]+)\/secrets\/([^/]+)\/versions\/(\d+)$/;
const secretName = /^projects\/([^/]+)\/secrets\/([^/]+)$/;

const kinds =
  "what gcloud prints with --format=json for `run services describe`, `secrets versions list`, `secrets describe` or `iam service-accounts describe`";

function field(item: Tree | undefined, name: string): string | undefined {
  return isBranch(item) ? textOf(item[name]) : undefined;
}

function versionOf(item: Tree): { place: [string, string]; version: KnownVersion } | undefined {
  const [, project, secret, number] = versionName.exec(field(item, "name") ?? "") ?? [];
  if (project === undefined || secret === undefined || number === undefined) return undefined;
  const created = field(item, "createTime");
  return {
    place: [project, secret],
    version: {
      number: Number(number),
      state: field(item, "state") ?? "UNKNOWN",
      ...(created !== undefined && { created }),
    },
  };
}

function versionsOf(items: readonly Tree[], file: string): KnownSecret | undefined {
  const found = items.map(versionOf);
  const first = found[0];
  if (first === undefined || found.some((one) => one === undefined)) return undefined;
  const versions = found.flatMap((one) => one?.version ?? []);
  if (found.some((one) => one?.place.join() !== first.place.join())) {
    throw new DocumentError(file, "lists versions of several secrets: give one list per secret");
  }
  return { project: first.place[0], secret: first.place[1], versions };
}

function secretOf(item: Tree): KnownSecret | undefined {
  const [, project, secret] = secretName.exec(field(item, "name") ?? "") ?? [];
  if (project === undefined || secret === undefined || !isBranch(item) || item.replication === undefined)
    return undefined;
  const aliases = isBranch(item.versionAliases) ? item.versionAliases : {};
  return {
    project,
    secret,
    aliases: Object.fromEntries(Object.entries(aliases).map(([alias, number]) => [alias, Number(number)])),
  };
}

function accountOf(item: Tree): KnownAccount | undefined {
  const email = field(item, "email");
  if (email === undefined || field(item, "uniqueId") === undefined) return undefined;
  return { email, displayName: field(item, "displayName") ?? "" };
}

const v1Kind = /^(?:serving\.knative\.dev|run\.googleapis\.com)\//;

function serviceOf(item: Tree, file: string): Definition | undefined {
  if (!isBranch(item)) return undefined;
  const kind = field(item, "kind");
  if (kind !== undefined) {
    if (kind === "Service" && v1Kind.test(field(item, "apiVersion") ?? ""))
      return readV1Definition(item, file);
    if (["Revision", "Job", "WorkerPool"].includes(kind)) {
      throw new DocumentError(
        file,
        `holds a ${kind}: give its service, as gcloud run services describe prints it`,
      );
    }
    return undefined;
  }
  if (isBranch(item.template) && textOf(item.name)?.includes("/services/") === true)
    return readV2Definition(item, file);
  return undefined;
}

/** What lists hold their items under, in the answers of the APIs. */
const listKeys = ["items", "services", "versions"];

function itemsOf(value: Tree): Tree[] {
  if (Array.isArray(value)) return value;
  const key =
    isBranch(value) && !("kind" in value && "spec" in value)
      ? listKeys.find((name) => Array.isArray(value[name]))
      : undefined;
  return key === undefined || !isBranch(value) ? [value] : branchesOf(value[key]);
}

/** Sorts the values of one file. @throws DocumentError for a file that holds nothing this command knows */
function sort(value: unknown, file: string): Inventory {
  const items = itemsOf(treeOf(value) ?? []);
  if (items.length === 0) throw new DocumentError(file, "is an empty list: nothing says of what");
  const versions = versionsOf(items, file);
  if (versions !== undefined) return { services: [], secrets: [versions], accounts: [] };
  const [first] = items;
  if (isBranch(first) && Array.isArray(first.bindings)) {
    throw new DocumentError(
      file,
      "is an IAM policy, which does not say of what: give it as --policy SECRET=FILE",
    );
  }
  const secrets = items.flatMap((item) => secretOf(item) ?? []);
  const accounts = items.flatMap((item) => accountOf(item) ?? []);
  const services = items.flatMap((item) => serviceOf(item, file) ?? []);
  if (secrets.length + accounts.length + services.length === 0) {
    throw new DocumentError(file, `is nothing adopt reads: give ${kinds}`);
  }
  return { services, secrets, accounts };
}

/** Reads one file. @throws DocumentError */
export function readInventory(content: Uint8Array | string, file: string): Inventory {
  return merge(parse(content, file).map(({ value }) => sort(value, file)));
}

/** Who may read a secret, from `gcloud secrets get-iam-policy`. @throws DocumentError */
export function readAccessors(content: Uint8Array | string, file: string): string[] {
  const [only] = parse(content, file);
  const policy = treeOf(only?.value);
  if (!isBranch(policy) || (policy.bindings === undefined && policy.etag === undefined)) {
    throw new DocumentError(file, "is no IAM policy: give what gcloud secrets get-iam-policy prints");
  }
  return branchesOf(policy.bindings)
    .filter(
      (binding) => binding.role === "roles/secretmanager.secretAccessor" && binding.condition === undefined,
    )
    .flatMap(({ members }) =>
      Array.isArray(members) ? members.flatMap((member) => textOf(member) ?? []) : [],
    );
}

/** Several inventories as one. */
export function merge(all: readonly Inventory[]): Inventory {
  return {
    services: all.flatMap(({ services }) => services),
    secrets: all.flatMap(({ secrets }) => secrets),
    accounts: all.flatMap(({ accounts }) => accounts),
  };
}
