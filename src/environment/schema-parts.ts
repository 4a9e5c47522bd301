/** Kinds of values that several settings share. */
import { z } from "zod";

/** Anyone with an account, or anyone at all. */
const everyone = /^(allUsers|allAuthenticatedUsers)$/i;

/** An IAM member who is somebody in particular; `role` says what it may do. */
export const member = (role: string) =>
  z
    .string()
    .refine((text) => !everyone.test(text), `would let everyone ${role}; name the accounts that need it`)
    .refine(
      (text) =>
        everyone.test(text) ||
        /^(serviceAccount|user|group):[^\s@:]+@[^\s@:]+\.[^\s@:]+$/.test(text) ||
        /^principal(Set)?:\/\/\S+$/.test(text),
      "is not an IAM member; write serviceAccount:E-MAIL, user:E-MAIL, group:E-MAIL or principal://...",
    );

/** Whole seconds within bounds. */
export const seconds = (least: number, most: number) =>
  z
    .int({ error: `must be a whole number of seconds from ${least} to ${most}` })
    .min(least, `must be from ${least} to ${most} seconds`)
    .max(most, `must be from ${least} to ${most} seconds`);

/** A whole number within bounds. */
export const whole = (least: number, most: number) =>
  z
    .int({ error: `must be a whole number from ${least} to ${most}` })
    .min(least, `must be from ${least} to ${most}`)
    .max(most, `must be from ${least} to ${most}`);
