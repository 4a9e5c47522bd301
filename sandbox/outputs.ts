/** The stack's outputs, from its state. */
import { z } from "zod";
import { visible } from "../src/reports/escape.ts";

const Exported = z.looseObject({
  deployment: z.looseObject({
    resources: z
      .array(z.looseObject({ type: z.string(), outputs: z.record(z.string(), z.unknown()).default({}) }))
      .default([]),
  }),
});

/** The key that marks an encrypted value in a state (sdk/go/common/resource/sig). */
const signature = "4dabf18193072939515e22adb298388d";

/** Name and text of each output, in order; an encrypted one reads `[secret]`. */
export function outputsOf(exported: unknown): string[][] {
  const { resources } = Exported.parse(exported).deployment;
  const stack = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  return Object.entries(stack?.outputs ?? {}).map(([name, value]) => [visible(name), textOf(value)]);
}

function textOf(value: unknown): string {
  if (typeof value === "object" && value !== null && signature in value) return "[secret]";
  return visible(typeof value === "string" ? value : JSON.stringify(value));
}
