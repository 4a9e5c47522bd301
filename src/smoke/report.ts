/** What a smoke test found, as plain data. Writers print it and decide nothing. */
import type { Answer, Said, Trouble } from "./answer.ts";
import { causeOf } from "./cause.ts";
import type { Asked, Channel, TokenKind } from "./plan.ts";
import type { Findings } from "./run.ts";
import type { Target } from "./target.ts";

/** `undetermined` is never `accepted`. */
export type SmokeVerdict = "accepted" | "rejected" | "undetermined";

export interface SmokeCheck {
  id: string;
  verdict: "pass" | "rejected" | "undetermined";
  service: "auth" | "backend";
  channel: Channel;
  token: TokenKind;
  expected: "accepted" | "refused";
  got: "accepted" | "refused" | "unclear";
  /** The HTTP status, or the code a WebSocket was closed with. */
  status: number | null;
  /** Why it refused, in its own words; why it could not be told. */
  reason: Said | Trouble | null;
  /** One sentence. */
  message: string;
}

export interface SmokeReport {
  verdict: SmokeVerdict;
  /** The stack; null for services that are nobody's stack. */
  environment: string | null;
  /** The version that the tokens were signed with. */
  version: string;
  backend: string;
  auth: string | null;
  checks: SmokeCheck[];
  /** The likely cause of what is not as it should be. */
  cause: string | null;
  /** What to do about it. */
  next: string | null;
  /** What this run did not ask, and how to have it asked. */
  notAsked: string[];
  /** What is remarkable and no failure. */
  notes: string[];
}

const tokens: Record<TokenKind, string> = {
  fresh: "a fresh token",
  auth: "auth's own token",
  "other-key": "a token signed with another key",
  expired: "an expired token",
  missing: "no token",
};
const channels: Record<Channel, string> = {
  http: "over HTTP",
  websocket: "over WebSocket",
  remote: "when it asks auth",
  validation: "in its validation",
};

function messageOf({ service, channel, token, answer }: Asked): string {
  if (answer.kind === "unclear") return `${answer.by ?? service} ${answer.message}`;
  const verb = answer.kind === "accepted" ? "accepts" : "refuses";
  return `${service} ${verb} ${tokens[token]} ${channels[channel]}`;
}

function reasonOf(answer: Answer): Said | Trouble | null {
  if (answer.kind === "accepted") return null;
  return answer.kind === "refused" ? answer.said : answer.trouble;
}

function checkOf(asked: Asked): SmokeCheck {
  const { answer, id, service, channel, token, expected } = asked;
  const verdict = answer.kind === "unclear" ? "undetermined" : answer.kind === expected ? "pass" : "rejected";
  return {
    id,
    verdict,
    service,
    channel,
    token,
    expected,
    got: answer.kind,
    status: answer.status ?? null,
    reason: reasonOf(answer),
    message: messageOf(asked),
  };
}

function notAskedOf(target: Target): string[] {
  return [
    ...(target.websocketPath === undefined ? ["backend over WebSocket (--no-websocket)"] : []),
    ...(target.httpPath === undefined ? ["backend over HTTP (--no-http)"] : []),
    ...(target.authToken === undefined || target.auth === undefined
      ? ["auth's own token: say where auth gives one (--auth-token-path)"]
      : []),
    ...(target.remotePath === undefined
      ? ["backend where it asks auth about a token, if it does (--remote-path)"]
      : []),
    ...(target.validatePath === undefined || target.auth === undefined
      ? ["auth's validation: say where it is, if it has one (--auth-validate-path)"]
      : []),
  ];
}

/** Judges the answers. Nothing asked is nothing proved. */
export function reportOf(findings: Findings, target: Target, environment: string | undefined): SmokeReport {
  const checks = findings.asked.map(checkOf);
  const has = (verdict: SmokeCheck["verdict"]) => checks.some((check) => check.verdict === verdict);
  const verdict = has("rejected")
    ? "rejected"
    : has("undetermined") || checks.length === 0
      ? "undetermined"
      : "accepted";
  const cause = causeOf(findings, target.version);
  const unclear = checks.find((check) => check.verdict === "undetermined");
  const foreign =
    findings.authSigns !== undefined && findings.authSigns !== "same-key"
      ? [`auth's own token is not signed with ${target.version}`]
      : [];
  return {
    verdict,
    environment: environment ?? null,
    version: target.version,
    backend: target.backend.href,
    auth: target.auth?.href ?? null,
    checks,
    cause:
      cause?.cause ??
      (verdict === "undetermined" ? `It cannot be told: ${unclear?.message ?? "nothing was asked"}.` : null),
    next: cause?.next ?? null,
    notAsked: notAskedOf(target),
    notes: foreign,
  };
}
