/** The configuration's schema as a plain tree, which error messages and documentation tables walk. */
import { z } from "zod";
import { Configuration } from "./schema.ts";

/** The parts of a JSON Schema that are used here; `note` stands in for a default that depends on something else. */
const Node = z.looseObject({
  get properties() {
    return z.record(z.string(), Node).optional();
  },
  get items() {
    return Node.optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), Node]).optional();
  },
  get oneOf() {
    return z.array(Node).optional();
  },
  get anyOf() {
    return z.array(Node).optional();
  },
  required: z.array(z.string()).optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  const: z.unknown().optional(),
  examples: z.array(z.unknown()).optional(),
  note: z.string().optional(),
});
export type Node = z.infer<typeof Node>;

/** The tree's root: a property per configuration key. */
export function configurationTree(): Node {
  return Node.parse(z.toJSONSchema(Configuration, { io: "input", unrepresentable: "any" }));
}
