import { z } from "zod";

/** Failures to order for tests: which call, and what happens to it. */

const faultSchema = z.strictObject({
  /** The number of the call, from 1, counted since the cloud was started; or calls by method and path. */
  at: z.union([
    z.number().int().positive(),
    z.strictObject({
      method: z.string().optional(),
      /** A regular expression that the path (no query) must match. */
      path: z.string(),
    }),
  ]),
  /**
   * `429`, `500`, `503`: answered so, nothing happens. `timeout`: no answer. `drop`: the connection is cut.
   * `kill-before`, `kill-after`: the `onKill` callback is run before or after the call took effect; no answer.
   */
  do: z.enum(["429", "500", "503", "timeout", "drop", "kill-before", "kill-after"]),
  /** Of `timeout` and `drop`: whether the call took effect before its answer was lost. Default: it did. */
  effect: z.boolean().default(true),
  /** Only the first such call. Default: yes. */
  once: z.boolean().default(true),
});
export type Fault = z.input<typeof faultSchema>;
type ParsedFault = z.output<typeof faultSchema>;

const planSchema = z.union([z.array(faultSchema), faultSchema.transform((fault) => [fault])]);

/** A fault plan, and which of it is spent. */
export class FaultPlan {
  readonly #faults: { readonly fault: ParsedFault; readonly path: RegExp | undefined; spent: boolean }[];

  /** @throws Error of one line when the plan is not one. */
  constructor(plan: unknown, source: string) {
    const parsed = planSchema.safeParse(plan);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new Error(
        `${source} is not a fault plan: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`.trim(),
      );
    }
    this.#faults = parsed.data.map((fault) => ({
      fault,
      path: typeof fault.at === "number" ? undefined : new RegExp(fault.at.path),
      spent: false,
    }));
  }

  /** The fault a call meets, if any. */
  take(call: { number: number; method: string; path: string }): ParsedFault | undefined {
    const found = this.#faults.find(({ fault, path, spent }) => {
      if (spent && fault.once) return false;
      if (typeof fault.at === "number") return fault.at === call.number;
      return (fault.at.method ?? call.method) === call.method && path?.test(call.path);
    });
    if (found) found.spent = true;
    return found?.fault;
  }
}

/** The plan of an environment variable holding JSON. @throws Error of one line when it does not. */
export function planFromEnvironment(variable: string, value: string | undefined): unknown {
  if (value === undefined || value === "") return [];
  try {
    return JSON.parse(value);
  } catch {
    throw new Error(`${variable} is not JSON: write for example {"at":3,"do":"503"}`);
  }
}
