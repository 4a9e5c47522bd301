/** The measured part of `docs/rotation.md`. */
import { bucketSeconds, type Result } from "./tally.ts";
import type { Way } from "./ways.ts";

/** A way with what the load saw. */
export interface Measured {
  readonly way: Pick<Way, "name" | "title">;
  readonly result: Result;
}

/** Under what the figures were measured. */
export interface Conditions {
  readonly node: string;
  readonly processors: number;
  /** Seconds a token lives. */
  readonly lifetime: number;
  readonly command: string;
}

const count = (value: number): string => value.toLocaleString("en");

/** Seconds between the first bucket with a refused token and the end of the last. */
function stretch({ buckets }: Result): number {
  const first = buckets.findIndex(({ refused }) => refused > 0);
  const last = buckets.findLastIndex(({ refused }) => refused > 0);
  return first < 0 ? 0 : (last - first + 1) * bucketSeconds;
}

function row({ way, result }: Measured): string {
  const { total, duration, handshakes, cut } = result;
  const all = total.accepted + total.refused + total.failed;
  const cells = [
    `${way.name}: ${way.title}`,
    count(all),
    count(handshakes),
    count(total.refused),
    count(total.failed),
    count(cut),
    stretch(result) === 0 ? "" : `${stretch(result)} s`,
    `${Math.round(duration)} s`,
  ];
  return `| ${cells.join(" | ")} |`;
}

/** How tokens of each revision of auth fared with each revision of backend, in order. */
function pairs({ pairs: all }: Result): string[] {
  const number = (revision: string) => /-(\d{5})-/u.exec(revision)?.[1] ?? "";
  const rows = all
    .filter(({ signedBy, checkedBy }) => signedBy !== "" && checkedBy !== "")
    .map((pair) => ({ ...pair, order: `${number(pair.signedBy)}${number(pair.checkedBy)}` }))
    .sort((one, other) => one.order.localeCompare(other.order, "en"))
    .map(
      ({ signedBy, checkedBy, accepted, refused }) =>
        `| ${Number(number(signedBy))} | ${Number(number(checkedBy))} | ${count(accepted)} | ${count(refused)} |`,
    );
  return [
    "| signed by auth's revision | shown to backend's | accepted | refused |",
    "|--:|--:|--:|--:|",
    ...rows,
  ];
}

/** Markdown for between the page's marks. */
export function report(
  all: readonly Measured[],
  { node, processors, lifetime, command }: Conditions,
): string {
  const [right] = all;
  return [
    `Made by \`${command}\`, on ${processors} processors with Node ${node}. Tokens live ${lifetime} seconds; each is shown once.`,
    "",
    "| way | tokens | of them by handshake | refused | no answer | open WebSockets cut | refused over | load |",
    "|---|--:|--:|--:|--:|--:|--:|--:|",
    ...all.map(row),
    "",
    "![Tokens per second over each rotation](rotation.svg)",
    ...(right === undefined
      ? []
      : [
          "",
          `${right.way.name}, by revision (a token outlives the revision that signed it):`,
          "",
          ...pairs(right.result),
        ]),
    "",
  ].join("\n");
}

const begin = "<!-- measured -->\n";
const end = "<!-- end measured -->";

/** The page with another measured part. @throws Error when the page has no place for it */
export function fill(page: string, text: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error("docs/rotation.md has no part between its marks");
  return page.slice(0, from + begin.length) + text + page.slice(to);
}
