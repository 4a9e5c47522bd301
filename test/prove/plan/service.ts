/** A service as a program writes it down: its references, its aliases, and what they draw on. */
import { shuffled } from "../dice.ts";
import {
  type Case,
  cycle,
  type Environment,
  email,
  type Ref,
  type Service,
  type Spelling,
  type World,
} from "../model.ts";
import type {
  PlannedAccount,
  PlannedSecret,
  PlannedService,
  Status,
  Written,
  WrittenVariable,
} from "./planned.ts";
import { unknown } from "./planned.ts";
import { pathOf, phaseOf, types, urnOf } from "./resources.ts";

export function planService(
  { rendering, world }: Case,
  environment: Environment,
  secrets: PlannedSecret[],
  accounts: PlannedAccount[],
  service: Service,
  position: number,
  leaving: boolean,
  counter: { next: number },
): PlannedService {
  const pulumi = rendering.family === "pulumi";
  const knative = pulumi
    ? service.kind === "service" && cycle(rendering.pulumi.knative, position)
    : rendering.cloudrun.kind === "v1";
  const aliases = new Map<string, string>();
  const targets: string[] = [];
  const write = (ref: Ref): Written => {
    const spelling = cycle(rendering.spellings, counter.next++);
    return writeReference(
      world,
      rendering.family === "pulumi" ? secrets : [],
      service,
      knative,
      ref,
      spelling,
      (path) => {
        const known = [...aliases].find(([, target]) => target === path);
        if (known) return known[0];
        // An alias may be called anything, what another secret is called included.
        const alias =
          targets.length === 0 ? `jwt-secret-${environment.name}-alias` : `alias-${targets.length}`;
        targets.push(path);
        aliases.set(alias, path);
        return alias;
      },
    );
  };
  const containers = service.containers.map((container) => ({
    name: container.name,
    variables: shuffled(container.variables, rendering.order).map(
      ({ name, value }): WrittenVariable =>
        value.kind === "literal"
          ? { name, value: { kind: "literal", text: value.text } }
          : { name, value: { kind: "reference", ...write(value.ref) } },
    ),
    files: container.files.map(({ file, ref }) => ({ file, ...write(ref) })),
  }));
  const account = accounts.find(({ name }) => name === service.account);
  const unknownAccount =
    pulumi && phaseOf(rendering) === "first" && rendering.pulumi.unknownAccounts && account !== undefined;
  const status: Status = leaving
    ? "leaving"
    : phaseOf(rendering) === "first"
      ? "create"
      : cycle(rendering.pulumi.changed, position)
        ? "update"
        : "same";
  const type = service.kind === "revision" ? types.service : knative ? types.knative : types[service.kind];
  const drawn = containers.flatMap(({ variables, files }) => [
    ...variables.flatMap(({ value }) => (value.kind === "reference" ? value.drawsOn : [])),
    ...files.flatMap(({ drawsOn }) => drawsOn),
  ]);
  return {
    service,
    urn: urnOf(environment.name, type, service.resource),
    status,
    knative,
    hidden: pulumi && cycle(rendering.pulumi.hidden, position),
    revision: !pulumi && knative && cycle(rendering.cloudrun.revision, position),
    containers,
    aliases: Object.fromEntries(aliases),
    account: service.account === null ? null : unknownAccount ? unknown : email(world, service),
    drawsOn: [...new Set([...(account ? [account.urn] : []), ...drawn])],
  };
}

function writeReference(
  world: World,
  secrets: readonly PlannedSecret[],
  service: Service,
  knative: boolean,
  ref: Ref,
  spelling: Spelling,
  alias: (path: string) => string,
): Written {
  const placeholder = ref.secret.startsWith("$");
  const target = secrets.find(({ secret }) => secret.id === ref.secret && secret.project === ref.project);
  const strays = spelling.version === "stray-output" ? secrets.filter((other) => other !== target) : [];
  const version = [...(target ? [target] : []), ...strays]
    .reverse()
    .flatMap(({ versions }) => versions)
    .find(({ number }) => number === ref.version);
  const drawsOn: string[] = [];
  let writtenVersion = ref.version;
  if (spelling.version !== "literal" && version) {
    drawsOn.push(version.urn);
    if (version.status === "create") writtenVersion = unknown;
  }
  const home = ref.project === service.project;
  let style = spelling.secret;
  if (placeholder) style = "short";
  // A program that writes a name or an account's project by hand draws on nothing.
  if (!target && style === "output-id") style = "id";
  if (!target && style === "output-name") style = "number";
  if (style === "short" && !home) style = knative ? "alias" : "id";
  if (knative && style !== "short") style = style.startsWith("output") && home ? "short" : "alias";
  if (!knative && style === "alias") style = "id";
  let secret: string;
  switch (style) {
    case "short":
      secret = ref.secret;
      if (target) drawsOn.push(target.urn);
      break;
    case "alias":
      secret = alias(pathOf(world, ref, spelling.secret === "number" ? "number" : "id"));
      break;
    case "output-id":
    case "output-name":
      drawsOn.push(target?.urn ?? "");
      secret =
        target?.status === "create" ? unknown : pathOf(world, ref, style === "output-id" ? "id" : "number");
      break;
    default:
      secret = pathOf(world, ref, style);
  }
  return { secret, version: writtenVersion, drawsOn };
}
