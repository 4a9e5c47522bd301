/** Puts answers where a view is open. */
import { accessor } from "../baseline.ts";
import { type Case, roles } from "../model.ts";
import { mayBe, type ProjectAtom, type SeenEnvironment, type SeenRef, type View } from "../view/view.ts";
import type { FullContainer, FullEnvironment, FullGrant, FullRef, FullService } from "./full.ts";
import { visibleContainers } from "./visible.ts";

export function fill(
  subject: Case,
  environment: SeenEnvironment,
  place: number,
  answers: ReadonlyMap<string, string>,
  projects: ReadonlyMap<ProjectAtom, string>,
  view: View,
): FullEnvironment {
  const projectOf = (atom: ProjectAtom) => projects.get(atom) ?? atom;
  const declared = new Map<string, { project: string; name: string }>();
  const numbers = new Map<string, string>();
  for (const { secrets } of view.environments) {
    for (const { urn, project, secret, versions } of secrets) {
      declared.set(urn, { project: projectOf(project), name: secret.id });
      for (const version of versions) {
        numbers.set(
          version.urn,
          version.number ??
            (answers.get(`number ${version.urn}`) ?? "").replace(/^new .*/, `new ${version.urn}`),
        );
      }
    }
  }
  const fillRef = ({ secret, version }: SeenRef, key: string): FullRef => {
    let target: { project: string; name: string };
    if (secret.kind === "known") {
      target = { project: projectOf(secret.project), name: secret.secret };
    } else {
      const answer = answers.get(`secret ${key}`) ?? "nowhere nothing";
      const space = answer.indexOf(" ");
      const [first, rest] = [answer.slice(0, space), answer.slice(space + 1)];
      target =
        first === "urn"
          ? (declared.get(rest) ?? { project: "nowhere", name: rest })
          : { project: projectOf(first), name: rest };
    }
    let text: string | null;
    if (version.kind === "known") text = version.text;
    else {
      const answer = answers.get(`version ${key}`) ?? "unknown";
      text = answer.startsWith("urn ") ? (numbers.get(answer.slice(4)) ?? `new ${answer.slice(4)}`) : answer;
    }
    return { ...target, secret: `${target.project} ${target.name}`, version: text };
  };
  const services = environment.services.map((seen, s): FullService => {
    const containers = visibleContainers(seen).map(
      ({ variables, files }, c): FullContainer => ({
        variables: variables.map(({ name, value }, v) => {
          const key = `${place}.${s}.${c}.v${v}`;
          const asked = answers.get(`environment ${key}`);
          if (asked !== undefined) return { name, value: { kind: "literal", text: asked } };
          return {
            name,
            value:
              value.kind === "reference"
                ? { kind: "reference", ref: fillRef(value.ref, key) }
                : { kind: "literal", text: value.kind === "literal" ? value.text : "unknown" },
          };
        }),
        files: files.map(({ file, ref }, f) => ({ file, ref: fillRef(ref, `${place}.${s}.${c}.f${f}`) })),
      }),
    );
    return {
      seen,
      role: roles.find((role) => mayBe(subject, seen, role)),
      containers,
      environment: literalEnvironment(containers),
      invented: false,
    };
  });
  const everybody = environment.services.map(({ account }) =>
    account.kind === "member" ? account.member : account.kind === "urn" ? account.urn : "",
  );
  const secrets = environment.secrets.map(({ urn, project, secret, versions }) => ({
    urn,
    secret: `${projectOf(project)} ${secret.id}`,
    label: secret.label,
    protect: secret.protect,
    ttl: secret.ttl,
    versions: versions.map((version) => ({
      number: numbers.get(version.urn) ?? "",
      known: version.number !== null,
      enabled: version.enabled,
      destroyed: version.destroyed,
    })),
  }));
  const full: FullEnvironment = {
    seen: environment,
    services,
    secrets,
    grants: environment.grants.map((grant, g): FullGrant => {
      const target = grant.urn === null ? undefined : declared.get(grant.urn);
      const onProject = grant.grant.form.startsWith("project-");
      return {
        form: grant.grant.form,
        project: target?.project ?? projectOf(grant.project),
        secret: onProject ? null : (target?.name ?? grant.secret ?? ""),
        role: grant.opaque ? accessor : grant.grant.role,
        conditional: grant.grant.conditional,
        members: grant.opaque
          ? answers.get(`policy ${place}.${g}`) === "nobody"
            ? []
            : everybody
          : grant.members.map(
              (member, m) =>
                member ??
                (grant.opaque ? grant.candidates[m] : answers.get(`member ${place}.${g}.${m}`)) ??
                "",
            ),
      };
    }),
    defaultAccount: (project) => {
      const match = view.matches.find(
        ({ id, number }) => projectOf(`id:${id}`) === project || projectOf(`number:${number}`) === project,
      );
      return match && `serviceAccount:${match.number}-compute@developer.gserviceaccount.com`;
    },
    projectOf,
  };
  invent(full, answers, place);
  return full;
}

function literalEnvironment(containers: readonly FullContainer[]): string | undefined {
  for (const { variables } of containers) {
    for (const { name, value } of variables) {
      if (name === "ENVIRONMENT" && value.kind === "literal") return value.text;
    }
  }
  return undefined;
}

/** Containers for services that hide theirs: what the other one has, nothing, or something that is astray. */
function invent(full: FullEnvironment, answers: ReadonlyMap<string, string>, place: number): void {
  const visible = full.services.find(({ seen, role }) => seen.containers !== "hidden" && role !== undefined);
  const newest = full.secrets.find(({ secret }) => secret.includes("jwt"));
  const usual: FullContainer = {
    variables: [
      { name: "ENVIRONMENT", value: { kind: "literal", text: full.seen.name ?? "staging" } },
      {
        name: "JWT_SECRET_KEY",
        value: {
          kind: "reference",
          ref: {
            project: newest?.secret.split(" ")[0] ?? "nowhere",
            name: newest?.secret.split(" ")[1] ?? "made-up",
            secret: newest?.secret ?? "nowhere made-up",
            version: newest?.versions.at(-1)?.number ?? "1",
          },
        },
      },
    ],
    files: [],
  };
  full.services.forEach((service, s) => {
    const answer = answers.get(`containers ${place}.${s}`);
    if (answer === undefined) return;
    service.invented = true;
    if (answer === "mirror") service.containers = visible?.containers ?? [usual];
    if (answer === "nothing") service.containers = [];
    if (answer === "astray") {
      service.containers = [
        {
          variables: usual.variables.map(({ name, value }) => ({
            name,
            value:
              value.kind === "reference"
                ? { kind: "reference", ref: { ...value.ref, secret: "nowhere astray", name: "astray" } }
                : value,
          })),
          files: [],
        },
      ];
    }
    service.environment = literalEnvironment(service.containers);
  });
}
