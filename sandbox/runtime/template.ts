/** What the runtime reads of a revision's template: the serving container's variables and the runtime account. */
import { z } from "zod";
import type { JsonObject } from "../cloud/index.ts";

/** A variable: plain, or a version of a secret as the service writes it. */
export interface TemplateVariable {
  readonly name: string;
  readonly value?: string | undefined;
  readonly reference?: { readonly secret: string; readonly version: string };
}

const Env = z.looseObject({
  name: z.string(),
  value: z.string().optional(),
  valueSource: z
    .looseObject({
      secretKeyRef: z.looseObject({ secret: z.string(), version: z.string().default("latest") }),
    })
    .optional(),
});

const Template = z.looseObject({
  serviceAccount: z.string().default(""),
  containers: z
    .array(z.looseObject({ ports: z.array(z.unknown()).default([]), env: z.array(Env).default([]) }))
    .default([]),
});

/** The account and the variables, in order. Sidecars are not run: the container that has a port is the service. */
export function readTemplate(template: JsonObject): {
  account: string;
  variables: readonly TemplateVariable[];
} {
  const { serviceAccount, containers } = Template.parse(template);
  const serving = containers.find(({ ports }) => ports.length > 0) ?? containers[0];
  const variables = (serving?.env ?? []).map(({ name, value, valueSource }) =>
    valueSource === undefined ? { name, value: value ?? "" } : { name, reference: valueSource.secretKeyRef },
  );
  return { account: serviceAccount, variables };
}
