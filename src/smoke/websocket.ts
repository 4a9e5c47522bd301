/** Opens a WebSocket with a token or without, and closes it again. */
import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import { type Answer, saidIn } from "./answer.ts";
import { longestBody, readAnswer } from "./read-answer.ts";
import { troubleOf } from "./trouble.ts";

export interface Handshake {
  /** ws: or wss:. */
  url: URL;
  headers: Readonly<Record<string, string>>;
  /** Subprotocols to offer, in order. */
  protocols: readonly string[];
  /** Milliseconds for the handshake. */
  timeout: number;
  /** Milliseconds for which an open WebSocket is watched: a service may look at the token after the handshake. */
  settle: number;
}

/**
 * Close codes that say "not with this token": 1008 (policy violation, RFC 6455), 3000 and 3003 (unauthorized and
 * forbidden, IANA's registry), and the custom forms of 401 and 403 in use.
 */
const refusing: ReadonlySet<number> = new Set([1008, 3000, 3003, 4001, 4003, 4401, 4403]);

function closedWith(code: number, reason: string, asked: string): Answer {
  if (refusing.has(code)) return { kind: "refused", status: code, said: saidIn(reason) };
  return {
    kind: "unclear",
    trouble: "server",
    status: code,
    message: `opens ${asked} and closes it at once (${code}), which says nothing about the token`,
  };
}

function readRefusal(response: IncomingMessage, asked: string, done: (answer: Answer) => void): void {
  let body = "";
  const finish = () => {
    const headers = new Headers();
    for (const [name, value] of Object.entries(response.headers)) {
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
    }
    // Only 101 opens a WebSocket, and that does not come here.
    done(readAnswer({ status: response.statusCode ?? 0, headers, body, asked }, () => false));
    response.destroy();
  };
  response.setEncoding("utf8");
  response.on("data", (text: string) => {
    body += text;
    if (body.length >= longestBody) finish();
  });
  response.on("end", finish).on("error", finish).on("close", finish);
}

/** What the service says to the handshake, or shortly after it. */
export function shake({ url, headers, protocols, timeout, settle }: Handshake): Promise<Answer> {
  const asked = `WebSocket ${url.pathname}`;
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    let switched = false;
    const socket = new WebSocket(url, [...protocols], {
      headers: { ...headers },
      handshakeTimeout: timeout,
      followRedirects: false,
      perMessageDeflate: false,
    });
    const done = (answer: Answer) => {
      clearTimeout(timer);
      clearTimeout(limit);
      resolve(answer);
      socket.terminate();
    };
    // The library's own limit ends with the first byte of an answer; this one ends whatever does not.
    const limit = setTimeout(() => {
      const late = Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" });
      done(troubleOf(late, url));
    }, timeout + settle);
    socket.on("upgrade", () => {
      switched = true;
    });
    socket.on("unexpected-response", (_request, response) => readRefusal(response, asked, done));
    socket.on("open", () => {
      timer = setTimeout(() => done({ kind: "accepted", status: 101 }), settle);
    });
    socket.on("close", (code, reason) => done(closedWith(code, reason.toString("utf8"), asked)));
    socket.on("error", (error) => {
      // 101, and then something that is no WebSocket: a browser would give up too.
      if (switched) {
        const message = `answers ${asked} with 101 and breaks the protocol (${error.message}): no client can use it`;
        done({ kind: "unclear", trouble: "other", status: 101, message });
      } else if (/handshake has timed out/iu.test(error.message)) {
        done(troubleOf(Object.assign(new Error(error.message), { code: "ETIMEDOUT" }), url));
      } else done(troubleOf(error, url));
    });
  });
}
