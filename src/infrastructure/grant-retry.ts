/** Grants take up to a minute to work; what is refused meanwhile is tried again. */
import { setTimeout as sleep } from "node:timers/promises";
import type * as pulumi from "@pulumi/pulumi";

/** How long and how often, in seconds. */
export interface GrantRetry {
  /** From the first refusal. 0: never. */
  readonly timeout: number;
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
 * Decides whether an operation that failed is tried again: while the newest error is Cloud Run's refusal for a missing
 * grant, and the time is not up. Waits before it says yes.
 */
export function grantRetry(
  { timeout, pause }: GrantRetry,
  clock: Clock = systemClock,
): pulumi.ErrorHookFunction {
  let deadline: number | undefined;
  return async ({ errors }) => {
    if (!/permission denied on secret/i.test(errors[0] ?? "") || errors.length >= mostTries) return false;
    if (errors.length === 1) deadline = undefined;
    deadline ??= clock.now() + timeout * 1000;
    if (clock.now() + pause * 1000 > deadline) return false;
    await clock.pause(pause * 1000);
    return true;
  };
}
