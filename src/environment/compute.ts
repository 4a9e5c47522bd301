/** What Cloud Run offers in CPU and memory (https://cloud.google.com/run/docs/configuring/services/memory-limits, .../cpu). */

/** Parses a CPU count (`1`, `"0.5"`, `"500m"`) to thousandths; undefined when it is none that Cloud Run offers. */
export function milliCpu(value: string | number): number | undefined {
  const text = String(value);
  const match = /^(\d+)m$/.exec(text);
  const milli = match
    ? Number(match[1])
    : /^\d+(\.\d{1,3})?$/.test(text)
      ? Math.round(Number(text) * 1000)
      : Number.NaN;
  if ([1000, 2000, 4000, 6000, 8000].includes(milli)) return milli;
  if (milli >= 80 && milli < 1000) return milli;
  return undefined;
}

/** Whole CPUs as `2`, fractions as `500m`. */
export function cpuText(milli: number): string {
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

/** Parses `512Mi` or `2Gi` to MiB; undefined when it is not written so or Cloud Run does not offer it (128 MiB to 32 GiB). */
export function mebibytes(value: string): number | undefined {
  const match = /^([1-9]\d{0,5})(Mi|Gi)$/.exec(value);
  if (match === null) return undefined;
  const size = Number(match[1]) * (match[2] === "Gi" ? 1024 : 1);
  return size >= 128 && size <= 32 * 1024 ? size : undefined;
}

/** The most memory a CPU count carries, in MiB. */
function mostMemory(milli: number): number {
  if (milli < 500) return 512;
  if (milli < 1000) return 1024;
  if (milli < 2000) return 4096;
  return (milli / 1000) * 4096;
}

/** The least memory a CPU count needs, in MiB. */
function leastMemory(milli: number): number {
  if (milli >= 6000) return 4096;
  return milli >= 4000 ? 2048 : 128;
}

/** What keeps CPU, memory and concurrency from going together: the setting to change and a clause; undefined when nothing does. */
export function computeProblem(
  milli: number,
  memory: number,
  concurrency: number,
): { setting: "memory" | "concurrency"; text: string } | undefined {
  const cpu = cpuText(milli);
  if (milli < 1000 && concurrency > 1) {
    return {
      setting: "concurrency",
      text: `is ${concurrency}, but an instance with less than one CPU (${cpu}) takes one request at a time; write 1, or cpu: 1`,
    };
  }
  if (memory > mostMemory(milli)) {
    return {
      setting: "memory",
      text: `is ${memory}Mi, but ${cpu} CPU carries at most ${mostMemory(milli)}Mi; write less memory or more cpu`,
    };
  }
  if (memory < leastMemory(milli)) {
    return {
      setting: "memory",
      text: `is ${memory}Mi, but ${cpu} CPU needs at least ${leastMemory(milli)}Mi; write more memory or less cpu`,
    };
  }
  return undefined;
}
