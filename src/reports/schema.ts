/** The shape of `--format json`, published as docs/report.schema.json. Fields may be added; none is taken away or changed. */
import { z } from "zod";

const verdict = z.enum(["pass", "violation", "undetermined"]);

const reference = z
  .object({
    project: z.string().nullable().describe("Project ID or number; null when the document does not tell."),
    secret: z
      .string()
      .nullable()
      .describe(
        "Short name, or the URN of the one resource it can be; null when the document does not tell.",
      ),
    version: z
      .string()
      .nullable()
      .describe(
        "A number, latest, an alias, or the URN of the one resource it can be; null when left out or not known.",
      ),
    settled: z
      .boolean()
      .describe("True when a part was an unknown, settled by the one resource it can stand for."),
  })
  .describe("A reference to one version of one secret.");

const location = z
  .object({
    file: z.string().optional(),
    line: z.int().positive().optional().describe("From 1."),
    urn: z.string().optional().describe("The Pulumi resource."),
    sourcePosition: z.string().optional().describe("As Pulumi prints it, such as project:///index.ts#23,10."),
  })
  .describe("Where something stands.");

const variable = z.object({
  name: z.string().describe("The variable's name, or the path of a mounted file."),
  via: z.enum(["variable", "file"]),
  container: z.string().nullable(),
  state: z.enum(["reference", "literal", "unknown"]),
  reference: reference.nullable().describe("Null unless the state is reference."),
});

const service = z.object({
  role: z.enum(["auth", "backend"]).nullable().describe("auth signs tokens, backend verifies them."),
  name: z.string(),
  kind: z.enum(["service", "revision", "job", "workerPool"]),
  reference: reference
    .nullable()
    .describe(
      "The effective reference: the first JWT variable in the service's own read order; null when undecided.",
    ),
  variables: z.array(variable).describe("The JWT variables."),
  location,
});

const finding = z.object({
  rule: z.string(),
  verdict: z.enum(["violation", "undetermined"]),
  severity: z.enum(["mandatory", "advisory"]).describe("An advisory finding does not change the verdict."),
  message: z.string(),
  fix: z.string(),
  services: z.array(z.string()).describe("The services concerned, auth first."),
  location: location.optional(),
  waived: z
    .object({ reason: z.string(), expires: z.string().describe("The last day it counts, YYYY-MM-DD.") })
    .optional()
    .describe("The waiver that covers it; a waived finding does not change the verdict."),
});

const environment = z.object({
  name: z.string().nullable().describe("Null when nothing tells which environment this is."),
  verdict,
  services: z.array(service),
  findings: z.array(finding),
  notApplicable: z
    .array(z.object({ rule: z.string(), reason: z.string() }))
    .describe("Rules that this kind of document cannot answer."),
  passed: z.array(z.string()).describe("The rules that hold."),
});

/** What `--format json` prints. */
export const JsonReport = z
  .object({
    verdict: verdict.describe(
      "The worst of the environments: violation, undetermined, pass; undetermined when there are none.",
    ),
    environments: z.array(environment),
    notes: z.array(z.string()).describe("What concerns no environment, such as lapsed waivers."),
    tool: z.object({ name: z.literal("jwt-secret"), version: z.string() }),
  })
  .meta({ title: "jwt-secret report", description: "What jwt-secret check --format json prints." });
export type JsonReport = z.infer<typeof JsonReport>;

/** The published JSON Schema (draft 2020-12). Unknown properties are allowed, so that fields can be added. */
export function jsonSchema(): unknown {
  return z.toJSONSchema(JsonReport, { io: "input" });
}
