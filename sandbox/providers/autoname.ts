/** Names made up by the provider for resources that the program does not name. */
import { randomBytes } from "node:crypto";
import { defaultsKey, type Properties, type Value } from "./values.ts";

/** The properties that the provider filled in and the program did not. */
export function filledIn(inputs: Properties): Value[] {
  const filled = inputs[defaultsKey];
  return Array.isArray(filled) ? filled : [];
}

/** The name made up before, else `NAME-1a2b3c4` from the engine's seed. */
export function autoname(property: string, name: string, olds: Properties, seed: Uint8Array): string {
  const old = olds[property];
  if (typeof old === "string" && filledIn(olds).includes(property)) return old;
  const random = Buffer.from(seed).toString("hex") || randomBytes(4).toString("hex");
  return `${name}-${random.slice(0, 7)}`;
}
