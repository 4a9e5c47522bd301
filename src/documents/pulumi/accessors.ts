/** Whom the configuration lists as readers of the secret besides the services. */
import { z } from "zod";
import type { Declared } from "../../policy/facts.ts";
import { readText } from "../text.ts";
import { type Stack, types } from "./resource.ts";

const Members = z.array(z.string());

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * A preview prints the configuration that will be, defaults of `Pulumi.yaml` included; a state holds what was deployed
 * in the stack's output `accessors`. Where neither shows the list, as in a program that has none, nothing is known.
 */
export function readAccessors(stack: Stack): Pick<Declared, "accessors"> {
  const configured = readText(stack.config["jwt-secret:accessors"]);
  const root = [...stack.resources.values()].find(({ type }) => type === types.stack);
  // The outputs in a preview are those that were.
  const output = stack.foretold === true ? undefined : root?.outputs.accessors;
  const members = Members.safeParse(configured.kind === "text" ? parsed(configured.text) : output);
  return members.success ? { accessors: members.data } : {};
}
