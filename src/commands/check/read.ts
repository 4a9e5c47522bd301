/** Gets the bytes of a document from a file, a pipe or standard input, never more than can be read. */
import { closeSync, createReadStream, fstatSync, openSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { DocumentError } from "../../documents/error.ts";
import { longestText, tooLong } from "../../documents/input/decode.ts";
import { visible } from "../../reports/escape.ts";
import { type World, withProgress } from "../command.ts";

/** What the operating system says, in words that say what to do. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: "does not exist: check the path",
  EACCES: "may not be read: check its permissions",
  EPERM: "may not be read: check its permissions",
  EISDIR: "is a directory: name the files in it",
  ENOTDIR: "does not exist: a part of its path is no directory",
  ELOOP: "is a link that leads to itself",
  ENAMETOOLONG: "has a name that is too long",
};

/** The error for a file that could not even be opened, in words a user knows instead of the system's code. */
export function unreadable(file: string, error: unknown): DocumentError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return new DocumentError(
    file,
    reasons[code] ?? `cannot be read (${code === "" ? "unknown reason" : code})`,
  );
}

function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

/** Reads a stream to its end, or to the length at which no document can be read any more. */
async function readAll(stream: Readable, file: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let limit = longestText;
  try {
    for await (const chunk of stream) {
      const bytes: Uint8Array = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      if (length === 0) {
        limit = isUtf16(bytes) ? longestText * 2 : longestText;
        // A device that gives zeros for ever need not be read to the limit.
        if (!isUtf16(bytes) && bytes.includes(0))
          throw new DocumentError(file, "is binary, not text", { line: 1 });
      }
      length += bytes.length;
      if (length > limit) throw tooLong(file);
      chunks.push(bytes);
    }
  } catch (error) {
    throw error instanceof DocumentError ? error : unreadable(file, error);
  }
  return Buffer.concat(chunks, length);
}

/** The largest file Node reads at once (node/lib/fs.js, `kIoMaxLength`). JSON may be longer than the longest text. */
const longestFile = 2 ** 31 - 1;

function readRegular(descriptor: number, size: number, file: string): Uint8Array {
  if (size > longestFile) throw tooLong(file);
  return readFileSync(descriptor);
}

/** @throws DocumentError for what cannot be read. */
export async function readBytes(file: string, world: World): Promise<Uint8Array> {
  if (file === "-") {
    return withProgress("Waiting for standard input ...", world, () =>
      readAll(world.stdin, "standard input"),
    );
  }
  try {
    const path = resolve(world.directory, file);
    // Opening a pipe waits for whoever writes into it.
    if (statSync(path).isFIFO()) {
      return await withProgress(`Waiting for ${visible(file)} ...`, world, () =>
        readAll(createReadStream(path), file),
      );
    }
    const descriptor = openSync(path, "r");
    let closes = true;
    try {
      const stat = fstatSync(descriptor);
      if (stat.isDirectory()) throw new DocumentError(file, "is a directory: name the files in it");
      // What the kernel makes up as it is read has no size, and need not end.
      if (stat.isFile() && stat.size > 0) return readRegular(descriptor, stat.size, file);
      closes = false;
      return await readAll(createReadStream(path, { fd: descriptor }), file);
    } finally {
      if (closes) closeSync(descriptor);
    }
  } catch (error) {
    throw error instanceof DocumentError ? error : unreadable(file, error);
  }
}
