/** A service as it runs, in full: what `check` reads of it and everything else. */
import type { Branch } from "./tree.ts";

/** A Cloud Run service, whichever version of the API described it. */
export interface Definition {
  /** The file it was read from. */
  readonly file: string;
  readonly name: string;
  /** ID or number of its project, where the document says it. */
  readonly project?: string;
  readonly region?: string;
  /** Its settings as the arguments of `cloudrunv2.Service`, without name, project and location. */
  readonly args: Branch;
  /** Paths in the document that this program does not know how to carry over. */
  readonly lost: readonly string[];
  /** The URLs it answers at. */
  readonly urls: readonly string[];
  /** When its latest revision came up (ISO time), where the document says it. */
  readonly since?: string;
}

/** Prefixes of names that the platform and its tools keep for themselves. */
const systemPrefixes = [
  "run.googleapis.com/",
  "cloud.googleapis.com/",
  "serving.knative.dev/",
  "autoscaling.knative.dev/",
];

/** Whether a label or an annotation belongs to the platform. The v2 API has fields in their place. */
export function isSystemName(name: string): boolean {
  return systemPrefixes.some((prefix) => name.startsWith(prefix));
}

/** Cloud Run's own startup probe, which it fills in where none is given (gcloud shows it; label `startupProbeType: Default`). */
export const platformProbe = { failureThreshold: 1, periodSeconds: 240, timeoutSeconds: 240 } as const;
