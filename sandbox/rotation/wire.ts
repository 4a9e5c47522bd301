/** What clients send and what they hear: requests, and WebSocket handshakes with the token as a subprotocol. */
import { Agent, type IncomingMessage, request } from "node:http";
import WebSocket from "ws";
import { z } from "zod";

/** An answer of a service. */
export interface Answer {
  readonly status: number;
  /** The revision that answered, as the sandbox's programs say in `x-revision`. */
  readonly revision: string;
  /** What its JSON stands for; undefined when it is none. */
  readonly body: unknown;
}

/** Milliseconds until no answer is taken for none. */
const patience = 30_000;

/** Opens a WebSocket of backend with a token. */
export function connect(backend: string, token: string): WebSocket {
  const coded = Buffer.from(token, "utf8").toString("base64url");
  const url = `${backend.replace(/^http/u, "ws")}/ws`;
  return new WebSocket(url, [`jwt.${coded}`], { handshakeTimeout: patience, perMessageDeflate: false });
}

/** Connections that are used again. */
export class Wire {
  readonly #agent = new Agent({ keepAlive: true });

  /** @throws Error when there is no answer */
  ask(url: string, method: string, headers: Record<string, string>, body?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asked = request(url, { method, headers, agent: this.#agent, timeout: patience }, (response) => {
        answerOf(response).then(resolve, reject);
      });
      asked.on("timeout", () => asked.destroy(new Error("no answer")));
      asked.on("error", reject);
      asked.end(body);
    });
  }

  /** A handshake, ended as soon as it is answered. @throws Error when there is no answer */
  handshake(backend: string, token: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const socket = connect(backend, token);
      let revision = "";
      socket.on("upgrade", (response) => {
        revision = revisionOf(response);
      });
      socket.on("open", () => {
        socket.close(1000);
        resolve({ status: 101, revision, body: undefined });
      });
      socket.on("unexpected-response", (asked, response) => {
        answerOf(response)
          .then(resolve, reject)
          .finally(() => asked.destroy());
      });
      socket.on("error", reject);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

const revisionOf = ({ headers }: IncomingMessage): string => String(headers["x-revision"] ?? "");

async function answerOf(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString("utf8");
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return { status: response.statusCode ?? 0, revision: revisionOf(response), body };
}

const Refusal = z.object({ error: z.string() });

/** The reason in a refusal, as `, REASON`; nothing when there is none. */
export function said(body: unknown): string {
  const refusal = Refusal.safeParse(body);
  return refusal.success ? `, ${refusal.data.error}` : "";
}

/** Why there was no answer: the system's code where there is one. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
