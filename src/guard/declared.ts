/** The environment's one declared reference, from the component that makes it. */
import type * as pulumi from "@pulumi/pulumi";
import { JwtSecret } from "../infrastructure/jwt-secret.ts";
import type { JwtReference } from "../infrastructure/reference.ts";
import type { DeclaredReference } from "./facts.ts";
import { readInputs } from "./inputs.ts";
import { type MayWait, plain } from "./outputs.ts";

/** What the secrets among these resources declare, once it is known. */
export async function declaredBy(
  resources: readonly pulumi.Resource[],
  mayWait: MayWait,
): Promise<DeclaredReference[]> {
  const secrets = resources.filter((resource) => resource instanceof JwtSecret);
  return Promise.all(
    secrets.map(async ({ references, projectNumber }) => {
      const carrying = (reference: JwtReference) =>
        readInputs(
          { template: { containers: [{ envs: [reference.as("JWT_SECRET")] }] } },
          () => true,
          mayWait,
        );
      const [variable, previous, number] = await Promise.all([
        carrying(references.current),
        references.previous && carrying(references.previous),
        plain(projectNumber),
      ]);
      return {
        variable,
        ...(previous !== undefined && { previous }),
        ...(typeof number === "string" && /^[0-9]+$/.test(number) && { projectNumber: number }),
      };
    }),
  );
}
