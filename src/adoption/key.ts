/** Which secret stays: the one that auth signs with today, and the number of its version. */
import { compareProjects, compareReferences, compareSecrets, textOf } from "../policy/compare.ts";
import { printReference, printSecret } from "../policy/describe.ts";
import { readings } from "../policy/effective.ts";
import type { Environment, Reference, Role, Service } from "../policy/facts.ts";
import { jwtVariables, previousVariables } from "../policy/variables.ts";
import type { KnownSecret, KnownVersion } from "./inventory.ts";
import { type Problem, problem } from "./problem.ts";

/** The secret that stays, its version and, where tokens of another one may be about, that one. */
export interface Key {
  /** ID or number of its project. */
  readonly project: string;
  readonly secret: string;
  readonly current: number;
  readonly previous?: number;
  /** As it is written today. */
  readonly reference: Reference;
  /** Why a previous version is kept, and other doubts that do not stop the adoption; a sentence each. */
  readonly notes: readonly string[];
}

/** A key, or why none can be named. */
export type Found = { readonly key: Key } | { readonly problems: readonly Problem[] };

const not = (...texts: string[]): Found => ({ problems: texts.map(problem) });

/** What is known of the secret of a reference, over all documents about it. */
export function knownOf(
  { project, secret }: Pick<Reference, "project" | "secret">,
  secrets: readonly KnownSecret[],
  projects: Environment["projects"],
): KnownSecret | undefined {
  const about = secrets.filter((one) => {
    const place = { kind: "known", value: one.project } as const;
    const name = { kind: "known", value: one.secret } as const;
    return compareSecrets({ project, secret }, { project: place, secret: name }, projects).kind === "same";
  });
  const [first, ...others] = about;
  return first && Object.assign({}, first, ...others);
}

/** Whether what auth reads depends on an order that nobody has given. */
function dependsOnOrder(auth: Service, environment: Environment): string[] {
  const carried = jwtVariables(auth);
  if (auth.reads.length > 0) return [];
  const references = carried.flatMap(({ variable }) =>
    variable.value.kind === "reference" ? [variable.value.reference] : [],
  );
  const [first] = references;
  const agree =
    first !== undefined &&
    references.length === carried.length &&
    references.every((one) => compareReferences(first, one, environment.projects).kind === "same");
  return agree || carried.length < 2 ? [] : carried.map(({ name }) => name);
}

/** `gcloud` and the file its output goes to, for a list that is missing. */
function listCommand(project: string, secret: string): string {
  return `gcloud secrets versions list ${secret} --project ${project} --format=json > ${secret}.versions.json`;
}

interface Pinned {
  readonly number: number;
  readonly list: readonly KnownVersion[];
  readonly problem?: string;
}

/** The number behind a reference to a version, from what is known of the secret. */
function pin(reference: Reference, known: KnownSecret | undefined, project: string): Pinned | string {
  const secret = textOf(reference.secret, "secret") ?? "";
  const written = reference.version.kind === "absent" ? "latest" : textOf(reference.version, "version");
  const list = (known?.versions ?? []).toSorted((a, b) => b.number - a.number);
  const command = listCommand(project, secret);
  if (written === undefined) return `the version of ${printReference(reference)} is not known`;
  if (written === "latest" && known?.versions === undefined) {
    return `auth reads ${printReference(reference)}, and nothing says which version that is: add the file that this makes: ${command}`;
  }
  const alias = known?.aliases?.[written];
  const number =
    written === "latest" ? list[0]?.number : /^[1-9]\d*$/.test(written) ? Number(written) : alias;
  if (number === undefined && written === "latest")
    return `${printSecret(reference)} has no version: add the key to it`;
  if (number === undefined) {
    return `auth reads ${printReference(reference)}, and nothing says which version that alias is: add the file that this makes: gcloud secrets describe ${secret} --project ${project} --format=json > ${secret}.json`;
  }
  const found = list.find((one) => one.number === number);
  if (known?.versions !== undefined && found?.state !== "ENABLED") {
    const state = found === undefined ? "not in the list of its versions" : found.state.toLowerCase();
    return `auth reads ${printReference(reference)}, which is version ${number} and ${state}, so no new instance can start, and what the running ones hold is not known: enable it (gcloud secrets versions enable ${number} --secret ${secret} --project ${project}), deploy auth again, then adopt`;
  }
  return { number, list };
}

/** The version before one, when tokens of it may be about: instances that started earlier may still sign with it. */
function stillHeld(
  { number, list }: Pinned,
  moving: boolean,
  since: string | undefined,
): { previous?: number; note?: string } {
  const created = list.find((one) => one.number === number)?.created;
  if (!moving || created === undefined || since === undefined || Date.parse(created) <= Date.parse(since))
    return {};
  const before = list.find((one) => one.number < number && one.state === "ENABLED");
  const doubt = `Version ${number} was added after auth's revision came up (${since}), so instances that started before may still sign with the version before it`;
  return before === undefined
    ? { note: `${doubt}, and none of those is enabled: their tokens will be refused once they are replaced.` }
    : {
        previous: before.number,
        note: `${doubt}: version ${before.number} stays readable as JWT_SECRET_PREVIOUS. A backend that does not read that variable refuses such tokens; deploy auth again before you adopt, and there are none.`,
      };
}

/** Names the secret that stays. `since` is when auth's latest revision came up. */
export function keyOf(
  services: Readonly<Record<Role, Service>>,
  environment: Environment,
  secrets: readonly KnownSecret[],
  options: { readonly project: string; readonly since?: string | undefined },
): Found {
  const { auth, backend } = services;
  const order = dependsOnOrder(auth, environment);
  if (order.length > 0) {
    return not(
      `auth (${auth.label}) carries ${order.join(", ")}, which are not one reference, so which key it signs with depends on the order in which its code reads them: say it with --reads auth=${order.join(",")} in that order`,
    );
  }
  const [reading, ...others] = readings(auth, environment);
  if (reading === undefined) {
    return not(
      `auth (${auth.label}) carries no JWT variable: if it reads its key by another name, say it with --reads auth=NAME`,
    );
  }
  if (reading.kind === "undecided")
    return not(`what auth (${auth.label}) signs with is not known: ${reading.reason}`);
  if (reading.kind === "literal") {
    return not(
      `auth (${auth.label}) signs with a key that is written into its description under ${reading.carried.name}, where anyone who may look at the service can read it: put it into Secret Manager and let auth read it there (gcloud run services update ${auth.label} --update-secrets ${reading.carried.name}=SECRET:VERSION), then adopt and rotate it`,
    );
  }
  const { reference } = reading;
  const differs = others.some(
    (one) =>
      one.kind !== "reference" ||
      compareReferences(reference, one.reference, environment.projects).kind !== "same",
  );
  if (differs)
    return not(
      `the containers of auth (${auth.label}) read different keys, so which one it signs with is not known`,
    );
  const secret = textOf(reference.secret, "secret");
  const own = { kind: "known", value: options.project } as const;
  const isOwn = compareProjects(reference.project, own, environment.projects).kind === "same";
  const project = (isOwn ? undefined : textOf(reference.project, "project")) ?? options.project;
  if (secret === undefined) return not(`the secret that auth (${auth.label}) reads is not known`);
  const known = knownOf(reference, secrets, environment.projects);
  const pinned = pin(reference, known, project);
  if (typeof pinned === "string") return not(pinned);
  const moving = !/^[1-9]\d*$/.test(textOf(reference.version, "version") ?? "");
  const held = stillHeld(pinned, moving, options.since);
  const verified = verifiedVersion(backend, reference, environment);
  const kept = [auth, backend]
    .map((service) => previousVersion(service, reference, environment))
    .find((number) => number !== undefined && number !== pinned.number);
  const other = verified !== undefined && verified !== pinned.number ? verified : undefined;
  const previous = held.previous ?? kept ?? other;
  const notes = [
    ...(held.note === undefined ? [] : [held.note]),
    ...(held.previous === undefined && kept === undefined && other !== undefined
      ? [
          `Backend verifies with version ${other} of the same secret, so tokens signed with that one are accepted today: it stays readable as JWT_SECRET_PREVIOUS.`,
        ]
      : []),
  ];
  return {
    key: {
      project,
      secret,
      current: pinned.number,
      ...(previous !== undefined && { previous }),
      reference,
      notes,
    },
  };
}

/** The numbered version of the same secret that a service accepts beside the current one already. */
function previousVersion(service: Service, of: Reference, environment: Environment): number | undefined {
  const [only, ...others] = previousVariables(service);
  if (only?.variable.value.kind !== "reference" || others.length > 0) return undefined;
  return versionOf(only.variable.value.reference, of, environment);
}

/** The number of a version, when it is of the same secret and has one. */
function versionOf(reference: Reference, of: Reference, environment: Environment): number | undefined {
  if (compareSecrets(reference, of, environment.projects).kind !== "same") return undefined;
  const written = textOf(reference.version, "version") ?? "";
  return /^[1-9]\d*$/.test(written) ? Number(written) : undefined;
}

/** The numbered version of the same secret that backend verifies with, where its description tells. */
function verifiedVersion(backend: Service, of: Reference, environment: Environment): number | undefined {
  const [reading, ...others] = readings(backend, environment);
  if (reading?.kind !== "reference" || others.length > 0) return undefined;
  return versionOf(reading.reference, of, environment);
}
