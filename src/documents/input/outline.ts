/**
 * Reads a long document without making values of all of it. Of a state with a hundred thousand resources a few are
 * asked for in full; the others are cut down to the keys that tell what they are. All of it is walked and checked.
 */
import { keyHash } from "./json-keys.ts";
import type { JsonScanner } from "./json-scan.ts";

/** What stays of an item: by key, its whole value (`true`), or of an object these keys. */
export interface Kept {
  readonly [key: string]: true | Kept;
}

/** Which lists hold items that may be cut down, and to what. */
export interface Outline {
  /** The paths of the lists, such as `deployment.resources`. */
  lists: readonly string[];
  /** The key of an item whose text tells whether the item is needed in full. An item without it always is. */
  key: string;
  /** True for the text of an item that is needed in full. */
  needs(text: string): boolean;
  keeps: Kept;
}

/** `Kept`, by the hash of each key. */
type Keys = Map<number, { key: string; keys: Keys | undefined }>;

function keysOf(kept: Kept): Keys {
  return new Map(
    Object.entries(kept).map(([key, inner]) => [
      keyHash(key),
      { key, keys: inner === true ? undefined : keysOf(inner) },
    ]),
  );
}

/** The next value, whole; the scanner checks it. */
function whole(scanner: JsonScanner, depth: number): unknown {
  scanner.next();
  const start = scanner.at;
  scanner.skip(depth);
  return valueAt(scanner, start);
}

function valueAt({ bytes, at }: JsonScanner, start: number): unknown {
  const text = bytes.toString("utf8", start, at);
  // The scanner has checked it, so a text without an escape is what stands between its quotes.
  if (text.startsWith('"') && !text.includes("\\")) return text.slice(1, -1);
  const value: unknown = JSON.parse(text);
  return value;
}

/** The next value, of an object only `keys`. */
function cut(scanner: JsonScanner, depth: number, keys: Keys): unknown {
  if (scanner.kind() !== "object") return whole(scanner, depth);
  const value: Record<string, unknown> = {};
  scanner.object(depth, () => {
    const found = keys.get(scanner.hash());
    if (found === undefined || found.key !== scanner.key()) scanner.skip(depth + 1);
    else if (found.keys === undefined) value[found.key] = whole(scanner, depth + 1);
    else value[found.key] = cut(scanner, depth + 1, found.keys);
  });
  return value;
}

/** The next value, its lists cut down as the outline says, or whole without one. */
export function readOutlined(scanner: JsonScanner, outline?: Outline): unknown {
  if (outline === undefined) return whole(scanner, 0);
  const { lists, key, needs } = outline;
  const keys = keysOf({ ...outline.keeps, [key]: true });

  const item = (depth: number): unknown => {
    const start = scanner.at;
    const small = cut(scanner, depth, keys);
    const text = typeof small === "object" && small !== null ? Reflect.get(small, key) : undefined;
    return typeof text === "string" && !needs(text) ? small : valueAt(scanner, start);
  };

  const read = (depth: number, path: string): unknown => {
    const kind = scanner.kind();
    if (kind === "list" && lists.includes(path)) {
      const items: unknown[] = [];
      scanner.list(depth, () => items.push(item(depth + 1)));
      return items;
    }
    const leads = path === "" || lists.some((list) => list.startsWith(`${path}.`));
    if (kind !== "object" || !leads) return whole(scanner, depth);
    const value: Record<string, unknown> = {};
    scanner.object(depth, () => {
      const name = scanner.key();
      value[name] = read(depth + 1, path === "" ? name : `${path}.${name}`);
    });
    return value;
  };
  return read(0, "");
}
