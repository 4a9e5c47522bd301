/** Makes docs/report.schema.json from the zod schema: `node tools/report-schema.ts`; `--check` fails when it is stale. */
import { jsonSchema } from "../src/reports/schema.ts";
import type { Generated } from "./generated.ts";
import { generate } from "./generated.ts";

const width = 110;

/** JSON as the formatter lays it out: what fits on a line stays on one. */
function layOut(value: unknown, indent: string, before: number): string {
  const flat = compact(value);
  if (indent.length + before + flat.length <= width) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((each) => inner + layOut(each, inner, 1)).join(",\n")}\n${indent}]`;
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([key, each]) => {
      const name = `${JSON.stringify(key)}: `;
      return inner + name + layOut(each, inner, name.length + 1);
    });
    return `{\n${members.join(",\n")}\n${indent}}`;
  }
  return flat;
}

function compact(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(compact).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${compact(each)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

export function reportSchema(): Generated {
  return new Map([["docs/report.schema.json", `${layOut(jsonSchema(), "", 0)}\n`]]);
}

if (import.meta.main) generate(reportSchema(), "node tools/report-schema.ts");
