/** The plan of a case: its environments with their secrets, accounts, grants and services. */
import { type Case, cycle, type Environment, email, type World } from "../model.ts";
import {
  type PlannedAccount,
  type PlannedEnvironment,
  type PlannedGrant,
  type PlannedSecret,
  type Status,
  unknown,
} from "./planned.ts";
import { pathOf, phaseOf, types, urnOf } from "./resources.ts";
import { planService } from "./service.ts";

export function plan(subject: Case): PlannedEnvironment[] {
  const counter = { next: 0 };
  return subject.world.environments.map((environment) => planEnvironment(subject, environment, counter));
}

function planEnvironment(
  subject: Case,
  environment: Environment,
  counter: { next: number },
): PlannedEnvironment {
  const { rendering, world } = subject;
  const phase = phaseOf(rendering);
  const base: Status = phase === "first" ? "create" : "same";
  const stack = environment.name;
  const secrets: PlannedSecret[] = environment.secrets.map((secret) => ({
    secret,
    urn: urnOf(stack, types.secret, secret.resource),
    status: base,
    versions: secret.versions.map(({ number }, index) => ({
      number,
      index,
      urn: urnOf(stack, types.version, `${secret.resource}-g${number}`),
      status:
        phase === "rotation" && secret.id.includes("jwt") && index === secret.versions.length - 1
          ? "create"
          : base,
    })),
  }));
  const accounts = planAccounts(world, environment, base);
  const all = [
    ...environment.services.map((service) => ({ service, leaving: false })),
    ...environment.leaving.map((service) => ({ service, leaving: true })),
  ];
  const services = all.map(({ service, leaving }, position) =>
    planService(subject, environment, secrets, accounts, service, position, leaving, counter),
  );
  const unknownMembers = phase === "first" && rendering.pulumi.unknownAccounts;
  const byOutput = cycle(rendering.spellings, 0).secret.startsWith("output");
  const grants = environment.grants.map((grant, index): PlannedGrant => {
    const target = secrets.find(
      ({ secret }) => secret.id === grant.secret && secret.project === grant.project,
    );
    const drawn = grant.members.map((member) =>
      accounts.find((account) => `serviceAccount:${account.email}` === member),
    );
    return {
      grant,
      urn: urnOf(stack, types[grant.form], `grant-${index}`),
      status: base,
      secret:
        target && byOutput
          ? target.status === "create"
            ? unknown
            : pathOf(world, { project: grant.project, secret: grant.secret, version: null }, "id")
          : grant.secret,
      members: grant.members.map((member, position) =>
        unknownMembers && drawn[position] ? unknown : member,
      ),
      secretDrawsOn: target ? [target.urn] : [],
      membersDrawOn: [...new Set(drawn.flatMap((account) => (account ? [account.urn] : [])))],
    };
  });
  return {
    environment,
    services,
    secrets,
    grants,
    accounts,
    stack: base,
  };
}

function planAccounts(world: World, environment: Environment, status: Status): PlannedAccount[] {
  const named = new Map<string, PlannedAccount>();
  for (const service of environment.services) {
    if (service.account === null || named.has(service.account)) continue;
    named.set(service.account, {
      urn: urnOf(environment.name, types.account, service.account),
      name: service.account,
      email: email(world, service),
      status,
    });
  }
  return [...named.values()];
}
