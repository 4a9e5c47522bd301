/** Makes in the sandbox what documents say runs on Google Cloud: its services and all they need. To try `adopt` on. */
import { randomBytes } from "node:crypto";
import type { Definition } from "../src/adoption/definition.ts";
import type { Inventory, KnownSecret } from "../src/adoption/inventory.ts";
import { type Branch, branchesOf, branchOf, textOf } from "../src/adoption/tree.ts";
import { ApiError } from "./cloud/errors.ts";
import { emptyPolicy } from "./cloud/policies.ts";
import { match } from "./cloud/router.ts";
import type { CloudState, JsonObject } from "./cloud/state.ts";
import { Store } from "./cloud/store.ts";
import { Failure } from "./failure.ts";
import { serviceToApi } from "./providers/gcp/service-shape.ts";

/** Where it is made. */
export interface Target {
  /** The cloud's folder. */
  readonly directory: string;
  /** The project ID of the environment in the sandbox. */
  readonly project: string;
}

/** What was made, for people. */
export interface Made {
  readonly services: readonly string[];
  readonly secrets: number;
}

interface SecretPlace {
  readonly project: string;
  readonly secret: string;
}

const key = ({ project, secret }: SecretPlace) => `projects/${project}/secrets/${secret}`;

/** Calls the cloud's API on its state, many times in one change of its file. */
type Api = (method: string, path: string, body?: JsonObject) => void;

function apiOn(state: CloudState): Api {
  return (method, path, body = {}) => {
    const url = new URL(path, "http://127.0.0.1");
    const found = match(method, url.pathname);
    if (found === undefined) throw new Failure(`The sandbox's cloud has no ${path}.`);
    try {
      found.handler({
        state,
        now: new Date(),
        delayGrantsSeconds: 0,
        apisMustBeEnabled: false,
        startsInstances: false,
        params: found.params,
        query: url.searchParams,
        body,
        mark: undefined,
        caller: undefined,
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // What is there already is what was wanted.
      if (error.code !== 409) throw new Failure(`The sandbox cannot make ${path}: ${error.message}`);
    }
  };
}

/** Gives the sandbox's projects the numbers that the documents speak of. */
function numberProjects(state: CloudState, numbers: ReadonlyMap<string, string>): void {
  for (const [project, number] of numbers) {
    const known = state.projects[project];
    if (known === undefined) {
      state.projects[project] = {
        number,
        createTime: new Date().toISOString(),
        apis: [],
        policy: emptyPolicy(),
      };
    } else if (known.number !== number) {
      throw new Failure(
        `The sandbox knows ${project} under the number ${known.number}, the files speak of ${number}: run npm run reset first.`,
      );
    }
  }
}

/** A project of the documents in the sandbox: the services' own is the environment's, any other goes by its own name. */
function projectIn(target: Target, own: string | undefined, named: string): string {
  if (named === own || named === target.project) return target.project;
  return /^\d+$/.test(named) ? `project-${named}` : named;
}

function referencesOf({ args }: Definition): { secret: string; version: string }[] {
  const template = branchOf(args, "template");
  const variables = branchesOf(template.containers).flatMap(({ envs }) => branchesOf(envs));
  const fromVariables = variables.map((one) => branchOf(branchOf(one, "valueSource"), "secretKeyRef"));
  const fromVolumes = branchesOf(template.volumes).flatMap(({ secret }) => {
    const volume = branchOf(secret);
    const items = branchesOf(volume.items);
    return (items.length > 0 ? items : [branchOf(undefined)]).map(
      (item): Branch => ({ ...item, secret: volume.secret ?? "" }),
    );
  });
  return [...fromVariables, ...fromVolumes].flatMap(({ secret, version }) => {
    const name = textOf(secret);
    return name === undefined || name === "" ? [] : [{ secret: name, version: textOf(version) ?? "latest" }];
  });
}

function placeOf(target: Target, own: string | undefined, text: string): SecretPlace {
  const [, project = target.project, secret = text] = /^projects\/([^/]+)\/secrets\/(.+)$/.exec(text) ?? [];
  return { project: projectIn(target, own, project), secret };
}

/** How many versions a secret needs: as many as are listed, or as the highest number that is referred to. */
function versionsOf(place: SecretPlace, known: readonly KnownSecret[], numbers: readonly string[]): number {
  const listed = known
    .filter(({ secret }) => secret === place.secret)
    .flatMap(({ versions }) => versions ?? []);
  const referred = numbers.filter((one) => /^\d+$/.test(one)).map(Number);
  return Math.max(1, ...listed.map(({ number }) => number), ...referred);
}

function makeSecret(
  api: Api,
  place: SecretPlace,
  count: number,
  disabled: readonly number[],
  members: readonly string[],
): void {
  const path = `/v1/${key(place)}`;
  api("POST", `/v1/projects/${place.project}/secrets?secretId=${place.secret}`, {
    replication: { automatic: {} },
  });
  for (let number = 1; number <= count; number += 1) {
    const data = Buffer.from(randomBytes(48).toString("base64url")).toString("base64");
    api("POST", `${path}:addVersion`, { payload: { data } });
    if (disabled.includes(number)) api("POST", `${path}/versions/${number}:disable`);
  }
  const bindings = [{ role: "roles/secretmanager.secretAccessor", members: [...members] }];
  api("POST", `${path}:setIamPolicy`, { policy: { bindings } });
}

function accountOf({ args }: Definition, number: string): string {
  const given = textOf(branchOf(args, "template").serviceAccount);
  return given ?? `${number}-compute@developer.gserviceaccount.com`;
}

/** Makes services, accounts and secrets, all or nothing; each secret has new random values. */
export async function makeRunning(target: Target, inventory: Inventory): Promise<Made> {
  return await new Store(target.directory).transact((state) => make(state, target, inventory));
}

function make(state: CloudState, target: Target, inventory: Inventory): Made {
  const { services, secrets, accounts } = inventory;
  const api = apiOn(state);
  const own = services.map(({ project }) => project).find((one) => one !== undefined);
  const references = services.flatMap(referencesOf);
  const numbers = new Map<string, string>();
  if (own !== undefined && /^\d+$/.test(own)) numbers.set(target.project, own);
  for (const { secret } of references) {
    const [, project = ""] = /^projects\/(\d+)\//.exec(secret) ?? [];
    if (project !== "" && project !== own) numbers.set(`project-${project}`, project);
  }
  numberProjects(state, numbers);
  const emails = new Set(services.map((one) => accountOf(one, own ?? "")));
  for (const email of emails) {
    const [, id, project] = /^([^@]+)@([^.]+)\.iam\.gserviceaccount\.com$/.exec(email) ?? [];
    if (id === undefined) continue;
    const { displayName = "" } = accounts.find((one) => one.email === email) ?? {};
    const body = { accountId: id, serviceAccount: { displayName } };
    api("POST", `/v1/projects/${project}/serviceAccounts`, body);
  }
  const members = [...emails].map((email) => `serviceAccount:${email}`);
  const places = new Map(
    references.map(({ secret }) => placeOf(target, own, secret)).map((place) => [key(place), place]),
  );
  for (const place of places.values()) {
    const used = references.filter(({ secret }) => key(placeOf(target, own, secret)) === key(place));
    const written = used.map(({ version }) => version);
    const listed = secrets
      .filter(({ secret }) => secret === place.secret)
      .flatMap(({ versions }) => versions ?? []);
    const disabled = listed.filter((one) => one.state !== "ENABLED").map(({ number }) => number);
    makeSecret(api, place, versionsOf(place, secrets, written), disabled, members);
  }
  for (const definition of services) makeService(state, api, target, definition);
  return { services: services.map(({ name }) => name), secrets: places.size };
}

function makeService(state: CloudState, api: Api, { project }: Target, definition: Definition): void {
  const { name, region, args } = definition;
  const { traffics, ...plain } = args;
  const path = `projects/${project}/locations/${region ?? ""}/services`;
  api("POST", `/v2/${path}?serviceId=${encodeURIComponent(name)}`, serviceToApi(plain));
  const made = state.services[`${path}/${name}`];
  const latest = made?.revisions.at(-1);
  if (made === undefined || latest === undefined) return;
  // Older revisions that still have a tag or traffic: what they carried is not known, so they carry the same.
  const older = branchesOf(traffics).flatMap(({ revision }) => textOf(revision) ?? []);
  made.revisions.unshift(...[...new Set(older)].map((revision) => ({ ...latest, name: revision })));
  if (older.length > 0)
    api("PATCH", `/v2/${path}/${name}?updateMask=traffic`, serviceToApi({ traffics: traffics ?? [] }));
}
