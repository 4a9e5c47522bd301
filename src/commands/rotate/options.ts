/** The arguments of `rotate`. */
import { parseArgs } from "node:util";
import { z } from "zod";
import { UsageError } from "../command.ts";
import type { Place } from "./places.ts";

/** What can be done to a rotation. */
export const steps = ["status", "start", "back", "finish", "emergency"] as const;
export type Step = (typeof steps)[number];

const generation = z
  .string()
  .regex(/^[1-9]\d{0,8}$/u, "takes a number from 1")
  .transform(Number);

const Values = z.object({
  stack: z
    .string({ error: "names the environment and is required: --stack staging" })
    .regex(/^(\w[\w.-]*\/){0,2}[a-z][a-z0-9-]*$/u, "takes the name of a stack, such as staging"),
  state: z.string().min(1, "takes a file, or - for standard input").optional(),
  sandbox: z.boolean().default(false),
  to: generation.optional(),
  leaked: generation.optional(),
  "dry-run": z.boolean().default(false),
});

/** What the user asks for. */
export interface RotateOptions extends Place {
  readonly step: Step;
  /** As Pulumi is told it: `staging`, or `organisation/project/staging`. */
  readonly stack: string;
  /** Where the deployed state is; undefined: ask Pulumi. */
  readonly state?: string;
  /** The generation (with `existing`: the version's number) that tokens shall be signed with. */
  readonly to?: number;
  /** The generation whose key leaked. */
  readonly leaked?: number;
  readonly dryRun: boolean;
}

/** Which options belong to which step, beside `--stack`. */
const taken: Readonly<Record<Step, readonly string[]>> = {
  status: ["state", "sandbox"],
  start: ["state", "sandbox", "to", "dry-run"],
  back: ["sandbox", "dry-run"],
  finish: ["state", "sandbox", "dry-run"],
  emergency: ["sandbox", "to", "leaked", "dry-run"],
};

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        stack: { type: "string" },
        state: { type: "string" },
        sandbox: { type: "boolean" },
        to: { type: "string" },
        leaked: { type: "string" },
        "dry-run": { type: "boolean" },
      },
    });
  } catch (error) {
    const message = error instanceof Error ? (error.message.split(/\.\s/u)[0] ?? "") : "wrong options";
    throw new UsageError(message.charAt(0).toLowerCase() + message.slice(1));
  }
}

/** @throws UsageError for the first argument that cannot be meant. */
export function readOptions(args: readonly string[]): RotateOptions {
  const { values, positionals } = parsed(args);
  const [name = "status", ...more] = positionals;
  const step = steps.find((one) => one === name);
  if (step === undefined) throw new UsageError(`there is no step ${name}; there is ${steps.join(", ")}`);
  if (more.length > 0) throw new UsageError(`one step at a time: ${more.join(" ")} is too much`);
  const result = Values.safeParse(values);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new UsageError(`--${String(issue?.path[0])} ${issue?.message ?? ""}`);
  }
  const foreign = Object.keys(values).find((option) => option !== "stack" && !taken[step].includes(option));
  if (foreign !== undefined) throw new UsageError(`--${foreign} means nothing to ${step}`);
  const { stack, state, sandbox, to, leaked, "dry-run": dryRun } = result.data;
  if (sandbox && state !== undefined) throw new UsageError("takes --sandbox or --state, not both");
  return {
    step,
    stack,
    environment: stack.split("/").at(-1) ?? stack,
    sandbox,
    dryRun,
    ...(state === undefined ? {} : { state }),
    ...(to === undefined ? {} : { to }),
    ...(leaked === undefined ? {} : { leaked }),
  };
}
