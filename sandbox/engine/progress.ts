/** Progress of things that take longer than two seconds: one line redrawn on a terminal, now and then a line elsewhere. */

export interface Progress {
  /** Says how far it is; drawn at most a few times a second. */
  update(text: string): void;
  /** Ends the line. */
  done(text?: string): void;
}

/** How often a line is printed where nothing can be redrawn, in milliseconds. */
const plainInterval = 15_000;
const terminalInterval = 200;

/** Starts progress on a stream (standard error by default); `now` is the clock in milliseconds. */
export function startProgress(
  title: string,
  stream: NodeJS.WriteStream = process.stderr,
  now: () => number = Date.now,
): Progress {
  const started = now();
  let last = started;
  const terminal = stream.isTTY === true;
  const line = (text: string) => `${title}: ${text} (${Math.round((now() - started) / 1000)} s)`;
  stream.write(`${title} ...${terminal ? "" : "\n"}`);
  return {
    update(text) {
      if (now() - last < (terminal ? terminalInterval : plainInterval)) return;
      last = now();
      stream.write(terminal ? `\r\x1b[2K${line(text)}` : `${line(text)}\n`);
    },
    done(text = "done") {
      stream.write(terminal ? `\r\x1b[2K${line(text)}\n` : `${line(text)}\n`);
    },
  };
}
