/** What a document shows of one service: its references, its account, and what is hidden of them. */
import type { Case } from "../model.ts";
import { type PlannedEnvironment, type PlannedService, unknown, type Written } from "../plan/planned.ts";
import type { ProjectAtom, SecretSlot, SeenContainer, SeenRef, SeenService } from "./view.ts";

export function seeService(
  subject: Case,
  planned: PlannedService,
  project: ProjectAtom,
  environment: PlannedEnvironment,
  preview: boolean,
): SeenService {
  const { service, aliases, account, hidden } = planned;
  const see = (written: Written): SeenRef => seeRef(written, project, aliases, planned, environment, preview);
  const containers = planned.containers.map(
    ({ variables, files }): SeenContainer => ({
      variables: variables.map(({ name, value }) => ({
        name,
        value:
          value.kind === "reference"
            ? { kind: "reference", ref: see(value) }
            : value.text.includes("${")
              ? { kind: "placeholder" }
              : { kind: "literal", text: value.text },
      })),
      files: files.map((written) => ({ file: written.file, ref: see(written) })),
    }),
  );
  const live = subject.rendering.family === "cloudrun" && !planned.revision;
  return {
    kind: service.kind,
    name: service.name,
    region: service.region,
    project,
    account: seeAccount(planned, account, environment, preview),
    containers: hidden ? "hidden" : containers,
    serving: live ? service.serving : "not said",
    revision: planned.revision,
    print: JSON.stringify([containers, service.serving, account, planned.revision]),
  };
}

function seeAccount(
  planned: PlannedService,
  account: string | null,
  environment: PlannedEnvironment,
  preview: boolean,
): SeenService["account"] {
  if (account === null) return { kind: "default" };
  const resource = environment.accounts.find(({ name }) => name === planned.service.account);
  if (account === unknown && resource) {
    return preview
      ? { kind: "urn", urn: resource.urn }
      : { kind: "member", member: `serviceAccount:${resource.email}` };
  }
  return { kind: "member", member: `serviceAccount:${account}` };
}

function seeRef(
  { secret, version }: Written,
  home: ProjectAtom,
  aliases: Readonly<Record<string, string>>,
  planned: PlannedService,
  environment: PlannedEnvironment,
  preview: boolean,
): SeenRef {
  // A sentinel may be any of the resources the template draws on that do not exist yet.
  const drawn = new Set(planned.drawsOn);
  const newSecrets = environment.secrets.filter(
    ({ urn, status, versions }) =>
      status === "create" && (drawn.has(urn) || versions.some((version) => drawn.has(version.urn))),
  );
  const newVersions = environment.secrets
    .flatMap(({ versions }) => versions)
    .filter(({ urn, status }) => status === "create" && drawn.has(urn));
  const seen: SeenRef = {
    secret: seeSecret(
      secret,
      home,
      aliases,
      newSecrets.map(({ urn }) => urn),
      preview,
    ),
    version:
      version === unknown && preview
        ? { kind: "one-of", urns: newVersions.map(({ urn }) => urn) }
        : version?.includes("${")
          ? { kind: "free" }
          : { kind: "known", text: version },
  };
  if (seen.version.kind !== "one-of" || seen.version.urns.length !== 1) return seen;
  const [only] = seen.version.urns;
  const owner = environment.secrets.find(({ versions }) => versions.some(({ urn }) => urn === only));
  const own =
    seen.secret.kind === "known"
      ? owner?.secret.id === seen.secret.secret
      : seen.secret.kind === "one-of" && seen.secret.urns.every((urn) => urn === owner?.urn);
  return own ? seen : { ...seen, version: { ...seen.version, stray: true } };
}

function seeSecret(
  text: string,
  home: ProjectAtom,
  aliases: Readonly<Record<string, string>>,
  candidates: string[],
  preview: boolean,
): SecretSlot {
  if (text === unknown && preview) return { kind: "one-of", urns: candidates };
  const path = aliases[text] ?? text;
  if (path.includes("${")) return { kind: "free" };
  const [first, project, second, secret] = path.split("/");
  if (first !== "projects" || second !== "secrets" || !project || !secret) {
    return { kind: "known", project: home, secret: path };
  }
  return { kind: "known", project: `${/^\d+$/.test(project) ? "number" : "id"}:${project}`, secret };
}
