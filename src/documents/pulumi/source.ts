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

/** Where the secret comes from, or why the document cannot show it; neither where it shows that nothing says so. */
export type SeenSource = Pick<Declared, "source" | "sourceUnseen">;

/**
 * The stack's output `source`. A preview does not print the outputs that will be, only those that were, so this
 * program's configuration, which it does print, comes first there, and an output that was not there may yet come.
 */
export function readSource(stack: Stack): SeenSource {
  const configured = readText(stack.config["jwt-secret:secret"]);
  if (configured.kind === "text") {
    const configuration = Configuration.safeParse(parsed(configured.text));
    if (configuration.success) return { source: configuration.data.source };
  }
  // The root comes first in every document.
  for (const { type, outputs } of stack.resources.values()) {
    if (type === types.stack) return fromOutput(outputs.source, stack);
  }
  return { sourceUnseen: "the document does not hold the stack's outputs" };
}

function fromOutput(output: unknown, { foretold }: Stack): SeenSource {
  const text = readText(output);
  if (text.kind === "unknown")
    return { sourceUnseen: `the stack's output source is not shown: ${text.reason}` };
  if (text.kind === "absent" && foretold === true) {
    return { sourceUnseen: "a preview does not show the outputs that the stack will have" };
  }
  const source = Source.safeParse(output);
  return source.success ? { source: source.data } : {};
}
