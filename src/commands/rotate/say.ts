/** What the command says: what was changed, what happens next, what it costs. */

import type { Generations } from "./edit.ts";
import type { RotateOptions } from "./options.ts";
import { commandsOf, type Place } from "./places.ts";
import { difference, reasons, type Situation, waitOf } from "./plan.ts";
import type { StackFile } from "./stack-file.ts";
import { duration, instant, margin } from "./wait.ts";

const list = (generations: Generations): string =>
  `current ${generations.current}${generations.previous === undefined ? ", no previous" : `, previous ${generations.previous}`}`;

/** The headline of an edit. */
export function edited({ name, settings }: StackFile, next: Generations, dryRun: boolean): string {
  const verb = dryRun ? "would be changed (dry run)" : "changed";
  return `${name} ${verb}: ${list(settings.secret)} -> ${list(next)}\n\n`;
}

function numbered(steps: readonly string[]): string {
  const paragraphs = steps.map((step, index) => `${index + 1}. ${step.replaceAll("\n", "\n   ")}`);
  return `${paragraphs.join("\n")}\n`;
}

/** How the key of a generation comes to be, where somebody has to do something. */
function keyStep({ settings }: StackFile, { stack }: RotateOptions, generation: number): string[] {
  const { secret, secretName, supplied, project } = settings;
  if (secret.source === "generated") return [];
  const make = "openssl rand -base64 64 | tr -d '\\n'";
  if (secret.source === "supplied") {
    if (supplied?.includes(generation)) return [`The key of generation ${generation} is set already.`];
    const set = `pulumi config set --secret --path 'jwt-secret:values["${generation}"]' --stack ${stack}`;
    return [
      `Set the key of generation ${generation}, without which the update is refused:\n  ${make} | ${set}`,
    ];
  }
  return [
    `Version ${generation} must exist and be enabled; if it is not there, make it and look that it got this number:\n` +
      `  ${make} | gcloud secrets versions add ${secretName} --data-file=- --project ${project}`,
  ];
}

/** With `existing` nobody but the user switches a version off. */
function disableStep({ settings }: StackFile, retired: readonly (number | undefined)[]): string[] {
  const { secret, secretName, project } = settings;
  const versions = retired.filter((one) => one !== undefined);
  if (secret.source !== "existing") return [];
  return versions.map(
    (version) =>
      "When the update has ended, switch the old version off (not destroyed: it can be switched on again):\n" +
      `  gcloud secrets versions disable ${version} --secret ${secretName} --project ${project}`,
  );
}

function waitStep(file: StackFile, place: Place, old: number): string {
  const { timeouts, tokenLifetime } = file.settings;
  const { rotate } = commandsOf(place);
  const after = "It reads from the state when auth was updated, and refuses while it is too early.";
  const died = `Wait until the last token of generation ${old} has died`;
  if (tokenLifetime === undefined) {
    return `${died}; set jwt-secret:tokenLifetime, without which nobody can say when, then:\n  ${rotate("finish")}\n${after}`;
  }
  const total = timeouts.auth + tokenLifetime + margin;
  const parts = reasons({ request: timeouts.auth, lifetime: tokenLifetime });
  return `${died}, ${duration(total)} after that update\n(${parts}), then:\n  ${rotate("finish")}\n${after}`;
}

/** After `start` and `back`. */
export function afterOverlap(
  file: StackFile,
  options: RotateOptions,
  next: Generations,
  fresh: boolean,
): string {
  const { deploy, rotate } = commandsOf(options);
  const old = next.previous ?? 0;
  const made = file.settings.secret.source === "existing" || !fresh ? "" : "The new version is made, then ";
  const first = made === "" ? "Backend" : "backend";
  return numbered([
    ...(fresh ? keyStep(file, options, next.current) : []),
    `Deploy:\n  ${deploy}\n` +
      `${made}${first} gets both keys, then auth signs with generation ${next.current}. No token is refused.\n` +
      "If it is interrupted, run it again.",
    waitStep(file, options, old),
    ...(fresh ? [`If generation ${next.current} turns out wrong, until then:\n  ${rotate("back")}`] : []),
  ]);
}

/** After `finish`. */
export function afterFinish(file: StackFile, place: Place): string {
  const { previous, source } = file.settings.secret;
  const ours =
    source === "existing"
      ? ""
      : "\nThen its version is disabled; it is not destroyed and can be enabled again.";
  return numbered([
    `Deploy:\n  ${commandsOf(place).deploy}\n` +
      `Both services let go of generation ${previous}; none of its tokens lives any more, so none is refused.${ours}\n` +
      "From then on revisions older than this update cannot start: do not roll back to them.",
    ...disableStep(file, [previous]),
  ]);
}

/** After `emergency`: what it costs comes before what to do. */
export function afterEmergency(file: StackFile, options: RotateOptions, next: Generations): string {
  const { secret, timeouts } = file.settings;
  const fresh = next.current !== secret.current;
  const ours = secret.source !== "existing";
  const costs = [
    fresh
      ? "Every token signed so far is refused once backend is updated: everybody has to sign in again."
      : `Tokens signed with generation ${secret.previous} are refused once backend is updated; generation ${secret.current}'s live on.`,
    ...(fresh
      ? ["Between backend's update and auth's, usually under a minute, fresh tokens are refused too."]
      : []),
    `WebSockets that are open stay open, up to ${duration(timeouts.backend)}: a token is looked at in the handshake alone.`,
    "Revisions older than this update cannot start any more: there is no rollback to them.",
    "Until the update reaches backend, whoever has the key can still make tokens.",
  ];
  const retired = fresh ? [secret.current, secret.previous] : [secret.previous];
  return `What it costs:\n${costs.map((cost) => `- ${cost}`).join("\n")}\n\n${numbered([
    ...(fresh ? keyStep(file, options, next.current) : []),
    `Deploy now:\n  ${commandsOf(options).deploy}\n` +
      `${ours ? "The leaked version is disabled at its end. " : ""}If it is interrupted, run it again.`,
    ...disableStep(file, retired),
    "End the WebSockets that the old key opened: delete backend's older revisions\n" +
      "(gcloud run revisions list, gcloud run revisions delete).",
    "Find how the key leaked: whoever could read it may read the next one.",
  ])}`;
}

/** Where the rotation stands. */
export function status(situation: Situation): string {
  const { environment, settings, now } = situation;
  const { secret } = settings;
  const { deploy, rotate } = commandsOf(situation);
  const next = (what: string) => `  Next: ${what}\n`;
  const different = difference(situation);
  if (different !== undefined) return `${environment}: ${different}.\n${next(deploy)}`;
  if (secret.previous === undefined) {
    return `${environment}: generation ${secret.current} is in use, no rotation is under way.\n${next(rotate("start"))}`;
  }
  const wait = waitOf(situation);
  const left = (wait.until.getTime() - now.getTime()) / 1000;
  return (
    `${environment}: generation ${secret.current} signs since ${instant(wait.since)} at the latest, ` +
    `generation ${secret.previous} is still accepted.\n` +
    `  Its last token dies ${instant(wait.until)} (${reasons(wait)}).\n` +
    next(left > 0 ? `in ${duration(left)}: ${rotate("finish")}` : rotate("finish"))
  );
}
