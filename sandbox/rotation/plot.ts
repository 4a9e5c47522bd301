/** Tokens over time as a picture: a panel per way, in plain SVG. */
import { type Bucket, bucketSeconds, type Result } from "./tally.ts";

const width = 900;
const edge = { left: 56, right: 16, top: 130, bottom: 30 };
const panelHeight = 270;
const colours = { accepted: "#74a9d8", failed: "#f08c00", refused: "#c2255c" } as const;
/** From the axis up. */
const order = ["refused", "failed", "accepted"] as const;

const round = (value: number): string => value.toFixed(1);
const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("`", "");

/** A round number of at least `value`: 1, 2 or 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return ([1, 2, 5].find((factor) => factor * power >= value) ?? 10) * power;
}

interface Panel {
  readonly name: string;
  readonly result: Result;
}

const perSecond = (count: number): number => count / bucketSeconds;

function bars({ buckets }: Result, x: (seconds: number) => number, y: (rate: number) => number): string[] {
  return order.map((kind) => {
    const below = (bucket: Bucket): number => {
      const kinds = order.slice(0, order.indexOf(kind));
      return kinds.reduce((sum, one) => sum + bucket[one], 0);
    };
    const shapes = buckets.flatMap((bucket, index) => {
      if (bucket[kind] === 0) return [];
      // The last one may be shorter.
      const [left, right] = [
        x(index * bucketSeconds),
        Math.min(x((index + 1) * bucketSeconds), width - edge.right),
      ];
      const [bottom, top] = [y(perSecond(below(bucket))), y(perSecond(below(bucket) + bucket[kind]))];
      return [`M${round(left)} ${round(bottom)}H${round(right)}V${round(top)}H${round(left)}Z`];
    });
    return `<path d="${shapes.join("")}" fill="${colours[kind]}"/>`;
  });
}

/** Pixels between two labels, so that they can be read where marks stand close together. */
const labelRoom = 13;

function marks(
  { marks: all }: Result,
  x: (seconds: number) => number,
  top: number,
  bottom: number,
): string[] {
  let last = Number.NEGATIVE_INFINITY;
  return all.flatMap(({ at, label }) => {
    const place = round(x(at));
    last = Math.max(x(at), last + labelRoom);
    const line = `M${place} ${round(bottom)}V${round(top)}L${round(last)} ${round(top - 8)}`;
    return [
      `<path d="${line}" fill="none" stroke="#495057" stroke-dasharray="3 3"/>`,
      `<text transform="translate(${round(last + 3)} ${round(top - 10)}) rotate(-60)" font-size="10">${escaped(label)}</text>`,
    ];
  });
}

function panel({ name, result }: Panel, offset: number): string[] {
  const { buckets, duration, total } = result;
  const highest = Math.max(1, ...buckets.map((one) => perSecond(one.accepted + one.refused + one.failed)));
  const most = roundUp(highest);
  const [top, bottom] = [offset + edge.top, offset + panelHeight - edge.bottom];
  const x = (seconds: number) => edge.left + (seconds / duration) * (width - edge.left - edge.right);
  const y = (rate: number) => bottom - (rate / most) * (bottom - top);
  const step = roundUp(duration / 10);
  const ticks = Array.from({ length: Math.floor(duration / step) + 1 }, (_, index) => index * step);
  const all = total.accepted + total.refused + total.failed;
  const count = (value: number) => value.toLocaleString("en");
  const fate = `${count(all)} tokens, ${count(total.refused)} refused`;
  return [
    `<text x="${edge.left}" y="${offset + 20}" font-weight="bold" font-size="14">${escaped(name)}: ${fate}</text>`,
    ...[0, most / 2, most].flatMap((rate) => [
      `<line x1="${edge.left}" x2="${width - edge.right}" y1="${round(y(rate))}" y2="${round(y(rate))}" stroke="#dee2e6"/>`,
      `<text x="${edge.left - 6}" y="${round(y(rate) + 4)}" text-anchor="end">${rate}${rate === most ? "/s" : ""}</text>`,
    ]),
    ...bars(result, x, y),
    ...marks(result, x, top, bottom),
    ...ticks.map(
      (tick) => `<text x="${round(x(tick))}" y="${bottom + 16}" text-anchor="middle">${tick} s</text>`,
    ),
  ];
}

/** The picture: tokens per second, accepted, refused and unanswered, with what was done when. */
export function plot(panels: readonly Panel[]): string {
  const height = panels.length * panelHeight + 30;
  const legend = order.toReversed().map((kind, index) => {
    const place = edge.left + index * 130;
    const label = kind === "failed" ? "no answer" : kind;
    return `<rect x="${place}" y="${height - 20}" width="11" height="11" fill="${colours[kind]}"/><text x="${place + 16}" y="${height - 10}">${label}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#212529">
<title>Tokens per second over a rotation: accepted and refused</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${[...panels.flatMap((one, index) => panel(one, index * panelHeight)), ...legend].join("\n")}
</svg>
`;
}
