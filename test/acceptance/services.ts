/** Services that verify tokens, for tests: sound ones, which each test spoils in one way. */
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { errors, jwtVerify, SignJWT } from "jose";
import { WebSocketServer } from "ws";
import { selfSigned } from "./certificate.ts";

/** What a service answers to a request. */
export interface Reply {
  status: number;
  body?: string;
  headers?: Record<string, string>;
}

export type Judge = (request: IncomingMessage) => Promise<Reply | "hang">;

/** Headers and path of every request a service got. */
export interface Seen {
  path: string;
  headers: IncomingMessage["headers"];
}

export interface Service extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  url: string;
  host: string;
  seen: Seen[];
}

export interface Behaviour {
  judge: Judge;
  /** Other paths than those of the token under test, such as auth's. */
  routes?: Record<string, (request: IncomingMessage, body: string) => Promise<Reply>>;
  /** Closes a WebSocket that the judge refuses after opening it, with this code. */
  closeWith?: number;
  tls?: boolean;
}

function tokenOf(request: IncomingMessage): string | undefined {
  const bearer = /^Bearer (.+)$/u.exec(request.headers.authorization ?? "")?.[1];
  const offered = (request.headers["sec-websocket-protocol"] ?? "").split(/, */u);
  const own = offered.find((name) => name.startsWith("jwt."))?.slice("jwt.".length);
  return bearer ?? (own === undefined ? undefined : Buffer.from(own, "base64url").toString("utf8"));
}

const refused = (error: string): Reply => ({ status: 403, body: JSON.stringify({ error }) });

/** A sound verifier of HS256 tokens. @param now The clock it goes by. */
export function verifier(key: Uint8Array, now: () => Date = () => new Date()): Judge {
  return async (request) => {
    const token = tokenOf(request);
    if (token === undefined) return { status: 401, body: JSON.stringify({ error: "no token" }) };
    try {
      await jwtVerify(token, key, { algorithms: ["HS256"], currentDate: now() });
      return { status: 200, body: "{}" };
    } catch (error) {
      return refused(error instanceof errors.JWTExpired ? "token expired" : "bad signature");
    }
  };
}

/** Auth's two endpoints: a token of its own, and what it thinks of one. */
export function issuer(key: Uint8Array, validationKey = key): NonNullable<Behaviour["routes"]> {
  return {
    "/token": async () => {
      const signed = new SignJWT({}).setProtectedHeader({ alg: "HS256" }).setSubject("somebody");
      const token = await signed.setIssuedAt().setExpirationTime("5m").sign(key);
      return { status: 200, body: JSON.stringify({ access_token: token }) };
    },
    "/validate": async (_request, body) => {
      const { token } = JSON.parse(body);
      const valid = await jwtVerify(token, validationKey).then(
        () => true,
        () => false,
      );
      return { status: 200, body: JSON.stringify({ valid }) };
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

function refuse(socket: Duplex, { status, body = "", headers = {} }: Reply): void {
  const lines = Object.entries({ ...headers, "content-length": String(Buffer.byteLength(body)) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.end(`HTTP/1.1 ${status} Refused\r\n${head}connection: close\r\n\r\n${body}`);
}

/** Starts a service on a free port of this machine. */
export async function serve(behaviour: Behaviour): Promise<Service> {
  const { judge, routes = {}, closeWith, tls = false } = behaviour;
  const seen: Seen[] = [];
  const note = (request: IncomingMessage) => {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    seen.push({ path, headers: request.headers });
    return path;
  };
  const listener: RequestListener = async (request, response) => {
    const route = routes[note(request)];
    const reply = route === undefined ? await judge(request) : await route(request, await bodyOf(request));
    if (reply === "hang") return;
    response.writeHead(reply.status, reply.headers).end(reply.body ?? "");
  };
  const server = tls ? createTlsServer(selfSigned(), listener) : createServer(listener);
  // The server lets go of a connection that asks for an upgrade.
  const connections = new Set<Socket>();
  server.on(tls ? "secureConnection" : "connection", (socket: Socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket));
  });
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => [...offered][0] ?? false,
  });
  server.on("upgrade", async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    note(request);
    socket.on("error", () => {});
    const reply = await judge(request);
    if (reply === "hang") return;
    const open = reply.status === 200 && reply.body === "{}";
    if (!open && closeWith === undefined) return refuse(socket, reply);
    sockets.handleUpgrade(request, socket, head, (client) => {
      if (!open) client.close(closeWith, reply.body);
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const host = `127.0.0.1:${address.port}`;
  return {
    url: `${tls ? "https" : "http"}://${host}`,
    host,
    seen,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((closed) => {
        server.close(() => closed());
        for (const connection of connections) connection.destroy();
      });
    },
  };
}
