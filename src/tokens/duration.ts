/** Spans of time as people write them: `90`, `90s`, `15m`, `1h`. */

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** Seconds; undefined for what is no span of whole seconds. */
export function readDuration(text: string): number | undefined {
  const [, digits, unit = "s"] = /^(\d{1,9})([smh]?)$/u.exec(text) ?? [];
  if (digits === undefined) return undefined;
  return Number(digits) * (units[unit === "" ? "s" : unit] ?? 1);
}
