/** What each step of a rotation does to the generations, and when it is refused. Pure: no file, no clock of its own. */

import { type Role, roles } from "../../policy/facts.ts";
import { Failure, UsageError } from "../command.ts";
import type { Deployed, DeployedService } from "./deployed.ts";
import type { Generations } from "./edit.ts";
import { commandsOf, type Place } from "./places.ts";
import type { StackSettings } from "./stack-file.ts";
import { duration, instant, margin, type Wait, waitFrom } from "./wait.ts";

/** A step that must not be taken, or not yet; the message says why. */
export class Refused extends Error {
  override name = "Refused";
}

/** What is known when a step is decided. */
export interface Situation extends Place {
  readonly settings: StackSettings;
  readonly deployed: Deployed;
  readonly now: Date;
}

/** The longest token's lifetime. @throws Failure when the configuration does not say it */
export function lifetimeOf({ tokenLifetime }: StackSettings, environment: string): number {
  if (tokenLifetime !== undefined) return tokenLifetime;
  throw new Failure(
    "jwt-secret:tokenLifetime is not set, so it is not known how long old tokens live: write the seconds of the " +
      `longest-lived token auth signs into Pulumi.${environment}.yaml, such as jwt-secret:tokenLifetime: 3600`,
  );
}

/** How long the key that auth signed with before must be kept. */
export function waitOf({ environment, settings, deployed }: Situation): Wait {
  const request = Math.max(settings.timeouts.auth, deployed.authTimeout ?? 0);
  return waitFrom(deployed.authChanged, request, lifetimeOf(settings, environment));
}

/** `generation 2 and previous generation 1`. */
function said({ current, previous }: Generations): string {
  return `generation ${current}${previous === undefined ? "" : ` and previous generation ${previous}`}`;
}

function carried({ current, previous }: DeployedService): string {
  const one = ({ generation, version }: DeployedService["current"]) =>
    generation === undefined
      ? `version ${version}, which is no generation of the state`
      : `generation ${generation}`;
  return `${one(current)}${previous === undefined ? "" : ` and previous ${one(previous)}`}`;
}

/** The first service that does not carry what the file says, in a clause; undefined when both do. */
export function difference({ settings: { secret }, deployed }: Situation): string | undefined {
  const differs = ({ current, previous }: DeployedService) =>
    current.generation !== secret.current || previous?.generation !== secret.previous;
  const role: Role | undefined = roles.find((one) => differs(deployed.services[one]));
  return role === undefined
    ? undefined
    : `${role} is deployed with ${carried(deployed.services[role])}, the configuration says ${said(secret)}`;
}

function mustBeDeployed(situation: Situation): void {
  const different = difference(situation);
  if (different === undefined) return;
  throw new Refused(`${different}: deploy first, ${commandsOf(situation).deploy}`);
}

/** The generation a rotation goes to. */
function target({ secret, supplied }: StackSettings, to: number | undefined, unused: boolean): number {
  if (secret.source === "existing") {
    if (to === undefined) {
      throw new UsageError(
        "--to VERSION is required with source: existing: the number of the version to go to",
      );
    }
  }
  const inUse = [secret.current, secret.previous ?? 0];
  if (to !== undefined) {
    if (inUse.includes(to))
      throw new Refused(`generation ${to} is in use already: a rotation goes to another one`);
    if (secret.source !== "existing" && to < secret.current) {
      throw new Refused(
        `generation ${to} is older than ${secret.current}, and an old key stays retired: go to a new one`,
      );
    }
    return to;
  }
  return Math.max(...inUse, ...(unused ? (supplied ?? []).filter(Number.isInteger) : [])) + 1;
}

/** The first step: the next generation signs, the present one is still accepted. @throws Refused, Failure */
export function start(situation: Situation, to: number | undefined): Generations {
  const { environment, settings } = situation;
  const { secret } = settings;
  const { rotate } = commandsOf(situation);
  if (secret.previous !== undefined) {
    throw new Refused(
      `a rotation is under way (${said(secret)}): end it first, ${rotate("finish")}, or turn it round, ${rotate("back")}`,
    );
  }
  lifetimeOf(settings, environment);
  const current = target(settings, to, false);
  mustBeDeployed(situation);
  return { current, previous: secret.current };
}

/** The rotation turned round: the older generation signs again, the newer is still accepted. @throws Refused */
export function back({ secret }: StackSettings, place: Place): Generations {
  if (secret.previous !== undefined) return { current: secret.previous, previous: secret.current };
  throw new Refused(
    `no rotation is under way (${said(secret)}), so there is no key to go back to: ` +
      `a retired key stays retired, go on to a new one with ${commandsOf(place).rotate("start")}`,
  );
}

/** The last step: the previous generation is accepted no more. @throws Refused while one of its tokens may live; Failure */
export function finish(situation: Situation): Generations {
  const { settings, deployed, now } = situation;
  const { secret } = settings;
  const { deploy, rotate } = commandsOf(situation);
  if (secret.previous === undefined) {
    const different = difference(situation);
    throw new Refused(
      different === undefined
        ? `no rotation is under way (${said(secret)}): there is nothing to finish`
        : `the configuration is finished, but ${different}: deploy it, ${deploy}`,
    );
  }
  const wait = waitOf(situation);
  mustBeDeployed(situation);
  if (deployed.authChanged > now) {
    throw new Failure(
      `auth was changed ${instant(deployed.authChanged)}, which is still to come by this machine's clock ` +
        `(${instant(now)}): set the clock`,
    );
  }
  if (now >= wait.until) return { current: secret.current };
  throw new Refused(
    `too early: auth signed with generation ${secret.previous} until ${instant(wait.since)} at the latest, and such a token may live ` +
      `until ${instant(wait.until)} (${reasons(wait)}): run this again in ` +
      `${duration((wait.until.getTime() - now.getTime()) / 1000)}, or, if the key leaked, ` +
      `${rotate(`emergency --leaked ${secret.previous}`)}`,
  );
}

/** What a wait is made of. */
export function reasons({ request, lifetime }: Pick<Wait, "request" | "lifetime">): string {
  return `tokens ${duration(lifetime)}, a request under way ${duration(request)}, traffic and clocks ${duration(margin)}`;
}

/** A key leaked: its tokens must die now. Asks no state, because nothing may hold this up. @throws Refused */
export function emergency(
  settings: StackSettings,
  leaked: number | undefined,
  to: number | undefined,
): Generations {
  const { secret } = settings;
  const key = leaked ?? secret.current;
  if (key === secret.current) return { current: target(settings, to, true) };
  if (key !== secret.previous) {
    throw new Refused(`generation ${key} is not in use (${said(secret)}): its tokens are refused already`);
  }
  if (to !== undefined) {
    throw new UsageError("--to means nothing when the previous key leaked: the current one stays");
  }
  return { current: secret.current };
}
