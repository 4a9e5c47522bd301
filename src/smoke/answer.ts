/** What a service says to a token, once it is known that the service itself said it. */

/** Why a service refused, as far as its own words tell. */
export type Said = "no-token" | "signature" | "expired" | "nothing";

/** What kept an answer from being one about the token. */
export type Trouble =
  | "server"
  | "no-answer"
  | "dns"
  | "tls"
  | "redirect"
  | "not-there"
  | "front-end"
  | "placeholder"
  | "credentials"
  | "other";

/** An answer that proves nothing in either direction; `message` says what came instead, after the service's name. */
export interface Unclear {
  kind: "unclear";
  trouble: Trouble;
  message: string;
  status?: number;
  /** Set when it was not the service asked: backend cannot be asked about a token that auth did not give. */
  by?: "auth";
}

/**
 * `accepted`: let in with the token. `refused`: 401 or 403 by the service, or a WebSocket closed for that reason.
 * `unclear`: anything else.
 */
export type Answer =
  | { kind: "accepted"; status: number }
  | { kind: "refused"; status: number; said: Said }
  | Unclear;

/** The reason in a service's own words, found by the usual ones. A service need not say any. */
export function saidIn(text: string): Said {
  if (/expired?\b|\bexp\b/iu.test(text)) return "expired";
  if (/signature|wrong key|verif(?:y|ication) (?:failed|error)/iu.test(text)) return "signature";
  if (/no[ _-](?:\w+[ _-])?token|missing|not[ _-]authenticated|required/iu.test(text)) return "no-token";
  return "nothing";
}
