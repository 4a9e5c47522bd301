/** Where the items of lists stand in JSON, for reports that point at a line. */
import type { JsonScanner } from "./json-scan.ts";

/** The offset at which each item of each list starts, by the list's path: `items`, `items[0].spec.containers`. */
export type ItemOffsets = ReadonlyMap<string, readonly number[]>;

/** Walks JSON that has been walked before without an error. */
export function itemOffsets(scanner: JsonScanner): ItemOffsets {
  const offsets = new Map<string, number[]>();
  const walk = (depth: number, path: string): void => {
    switch (scanner.kind()) {
      case "object":
        scanner.object(depth, () =>
          walk(depth + 1, path === "" ? scanner.key() : `${path}.${scanner.key()}`),
        );
        break;
      case "list": {
        const items: number[] = [];
        offsets.set(path, items);
        scanner.list(depth, () => {
          items.push(scanner.at);
          walk(depth + 1, `${path}[${items.length - 1}]`);
        });
        break;
      }
      default:
        scanner.skip(depth);
    }
  };
  walk(0, "");
  return offsets;
}
