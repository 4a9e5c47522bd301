/** When the last token signed with a retired key has died. */

/**
 * Seconds added for what no document shows: Cloud Run moves traffic to a new revision within seconds and not at once, and
 * verifiers tolerate clocks that differ, a minute being usual (RFC 7519, section 4.1.4, "a small leeway").
 */
export const margin = 120;

/** Why a key must be kept, in seconds. */
export interface Wait {
  /** Auth's last change: no later than this it began to sign with its present key. */
  readonly since: Date;
  /** The longest a request to auth may last: one under way goes on in the old revision and signs with the old key. */
  readonly request: number;
  /** The longest-lived token. */
  readonly lifetime: number;
  /** From here on no token of the old key is accepted any more by its own expiry. */
  readonly until: Date;
}

/** @param request seconds @param lifetime seconds */
export function waitFrom(since: Date, request: number, lifetime: number): Wait {
  const until = new Date(since.getTime() + (request + lifetime + margin) * 1000);
  return { since, request, lifetime, until };
}

/** `2 days 3 h`, `1 h 5 min`, `40 s`: the two largest units that are not nothing, rounded up. */
export function duration(seconds: number): string {
  const units: readonly [number, string][] = [
    [86_400, "d"],
    [3600, "h"],
    [60, "min"],
    [1, "s"],
  ];
  const first = Math.max(
    0,
    units.findIndex(([size]) => Math.ceil(seconds) >= size),
  );
  const smallest = units[Math.min(first + 1, units.length - 1)]?.[0] ?? 1;
  let rest = Math.ceil(seconds / smallest) * smallest;
  const parts = units.flatMap(([size, name]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? [] : [`${count} ${name}`];
  });
  return parts.length === 0 ? "0 s" : parts.join(" ");
}

/** `2026-11-22 21:05:36 UTC`, rounded up to the second. */
export function instant(date: Date): string {
  const whole = new Date(Math.ceil(date.getTime() / 1000) * 1000);
  return `${whole.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
