/** The service accounts of a stack. */
import type { Declared } from "../../policy/facts.ts";
import { Hidden } from "../shape.ts";
import { hiddenReason, reveal } from "../text.ts";
import type { Resource, Stack } from "./resource.ts";
import { emailOf } from "./settle.ts";

/** Why nobody may be able to run as it, and so nothing it is granted is of use. */
function unusable({ inputs, outputs, settled, gone }: Resource): string | undefined {
  if (gone) return "its account is deleted";
  if (settled && outputs.disabled === true) return "its account is disabled";
  if (inputs instanceof Hidden) return `whether its account is enabled is not shown: ${inputs.reason}`;
  const disabled = reveal(inputs.disabled);
  if (disabled === true) return "its account is disabled";
  const hidden = hiddenReason(disabled);
  return hidden && `whether its account is enabled is not shown: ${hidden.reason}`;
}

/** An account, by its resource and its e-mail. */
export function readAccount(resource: Resource, stack: Stack): Declared["accounts"][number] {
  const doubt = unusable(resource);
  return {
    urn: resource.urn,
    email: emailOf(resource, stack),
    ...(doubt === undefined ? {} : { unusable: doubt }),
  };
}
