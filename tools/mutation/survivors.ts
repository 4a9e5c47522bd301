/** Every survivor that is left alive with a reason. */
import type { Accepted } from "./accepted.ts";
import { acceptedInDocuments } from "./survivors-documents.ts";
import { acceptedInInput } from "./survivors-input.ts";
import { acceptedInPolicy } from "./survivors-policy.ts";
import { acceptedInPulumi } from "./survivors-pulumi.ts";
import { acceptedInRules } from "./survivors-rules.ts";

export const accepted: readonly Accepted[] = [
  ...acceptedInPolicy,
  ...acceptedInRules,
  ...acceptedInDocuments,
  ...acceptedInInput,
  ...acceptedInPulumi,
];
