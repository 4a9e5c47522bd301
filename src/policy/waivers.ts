/** Waivers: findings a team accepts for a while, with a reason and a last day. */
import { z } from "zod";
import type { AppliedWaiver } from "./report.ts";
import type { Finding } from "./rule.ts";
import { rules } from "./rules/index.ts";

const byId = new Map(rules.map((rule) => [rule.id, rule]));

/** An accepted finding: which, where, why, and until when. */
export const Waiver = z.strictObject({
  /** The id of a rule. */
  rule: z.string().refine((id) => byId.has(id), {
    error: (issue) => `"${String(issue.input)}" is not a rule; write one of ${[...byId.keys()].join(", ")}`,
  }),
  /** A service's label, an environment's name, or both as `environment/service`. */
  target: z.string().min(1, "names nothing: write a service, an environment, or ENVIRONMENT/SERVICE"),
  /** Why the finding is accepted; reports print it. */
  reason: z.string().trim().min(1, "says nothing: write why the finding is accepted"),
  /** The last day it counts, `YYYY-MM-DD`. Anything else is a waiver that has lapsed. */
  expires: z
    .union([z.string(), z.number()], "is no day: write the last one it counts as YYYY-MM-DD")
    .transform(String),
});
export type Waiver = z.infer<typeof Waiver>;
export type WaiverInput = z.input<typeof Waiver>;

/** A waivers file, already parsed: a list of waivers. */
export const Waivers = z.array(Waiver);
export type Waivers = z.infer<typeof Waivers>;

/** Waivers held against a day. */
export interface Weighed {
  /** The waiver that covers a finding, if one does. */
  cover(finding: Finding, environment: string | undefined): AppliedWaiver | undefined;
  /** One sentence for each waiver that has lapsed, was not needed, or cannot be: to be asked after the findings. */
  notes(): string[];
}

/**
 * Holds waivers against a day.
 *
 * @param today `YYYY-MM-DD`; the clock is the caller's.
 * @throws RangeError when there are waivers and `today` is no date.
 */
export function weigh(waivers: Waivers, today: string | undefined): Weighed {
  if (waivers.length > 0 && (today === undefined || !isDate(today))) {
    throw new RangeError(
      `Waivers need the day they are held against as YYYY-MM-DD, not ${JSON.stringify(today)}`,
    );
  }
  const day = today ?? "";
  const used = new Set<Waiver>();
  const counts = (waiver: Waiver): boolean =>
    byId.get(waiver.rule)?.unwaivable === false && isDate(waiver.expires) && day <= waiver.expires;
  return {
    cover(finding, environment) {
      const covering = waivers.filter((waiver) => counts(waiver) && speaksOf(waiver, finding, environment));
      for (const waiver of covering) used.add(waiver);
      const [first] = covering;
      return first && { reason: first.reason, expires: first.expires };
    },
    notes: () => waivers.flatMap((waiver) => noteOn(waiver, day, used.has(waiver)) ?? []),
  };
}

function speaksOf({ rule, target }: Waiver, finding: Finding, environment: string | undefined): boolean {
  if (rule !== finding.rule) return false;
  if (target === environment || finding.services.includes(target)) return true;
  return finding.services.some((label) => target === `${environment}/${label}` && environment !== undefined);
}

/** A day of the calendar, written `YYYY-MM-DD`. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function noteOn(waiver: Waiver, today: string, used: boolean): string | undefined {
  const what = `The waiver of ${waiver.rule} for ${waiver.target}`;
  if (byId.get(waiver.rule)?.unwaivable !== false)
    return `${what} does not count: that rule cannot be waived.`;
  if (!isDate(waiver.expires)) {
    return `${what} has lapsed: its expiry ${JSON.stringify(waiver.expires)} is not a day written YYYY-MM-DD.`;
  }
  if (today > waiver.expires) return `${what} lapsed after ${waiver.expires}: what it covered counts again.`;
  return used ? undefined : `${what} covers nothing and can be removed.`;
}
