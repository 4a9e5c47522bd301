/** Where a token is in a request: the Authorization header, or for browsers' WebSockets a subprotocol. */
import type { IncomingMessage } from "node:http";

/** The token of a request; undefined when it has none. */
export function tokenOf({ headers }: IncomingMessage): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  if (bearer !== undefined) return bearer;
  const offered = (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  const coded = offered.flatMap((name) => /^jwt\.([A-Za-z0-9_-]+)$/.exec(name)?.[1] ?? [])[0];
  return coded === undefined ? undefined : Buffer.from(coded, "base64url").toString("utf8");
}

/**
 * The subprotocol to answer with: a client that offers some expects one of them. One without a token is taken where
 * there is one, so that the token is not said back.
 */
export function protocolFor(offered: ReadonlySet<string>): string | false {
  const plain = [...offered].find((name) => !name.startsWith("jwt."));
  return plain ?? [...offered][0] ?? false;
}
