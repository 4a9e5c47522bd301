/** The policy pack: what `pulumi up --policy-pack policy-pack` runs, and what a policy group of an organisation gets. */
import { readFileSync } from "node:fs";
import { PolicyPack } from "@pulumi/policy";
import { z } from "zod";
import { policiesFor } from "./policies.ts";

/** The SDK reads the pack's version from there too; the engine starts a pack in its own folder. */
const { homepage } = z
  .object({ homepage: z.url().optional() })
  .parse(JSON.parse(readFileSync("package.json", "utf8")));

new PolicyPack("jwt-secret", {
  displayName: "One JWT secret per environment",
  description: "Both services of an environment carry one JWT secret, or the deployment stops.",
  provider: "gcp",
  tags: ["cloud-run", "jwt", "secret-manager"],
  enforcementLevel: "mandatory",
  policies: policiesFor(homepage),
});
