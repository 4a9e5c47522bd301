/** Where the stack says its secret comes from. */
import { z } from "zod";
import type { Declared } from "../../policy/facts.ts";
import { readText } from "../text.ts";
import { type Stack, types } from "./resource.ts";

const Source = z.enum(["generated", "supplied", "existing"]);
const Configuration = z.object({ source: Source });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The stack's output `source`. A preview does not print the outputs that will be, only those that were, so this
 * program's configuration, which it does print, comes first there.
 */
export function readSource(stack: Stack): Declared["source"] {
  const configured = readText(stack.config["jwt-secret:secret"]);
  if (configured.kind === "text") {
    const configuration = Configuration.safeParse(parsed(configured.text));
    if (configuration.success) return configuration.data.source;
  }
  for (const resource of stack.resources.values()) {
    if (resource.type === types.stack) return Source.safeParse(resource.outputs.source).data;
  }
  return undefined;
}
