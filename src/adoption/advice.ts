/** What an adoption leaves as it is and somebody should know. */
import type { Role } from "../environment/environment.ts";
import { roles } from "../environment/environment.ts";
import type { Adoption } from "./adoption.ts";
import type { Place } from "./place.ts";
import { defaultAccount, type Plan } from "./plan.ts";
import { branchesOf, textOf } from "./tree.ts";

/** Words in names of variables whose values are usually secret. */
const secretWords = /(^|_)(SECRET|PASSWORD|PASSWD|TOKEN|CREDENTIALS?|PRIVATE_KEY|API_?KEY|DSN)(_|$)/i;

const list = (names: readonly string[]) => names.join(", ");

function accountAdvice({ accounts, grants }: Plan, { number, project }: Place): string[] {
  const shared = accounts.auth === accounts.backend;
  const isDefault = number !== undefined && Object.values(accounts).includes(defaultAccount(number));
  if (isDefault) {
    return [
      `${shared ? "Both services run" : "A service runs"} as the default compute account of ${project}, which every workload of the project shares and which often may edit all of it. It stays. To part them later: make an account for each, let it read the further secrets of its service, then write its e-mail under account, one service at a time.`,
    ];
  }
  return shared && grants.length > 0
    ? [`Both services run as ${accounts.auth}, so what one may read the other may. It stays.`]
    : [];
}

function plainSecrets(role: Role, { settings }: Plan): string[] {
  const names = Object.entries(settings[role].env)
    .filter(([name, value]) => value !== "" && secretWords.test(name))
    .map(([name]) => name);
  return names.length === 0
    ? []
    : [
        `${role} has ${list(names)} in clear, and so has the configuration now: if that is secret, put it into Secret Manager before you commit the file, and write SECRET@VERSION under secrets.`,
      ];
}

function moving(role: Role, { settings }: Plan): string[] {
  const further = Object.values(settings[role].secrets ?? {});
  const unpinned = further.filter(({ version }) => !/^\d+$/.test(version)).length;
  return unpinned === 0
    ? []
    : [
        `${unpinned} of the ${further.length} further secrets of ${role} are not pinned; they stay as they are.`,
      ];
}

function tagged(role: Role, { pair }: Adoption): string[] {
  const tags = branchesOf(pair?.definitions[role].args.traffics).filter(
    ({ tag, revision }) => tag !== undefined && revision !== undefined,
  );
  const names = tags.map(({ tag, revision }) => `${textOf(tag)} (${textOf(revision)})`);
  return names.length === 0
    ? []
    : [
        `${role} keeps older revisions reachable by tag: ${list(names)}. They go on with the secrets they were deployed with.`,
      ];
}

function pipelines(plan: Plan): string[] {
  const names = roles.filter((role) => plan.settings[role].deployedBy === "pipeline");
  if (names.length === 0) return [];
  return [
    `${names.join(" and ")} ${names.length > 1 ? "are" : "is"} deployed by a tool of ${names.length > 1 ? "their" : "its"} own (deployedBy: pipeline), which keeps deciding the image. Take --set-env-vars, --update-env-vars, --set-secrets and --update-secrets out of its commands: variables are Pulumi's from now on.`,
  ];
}

/** The advice, a sentence or two each. */
export function adviceOf(adoption: Adoption, plan: Plan, place: Place): string[] {
  return [
    ...accountAdvice(plan, place),
    ...pipelines(plan),
    ...roles.flatMap((role) => plainSecrets(role, plan)),
    ...roles.flatMap((role) => moving(role, plan)),
    ...roles.flatMap((role) => tagged(role, adoption)),
  ];
}
