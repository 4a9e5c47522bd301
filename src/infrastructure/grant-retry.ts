/**
 * Grants take up to a minute to work. A new one is given that time before a service is made that needs it, and what is
 * refused all the same is tried again.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type * as pulumi from "@pulumi/pulumi";

/** How long and how often, in seconds. */
export interface GrantRetry {
  /** How long a new grant is given to work before anything that needs it is deployed. 0: not at all. */
  readonly settle: number;
  /** How long a refused deployment is tried again, from the first refusal. 0: never. */
  readonly timeout: number;
  /** Between two tries. */
  readonly pause: number;
}

/** The engine gives up by itself after 100 tries, with a message that hides the cause. */
const mostTries = 99;

/** Milliseconds on a clock that only goes forward, and a pause on it. */
export interface Clock {
  now(): number;
  pause(milliseconds: number): Promise<unknown>;
}

const systemClock: Clock = { now: () => performance.now(), pause: (milliseconds) => sleep(milliseconds) };

/**
 * A refused creation of which the service is left behind: Cloud Run answers the request, makes the service and refuses
 * its first revision afterwards. Creating it again would be refused with 409, and the engine would then forget the
 * service it was handed; left alone, it stays in the state and the next update mends it.
 */
const leftBehind = /error waiting (to create|for creating)/i;

/** Waits, once a grant was made, until it can be expected to work. It runs when a grant is created, and only then. */
export function grantSettle(
  { settle }: GrantRetry,
  say: (message: string) => unknown,
  clock: Clock = systemClock,
): pulumi.ResourceHookFunction {
  return async ({ name }) => {
    if (settle === 0) return;
    say(`${name}: waiting ${settle} s, the time a new grant takes to work on Google Cloud`);
    await clock.pause(settle * 1000);
  };
}

/**
 * Decides whether an operation that failed is tried again: while the newest error is Cloud Run's refusal for a missing
 * grant, and the time is not up. Waits before it says yes.
 */
export function grantRetry(
  { timeout, pause }: GrantRetry,
  clock: Clock = systemClock,
): pulumi.ErrorHookFunction {
  let deadline: number | undefined;
  return async ({ errors }) => {
    const newest = errors[0] ?? "";
    if (!/permission denied on secret/i.test(newest) || errors.length >= mostTries) return false;
    if (leftBehind.test(newest)) return false;
    if (errors.length === 1) deadline = undefined;
    deadline ??= clock.now() + timeout * 1000;
    if (clock.now() + pause * 1000 > deadline) return false;
    await clock.pause(pause * 1000);
    return true;
  };
}
