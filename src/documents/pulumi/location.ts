/** Where a resource stands. */
import type { Location } from "../../policy/facts.ts";
import type { Resource, Stack } from "./resource.ts";

export function locationOf({ urn, sourcePosition }: Resource, { file }: Stack): Location {
  return { file, urn, ...(sourcePosition === undefined ? {} : { sourcePosition }) };
}
