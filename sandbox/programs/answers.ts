/** How the programs answer: JSON, and a refused token with its reason in body and header. */
import type { ServerResponse } from "node:http";
import { type Reason, refusals } from "./verify.ts";

/** Which revision answered, on every answer. */
export const identity = { "x-revision": process.env.K_REVISION ?? "", "x-instance": String(process.pid) };

/** Answers with a JSON document. */
export function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json", ...identity });
  response.end(`${JSON.stringify(body)}\n`);
}

/** Answers a request whose token is refused. */
export function refuse(response: ServerResponse, reason: Reason): void {
  response.setHeader("www-authenticate", challenge(reason));
  answer(response, refusals[reason], { error: reason });
}

/** The whole answer to a WebSocket handshake whose token is refused. */
export function refusedHandshake(reason: Reason): string {
  const body = `${JSON.stringify({ error: reason })}\n`;
  const status = refusals[reason] === 403 ? "403 Forbidden" : "401 Unauthorized";
  const headers = {
    ...identity,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "www-authenticate": challenge(reason),
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status}`, ...lines, "", body].join("\r\n");
}

/** RFC 6750, section 3: without a token there is no error to name. */
function challenge(reason: Reason): string {
  return reason === "no token" ? "Bearer" : `Bearer error="invalid_token", error_description="${reason}"`;
}
