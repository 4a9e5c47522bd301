/** The results as a picture: time and memory by size, both axes logarithmic, in plain SVG. */
import { type Result, type Results, sizeText } from "./report.ts";

const width = 420;
const height = 300;
const edge = { left: 62, right: 30, top: 34, bottom: 40 };
const colours = ["#c2255c", "#495057", "#1971c2", "#2f9e44", "#e8590c", "#7048e8"];

interface Axis {
  from: number;
  to: number;
  at(value: number): number;
}

/** From a power of ten to a power of ten. */
function axis(values: readonly number[], start: number, end: number): Axis {
  // A little over a power of ten is still that power.
  const from = Math.floor(Math.log10(Math.min(...values)) + 0.02);
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...values)) - 0.02));
  return { from, to, at: (value) => start + ((Math.log10(value) - from) / (to - from)) * (end - start) };
}

const powers = ({ from, to }: Axis) =>
  Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index));
const round = (value: number) => value.toFixed(1);

const text = (x: number, y: number, content: string, more = "") =>
  `<text x="${round(x)}" y="${round(y)}" ${more}>${content}</text>`;

function panel(
  all: Results,
  offset: number,
  title: string,
  measured: (result: Result) => number | undefined,
  label: (value: number) => string,
): string[] {
  const points = all.results.flatMap((result) => {
    const value = measured(result);
    return value === undefined ? [] : [{ result, value }];
  });
  if (points.length === 0) return [];
  const x = axis(all.sizes, offset + edge.left, offset + width - edge.right);
  const y = axis(
    points.map(({ value }) => value),
    height - edge.bottom,
    edge.top,
  );
  const parts = [text(offset + edge.left, 18, title, 'font-weight="bold"')];
  for (const value of powers(y)) {
    const at = round(y.at(value));
    parts.push(
      `<line x1="${offset + edge.left}" x2="${offset + width - edge.right}" y1="${at}" y2="${at}" stroke="#ced4da"/>`,
      text(offset + edge.left - 6, y.at(value) + 4, label(value), 'text-anchor="end"'),
    );
  }
  for (const size of all.sizes)
    parts.push(text(x.at(size), height - edge.bottom + 18, sizeText(size), 'text-anchor="middle"'));
  const names = [...new Set(all.results.map(({ contestant }) => contestant.name))];
  for (const [index, name] of names.entries()) {
    const colour = colours[index % colours.length];
    const line = points.filter(({ result }) => result.contestant.name === name);
    const path = line.map(({ result, value }) => `${round(x.at(result.size))},${round(y.at(value))}`);
    parts.push(`<polyline points="${path.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    for (const point of path) {
      const [cx, cy] = point.split(",");
      parts.push(`<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`);
    }
  }
  return parts;
}

/** `docs/benchmarks.svg`. */
export function plot(all: Results): string {
  const names = [...new Set(all.results.map(({ contestant }) => contestant.name))];
  const legend = names.flatMap((name, index) => {
    const x = edge.left + index * 130;
    return [
      `<circle cx="${x}" cy="${height + 12}" r="4" fill="${colours[index % colours.length]}"/>`,
      text(x + 9, height + 16, name),
    ];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width * 2} ${height + 30}" font-family="sans-serif" font-size="12" fill="#212529">
<title>Time and peak memory by size of the document</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${[
  ...panel(
    all,
    0,
    "Time",
    ({ time }) => time,
    (value) => (value < 1000 ? `${value} ms` : `${value / 1000} s`),
  ),
  ...panel(
    all,
    width,
    "Peak memory",
    ({ memory }) => memory,
    (value) => (value < 1000 ? `${value} MB` : `${value / 1000} GB`),
  ),
  ...legend,
].join("\n")}
</svg>
`;
}
