import { environmentAgrees, labelsAgree, serving } from "./environment.ts";
import { type JudgeEach, whole } from "./judge.ts";
import { fingerprint, previousAgrees, same, sameVersion } from "./pairs.ts";
import { present } from "./services.ts";
import { declared, granted, guarded } from "./stack.ts";
import { injected, noPlaintext, pinnedVersion, single } from "./variables.ts";

/** The part of `environment-agrees` that speaks of labels. */
export const labelRule = "environment-agrees (label)";

/** What may be said of each rule of the table, `environments-apart` excepted. */
export const judges: Readonly<Record<string, JudgeEach>> = {
  "services-present": whole(present),
  "jwt-secret-injected": injected,
  "no-plaintext-jwt-secret": noPlaintext,
  "single-jwt-reference": single,
  "same-jwt-secret": same,
  "same-jwt-secret-version": sameVersion,
  "pinned-jwt-secret-version": pinnedVersion,
  "environment-agrees": whole(environmentAgrees),
  [labelRule]: whole(labelsAgree),
  "jwt-secret-declared": declared,
  "accessor-granted": granted,
  "serving-what-is-described": whole(serving),
  "fingerprint-agrees": whole(fingerprint),
  "jwt-secret-guarded": whole(guarded),
  "previous-version-agrees": previousAgrees,
};

/** Rules whose findings do not change the verdict. */
export const advisory: ReadonlySet<string> = new Set(["jwt-secret-guarded"]);
