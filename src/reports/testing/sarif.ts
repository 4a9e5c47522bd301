/**
 * The part of the SARIF 2.1.0 schema that the writer uses, as strict as the standard (`additionalProperties: false`),
 * with what GitHub code scanning asks on top: a physical location with a relative or `file:` URI and a line.
 */
import { z } from "zod";

const message = z.strictObject({ text: z.string() });
const help = z.strictObject({ text: z.string().min(1), markdown: z.string().optional() });
const level = z.enum(["none", "note", "warning", "error"]);
const properties = z.record(z.string(), z.unknown());

/** RFC 3986: the characters a URI reference is made of. */
const uri = z
  .string()
  .regex(/^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?#]|%[0-9A-Fa-f]{2})+$/u)
  .refine(
    (text) => text.startsWith("file:///") || !/^[a-z]+:|^\/|(^|\/)\.\.(\/|$)/iu.test(text),
    "relative or file:",
  );

const result = z.strictObject({
  ruleId: z.string(),
  ruleIndex: z.int().min(0),
  level,
  message,
  locations: z
    .array(
      z.strictObject({
        physicalLocation: z.strictObject({
          artifactLocation: z.strictObject({ uri }),
          region: z.strictObject({ startLine: z.int().min(1), startColumn: z.int().min(1).optional() }),
        }),
        logicalLocations: z
          .array(z.strictObject({ fullyQualifiedName: z.string(), kind: z.string() }))
          .optional(),
      }),
    )
    .length(1),
  partialFingerprints: z.record(z.string(), z.string()),
  suppressions: z.array(
    z.strictObject({
      kind: z.enum(["inSource", "external"]),
      status: z.enum(["accepted", "underReview", "rejected"]),
      justification: z.string(),
    }),
  ),
  properties,
});

export const SarifLog = z.strictObject({
  $schema: z.url(),
  version: z.literal("2.1.0"),
  runs: z
    .array(
      z.strictObject({
        tool: z.strictObject({
          driver: z.strictObject({
            name: z.string(),
            version: z.string(),
            rules: z.array(
              z.strictObject({
                id: z.string(),
                shortDescription: help,
                fullDescription: help.optional(),
                help: help.optional(),
                defaultConfiguration: z.strictObject({ level }).optional(),
                properties: properties.optional(),
              }),
            ),
          }),
        }),
        columnKind: z.enum(["utf16CodeUnits", "unicodeCodePoints"]),
        invocations: z.array(
          z.strictObject({
            executionSuccessful: z.boolean(),
            toolExecutionNotifications: z.array(z.strictObject({ level, message })),
          }),
        ),
        results: z.array(result),
        properties,
      }),
    )
    .length(1),
});
