/** A whole rotation of the key as an operator goes through it, while tokens are signed and checked all the time. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Bed, Ran, UpOptions } from "./bed.ts";
import type { Load } from "./load.ts";

/** What may differ between a proof and a test of it. */
export interface RotationOptions {
  /** Seconds a token lives; `jwt-secret:tokenLifetime`. */
  readonly lifetime: number;
  /** Told what happens. @default nobody */
  readonly say?: (line: string) => void;
  /** Tries to finish, once the load has gone on for as long as a token lives. @default the command, until it agrees */
  readonly finish?: (bed: Bed) => Promise<Ran>;
}

const Services = z.looseObject({ auth: z.looseObject({}) });

/** Staging, with tokens as short-lived as the load's and requests that end at once. */
export function configureFor(lifetime: number): (config: Record<string, unknown>) => void {
  return (config) => {
    config["jwt-secret:tokenLifetime"] = lifetime;
    const services = Services.parse(config["jwt-secret:services"]);
    // What a request may last is waited for too.
    services.auth.timeout = 1;
    config["jwt-secret:services"] = services;
  };
}

/** @throws Error with what the command said when it did not end with one of these codes */
export function expectCode(ran: Ran, what: string, ...codes: number[]): Ran {
  if (ran.code !== null && codes.includes(ran.code)) return ran;
  throw new Error(`${what} ended with ${ran.code}: ${ran.stderr || ran.stdout}`);
}

/** A real update, which must succeed. */
export async function deploy(
  bed: Bed,
  load: Load | undefined,
  label: string,
  options?: UpOptions,
): Promise<void> {
  load?.mark(label);
  expectCode(await bed.up(options), `pulumi up (${label})`, 0);
}

/** `jwt-secret rotate`, which must agree. */
export async function rotate(bed: Bed, ...args: string[]): Promise<void> {
  expectCode(await bed.rotate(args), `rotate ${args.join(" ")}`, 0);
}

/** Asks the command until it finishes; every refusal must be that it is too early. */
async function finishInTime(bed: Bed): Promise<Ran> {
  for (;;) {
    const ran = await bed.rotate(["finish", "--state", await bed.state()]);
    if (ran.code !== 1) return ran;
    if (!ran.stderr.includes("too early")) throw new Error(ran.stderr);
    await sleep(3000);
  }
}

/**
 * Goes through a rotation: start, scale-out, a rollback of auth by traffic, one by configuration, finish. The bed is
 * deployed and the load is running; it goes on afterwards.
 */
export async function rotateUnderLoad(bed: Bed, load: Load, options: RotationOptions): Promise<void> {
  const { lifetime, say = () => {}, finish = finishInTime } = options;
  const before = await bed.revision("auth");

  say("start: the next key signs, the present one is still accepted");
  await rotate(bed, "start", "--state", await bed.state());
  await deploy(bed, load, "start");
  await load.during(1);

  say("scale-out: instances that start now read both keys");
  load.mark("scale-out");
  await Promise.all([bed.scale("backend", 3), bed.scale("auth", 3)]);
  await load.during(1);

  say("rollback: auth's traffic goes to the revision before, and forward again");
  load.mark("auth rolled back");
  await bed.route("auth", before);
  await load.during(2);
  load.mark("forward");
  await bed.route("auth", undefined);
  await load.during(1);

  say("back: the rotation is turned round by configuration, and round again");
  await rotate(bed, "back");
  await deploy(bed, load, "back");
  await load.during(1);
  await rotate(bed, "back");
  await deploy(bed, load, "on again");

  const early = await bed.rotate(["finish", "--state", await bed.state()]);
  expectCode(early, "rotate finish, at once", 1);
  say(`finish is refused: ${early.stderr.trim().split(": ").slice(1, 3).join(": ")} ...`);
  await load.during(lifetime + 1);
  expectCode(await finish(bed), "rotate finish", 0);
  say("finish: no token of the old key lives any more");
  await deploy(bed, load, "finish");
  load.mark("scale-out");
  await Promise.all([bed.scale("backend", 2), bed.scale("auth", 2)]);
}
