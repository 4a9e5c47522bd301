/** How the sandbox's commands look: plain sections on standard output, colour only on a terminal. */
import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Text in a colour where the stream is a terminal and `NO_COLOR` is not set. */
export function coloured(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream, validateStream: true });
}

/** One line of results. */
export function print(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** A heading with an empty line before it. */
export function heading(text: string): void {
  print();
  print(coloured("bold", text));
}

/** Rows in columns, indented by two. */
export function columns(rows: readonly (readonly string[])[]): void {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    });
  }
  for (const row of rows) {
    print(`  ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ")}`.trimEnd());
  }
}

/** Whether a stream shows colours: a terminal, and the user does not say `NO_COLOR`. */
export function colours(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && !process.env.NO_COLOR;
}
