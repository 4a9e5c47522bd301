/** The policy's verdict on what the engine printed, as `jwt-secret check` would give it. */
import { check } from "../src/check.ts";
import { rules } from "../src/policy/rules/index.ts";
import { textWriter } from "../src/reports/text.ts";
import { colours } from "./print.ts";

/** Judges a preview or an export; `label` is what findings call the document. */
export function judge(content: string, label: string): { text: string; exitCode: number } {
  const report = check({ documents: [{ file: label, content }] });
  const text = textWriter.write(report, { rules, version: "sandbox", colour: colours(process.stdout) });
  return { text, exitCode: { pass: 0, violation: 1, undetermined: 2 }[report.verdict] };
}
