/**
 * The generated blocks of a Markdown page: what stands between `<!-- table: NAME -->` or `<!-- output: COMMAND -->` and
 * `<!-- end -->`.
 */

/** A generated block. An output's text is what the command printed, without the fence and the command's own line. */
export interface Block {
  kind: "table" | "output";
  /** The table's name, or the command as a user types it. */
  name: string;
  text: string;
}

const pattern = /^<!-- (table|output): (.+?) -->\n(.*?)^<!-- end -->$/gms;

const fenceOf = (command: string, text: string) => `\`\`\`console\n$ ${command}\n${text}\n\`\`\`\n`;

function textOf(kind: Block["kind"], name: string, inner: string): string {
  if (kind === "table") return inner.trim();
  const opened = fenceOf(name, "").slice(0, -"\n```\n".length);
  return inner.startsWith(opened) ? inner.slice(opened.length).replace(/\n?```\n$/, "") : "";
}

const kindOf = (text: string): Block["kind"] => (text === "table" ? "table" : "output");

/** The generated blocks of a page, in order. */
export function blocksOf(page: string): Block[] {
  return Array.from(page.matchAll(pattern), ([, kind = "", name = "", inner = ""]) => ({
    kind: kindOf(kind),
    name,
    text: textOf(kindOf(kind), name, inner),
  }));
}

/** The commands whose output a page shows, with that output. */
export function outputBlocks(page: string): { command: string; text: string }[] {
  return blocksOf(page)
    .filter(({ kind }) => kind === "output")
    .map(({ name, text }) => ({ command: name, text }));
}

/** The page with new text in its blocks, given in their order; undefined leaves one as it is. */
export function fill(page: string, texts: readonly (string | undefined)[]): string {
  let index = 0;
  return page.replaceAll(pattern, (whole, kind: string, name: string) => {
    const text = texts[index];
    index += 1;
    if (text === undefined) return whole;
    const inner = kindOf(kind) === "table" ? `${text.trim()}\n` : fenceOf(name, text.trimEnd());
    return `<!-- ${kind}: ${name} -->\n${inner}<!-- end -->`;
  });
}

/**
 * What two runs of a command have in common: times, counts of tests and what is chosen by chance become signs, where the
 * engine came from goes, and resources made side by side stand in one order. `root` is the checkout, `sandbox` the sandbox's folder.
 */
export function normalise(text: string, places: { root?: string; sandbox?: string } = {}): string {
  let plain = text;
  if (places.sandbox) plain = plain.replaceAll(places.sandbox, ".sandbox");
  if (places.root) plain = plain.replaceAll(`${places.root.replace(/\/$/, "")}/`, "");
  const lines = plain
    .replaceAll(/\b\d+(\.\d+)? m?s\b/g, "N s")
    .replaceAll(/\b\d{2}:\d{2}:\d{2}\b/g, "TIME")
    .replaceAll(/\((PATH|version cache|download|build)\)/g, "(SOURCE)")
    // A sandbox gives its project a number and each revision a suffix, by chance.
    .replaceAll(/\b\d{12}\b/g, "NUMBER")
    .replaceAll(/\b127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
    .replaceAll(/^( *fingerprint +)[0-9a-f]{16}$/gm, "$1FINGERPRINT")
    .replaceAll(/(-\d{5})-[a-z0-9]{3}\b/g, "$1-XYZ")
    .replaceAll(/\bPulumi \d+\.\d+\.\d+/g, "Pulumi N")
    .replaceAll(/\b\d+ passed\b/g, "N passed")
    .replaceAll(/\b\d+ skipped\b/g, "N skipped")
    .split("\n")
    .map((line) => line.trimEnd());
  return sortResources(lines).join("\n").trim();
}

/** Runs of lines such as `  + Secret  jwt-secret` come in the order in which the cloud answered. */
function sortResources(lines: string[]): string[] {
  const sorted: string[] = [];
  let run: string[] = [];
  for (const line of [...lines, ""]) {
    if (/^ {2}[+~=?-] \w/.test(line)) run.push(line);
    else {
      sorted.push(...run.sort(), line);
      run = [];
    }
  }
  return sorted;
}
