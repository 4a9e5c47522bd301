/** What the policy says of the facts: plain data, the one thing every writer in `src/reports` prints. */
import type { Location, Role } from "./facts.ts";
import type { Finding, Severity, Verdict } from "./rule.ts";

/** A reference as people read it: canonical text, or what stands in for a part that the document does not hold. */
export interface ReportedReference {
  /** Project ID or number; null when the document does not tell. */
  project: string | null;
  /** Short name, or the URN of the one resource it can be; null when the document does not tell. */
  secret: string | null;
  /** `"1"`, `"latest"`, an alias, or the URN of the one resource it can be; null when left out or not known. */
  version: string | null;
  /** True when a part was an unknown, settled by the one resource it can stand for. */
  settled: boolean;
}

/** A variable (or mounted file) that counts as a JWT variable, and what it carries. */
export interface ReportedVariable {
  name: string;
  via: "variable" | "file";
  container: string | null;
  /** Null for a literal or an unknown; `state` tells which. */
  reference: ReportedReference | null;
  state: "reference" | "literal" | "unknown";
}

export interface ReportedService {
  role: Role | null;
  name: string;
  kind: "service" | "revision" | "job" | "workerPool";
  /** The effective reference: the first JWT variable present in the service's own read order; null when undecided. */
  reference: ReportedReference | null;
  variables: ReportedVariable[];
  location: Location;
}

/** A waiver that covered a finding. */
export interface AppliedWaiver {
  reason: string;
  /** The last day it counts, `YYYY-MM-DD`. */
  expires: string;
}

export interface ReportedFinding extends Finding {
  severity: Severity;
  /** Set when a waiver covers it: shown, counted apart, without weight in the verdict. */
  waived?: AppliedWaiver;
}

export interface EnvironmentReport {
  /** Null when nothing tells which environment this is. */
  name: string | null;
  verdict: Verdict;
  services: ReportedService[];
  findings: ReportedFinding[];
  /** Rules that this kind of document cannot answer, with the reason. */
  notApplicable: { rule: string; reason: string }[];
  /** The rules that hold, by id. */
  passed: string[];
}

/** A document that could not be read. */
export interface Unread {
  /** What the report's notes say of it. */
  note: string;
  location: Location;
}

export interface Report {
  /** The worst of its environments: violation over undetermined over pass; undetermined when there are none. */
  verdict: Verdict;
  environments: EnvironmentReport[];
  /** What concerns no environment: lapsed or unused waivers, documents that were not read, one sentence each. */
  notes: string[];
  /** The documents that were not read, each with its place: nothing passes beside them. @default none */
  unread?: Unread[];
}
