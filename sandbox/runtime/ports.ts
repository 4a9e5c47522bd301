/** The ports that services' fronts had, so that an address stays the same from one start to the next. */
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";

const Ports = z.record(z.string(), z.int().positive());

/** The port a service had last; undefined for a new one, or when the file cannot be read: then it gets another. */
export function portOf(path: string, service: string): number | undefined {
  return read(path)[service];
}

/** Notes the port a service has. */
export function notePort(path: string, service: string, port: number): void {
  const ports = read(path);
  if (ports[service] === port) return;
  writeFileSync(path, `${JSON.stringify({ ...ports, [service]: port }, undefined, 2)}\n`, { mode: 0o600 });
}

function read(path: string): z.infer<typeof Ports> {
  try {
    return Ports.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return {};
  }
}
