/** The rules of the policy, in the order a report names them. */
import type { Rule } from "../rule.ts";
import { accessorGranted } from "./accessor-granted.ts";
import { environmentAgrees } from "./environment-agrees.ts";
import { environmentsApart } from "./environments-apart.ts";
import { fingerprintAgrees } from "./fingerprint-agrees.ts";
import { jwtSecretDeclared } from "./jwt-secret-declared.ts";
import { jwtSecretGuarded } from "./jwt-secret-guarded.ts";
import { jwtSecretInjected } from "./jwt-secret-injected.ts";
import { noPlaintextJwtSecret } from "./no-plaintext-jwt-secret.ts";
import { pinnedJwtSecretVersion } from "./pinned-jwt-secret-version.ts";
import { previousVersionAgrees } from "./previous-version-agrees.ts";
import { sameJwtSecret } from "./same-jwt-secret.ts";
import { sameJwtSecretVersion } from "./same-jwt-secret-version.ts";
import { servicesPresent } from "./services-present.ts";
import { servingWhatIsDescribed } from "./serving-what-is-described.ts";
import { singleJwtReference } from "./single-jwt-reference.ts";

export const rules: readonly Rule[] = [
  servicesPresent,
  jwtSecretInjected,
  noPlaintextJwtSecret,
  singleJwtReference,
  sameJwtSecret,
  sameJwtSecretVersion,
  pinnedJwtSecretVersion,
  environmentAgrees,
  jwtSecretDeclared,
  accessorGranted,
  servingWhatIsDescribed,
  fingerprintAgrees,
  jwtSecretGuarded,
  previousVersionAgrees,
  environmentsApart,
];
