/** Reads a stack's outputs from its state: `pulumi stack export`, or the checkpoint of a local backend. */
import { z } from "zod";
import { StackError } from "./error.ts";
import { type DeployedStack, shortName, stackOf } from "./stack.ts";

const Resources = z
  .object({
    resources: z.array(z.looseObject({ urn: z.string(), type: z.string(), outputs: z.unknown() })).nullish(),
  })
  .nullish();

const State = z.object({ deployment: Resources, checkpoint: z.object({ latest: Resources }).nullish() });

/**
 * @param name The stack that is meant; another one's state is refused.
 * @throws StackError
 */
export function readState(text: string, file: string, name: string): DeployedStack {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new StackError(`${file} is not JSON: write it with pulumi stack export --stack ${name}`);
  }
  const state = State.safeParse(value);
  const resources = state.success
    ? (state.data.deployment ?? state.data.checkpoint?.latest)?.resources
    : undefined;
  if (resources === undefined || resources === null)
    throw new StackError(
      `${file} is not the state of a stack: write it with pulumi stack export --stack ${name}`,
    );
  const stack = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  if (stack === undefined)
    throw new StackError(`${file} holds nothing that is deployed: deploy ${name} first`);
  // urn:pulumi:STACK::PROJECT::TYPE::NAME
  const found = /^urn:pulumi:([^:]+)::/u.exec(stack.urn)?.[1];
  if (found !== shortName(name))
    throw new StackError(
      `${file} is the state of ${found ?? "no stack"}, not of ${name}: give the right one`,
    );
  return stackOf(name, stack.outputs, file);
}
