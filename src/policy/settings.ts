/** How much weight each rule has in a project. */
import { z } from "zod";
import type { Severity } from "./rule.ts";
import { rules } from "./rules/index.ts";

const Level = z.enum(["mandatory", "advisory"]);
const byId = new Map(rules.map((rule) => [rule.id, rule]));

/**
 * Severities by rule, such as `{ all: "mandatory", "jwt-secret-guarded": "advisory" }`. `all` speaks for every rule
 * that is not named. The four rules that cannot be waived stay mandatory whatever `all` says; naming one of them as
 * advisory is an error.
 *
 * @default every rule has its own severity: mandatory, but for `jwt-secret-guarded`, which is advisory
 */
export const Settings = z.record(z.string(), Level).superRefine((settings, context) => {
  for (const [id, severity] of Object.entries(settings)) {
    if (id === "all") continue;
    const rule = byId.get(id);
    if (rule === undefined) {
      context.addIssue({
        code: "custom",
        path: [id],
        message: `"${id}" is not a rule; write "all" or one of ${[...byId.keys()].join(", ")}`,
      });
    } else if (rule.unwaivable && severity !== "mandatory") {
      context.addIssue({
        code: "custom",
        path: [id],
        message: `"${id}" is always mandatory; remove it from the settings`,
      });
    }
  }
});
export type Settings = z.infer<typeof Settings>;

/** The severity of a rule under valid settings. A rule that cannot be waived is mandatory under any. */
export function severityOf(id: string, settings: Settings): Severity {
  const rule = byId.get(id);
  if (rule === undefined || rule.unwaivable) return "mandatory";
  const { [id]: own, all } = settings;
  return own ?? all ?? rule.severity;
}
