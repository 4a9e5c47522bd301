/** The likely cause of a rejection, from all answers together, and what to do next. */
import type { Said } from "./answer.ts";
import type { Asked, TokenKind } from "./plan.ts";
import type { Findings } from "./run.ts";

export interface Cause {
  cause: string;
  next: string;
}

/** How a service reads, when it refuses a fresh token and says why. */
function inItsWords(service: string, said: Said, version: string): Cause | undefined {
  if (said === "signature")
    return {
      cause: `${service} verifies with another key than ${version}: it says that the signature is wrong.`,
      next: "Check what it carries (jwt-secret check on the live services), which of its JWT variables it reads first, and whether its newest revision has the traffic.",
    };
  if (said === "expired")
    return {
      cause: `${service} takes a token of this minute for expired: its clock or this machine's is off.`,
      next: "Compare both clocks with a time server.",
    };
  if (said === "no-token")
    return {
      cause: `${service} does not see the token: it reads it from elsewhere.`,
      next: "Say how a WebSocket gets it with --websocket-token and --subprotocol.",
    };
  return undefined;
}

const refusedFresh = ({ asked }: Findings, service: "auth" | "backend") =>
  asked.filter((one) => one.service === service && one.token === "fresh" && one.answer.kind === "refused");

/** Backend itself accepts the token, and auth, whom it asks elsewhere, does not. */
function remotelyRefused(findings: Findings, version: string): Cause | undefined {
  const [remote] = refusedFresh(findings, "backend");
  if (remote?.answer.kind !== "refused") return undefined;
  return {
    cause: `backend refuses a token where it asks auth about it: auth holds another key than ${version}, or is not the auth of this environment.`,
    next: "Check what auth carries (jwt-secret check on the live services), and backend's AUTH_SERVICE_URL.",
  };
}

function freshRefused(findings: Findings, version: string): Cause | undefined {
  const { asked, authSigns } = findings;
  const refused = refusedFresh(findings, "backend").filter(({ channel }) => channel !== "remote");
  if (refused.length === 0) return remotelyRefused(findings, version);
  for (const { answer } of refused) {
    const said = answer.kind === "refused" ? inItsWords("backend", answer.said, version) : undefined;
    if (said !== undefined) return said;
  }
  const fresh = asked.filter(
    ({ service, token, channel }) => service === "backend" && token === "fresh" && channel !== "remote",
  );
  const accepted = fresh.find(({ answer }) => answer.kind === "accepted");
  if (accepted !== undefined)
    return {
      cause: `backend accepts the key over ${accepted.channel === "http" ? "HTTP" : "WebSocket"} and not otherwise: the two ways read the token, or the key, differently.`,
      next: "Say how a WebSocket gets its token with --websocket-token and --subprotocol, or compare how backend's two ways read their key.",
    };
  if (isAccepted(asked, "auth"))
    return {
      cause:
        authSigns === "other-key"
          ? `auth and backend share a key, and it is not ${version}: both hold another secret or version.`
          : "backend accepts auth's own token and not ours: it wants claims that ours lacks.",
      next:
        authSigns === "other-key"
          ? "Deploy again (pulumi up), and check the live services with jwt-secret check."
          : "Add them with --claim NAME=TEXT; jwt-secret token prints a token to compare.",
    };
  return {
    cause: `backend refuses a token signed with ${version} and does not say why: it holds another key, or wants claims that the token lacks.`,
    next: "Check what it carries (jwt-secret check on the live services); add claims with --claim NAME=TEXT.",
  };
}

function isAccepted(
  asked: readonly Asked[],
  token: TokenKind,
  service: "auth" | "backend" = "backend",
): boolean {
  return asked.some(
    (one) => one.service === service && one.token === token && one.answer.kind === "accepted",
  );
}

function badAccepted(asked: readonly Asked[], service: "auth" | "backend"): Cause | undefined {
  const yes = (token: TokenKind) => isAccepted(asked, token, service);
  if (yes("missing"))
    return {
      cause: `${service} accepts a request without a token${yes("other-key") ? ", and one with a token signed with another key" : ""}: it checks nothing there.`,
      next: "Name a path that needs a token (--http-path, --websocket-path); if this one should, anybody can use it now.",
    };
  if (yes("other-key"))
    return {
      cause: `${service} accepts a token signed with another key: it does not verify signatures.`,
      next: "Anybody can make such a token: verify HS256 signatures with the injected key before anything else.",
    };
  if (yes("expired"))
    return {
      cause: `${service} accepts a token that expired almost an hour ago: it does not look at exp.`,
      next: "Have it verify exp, with a minute of tolerance at most.",
    };
  return undefined;
}

/** Undefined when nothing was rejected. What lets strangers in is said first. */
export function causeOf(findings: Findings, version: string): Cause | undefined {
  const { asked, authSigns } = findings;
  const known =
    badAccepted(asked, "backend") ?? badAccepted(asked, "auth") ?? freshRefused(findings, version);
  if (known !== undefined) return known;
  const refused = (service: "auth" | "backend", token: TokenKind) =>
    asked.find((one) => one.service === service && one.token === token && one.answer.kind === "refused");
  if (refused("backend", "auth") !== undefined)
    return {
      cause:
        authSigns === "same-key"
          ? "auth signs with the right key, and backend refuses its token: they disagree about its claims."
          : `auth does not sign with ${version}, which backend verifies with: every token it gives is refused.`,
      next: "Check what auth carries (jwt-secret check on the live services) and which of its JWT variables it reads first.",
    };
  const [fresh] = refusedFresh(findings, "auth");
  if (fresh?.answer.kind === "refused")
    return (
      inItsWords("auth", fresh.answer.said, version) ?? {
        cause: `auth's validation refuses a token signed with ${version}: it holds another key, or wants claims that the token lacks.`,
        next: "Check what auth carries (jwt-secret check on the live services); add claims with --claim NAME=TEXT.",
      }
    );
  if (refused("auth", "auth") !== undefined)
    return {
      cause: "auth refuses a token of its own: it signs and validates with different keys.",
      next: "Check which of its JWT variables it reads where.",
    };
  return undefined;
}
