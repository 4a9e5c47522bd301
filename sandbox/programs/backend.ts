/**
 * The verifier: accepts tokens that auth signed, in the Authorization header or as a subprotocol `jwt.<base64url>`.
 *
 * - `GET /me`: the token's claims
 * - `GET /remote`: what auth says of the token, asked at `AUTH_SERVICE_URL`
 * - WebSocket `/ws`: 101 with a token it accepts; says who it is to and sends back what it is sent
 * - `GET /`: what runs here
 *
 * Refused: 401 "no token", "expired" and "not a valid token", 403 "bad signature". Variables: those of `key.ts`.
 */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { WebSocketServer } from "ws";
import { answer, identity, refuse, refusedHandshake } from "./answers.ts";
import { protocolFor, tokenOf } from "./bearer.ts";
import { listen } from "./host.ts";
import { readKeys } from "./key.ts";
import { Refused, verify } from "./verify.ts";

const keys = readKeys();

async function me(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    answer(response, 200, { claims: await verify(tokenOf(request), keys) });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refuse(response, error.reason);
  }
}

async function remote(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const token = tokenOf(request);
  const url = process.env.AUTH_SERVICE_URL;
  if (token === undefined) return refuse(response, "no token");
  if (url === undefined) return answer(response, 501, { error: "AUTH_SERVICE_URL is not set" });
  try {
    const authorization = `Bearer ${token}`;
    const asked = await fetch(`${addressOf(url)}/validate`, { method: "POST", headers: { authorization } });
    response.writeHead(asked.status, { "content-type": "application/json", ...identity });
    response.end(await asked.text());
  } catch {
    answer(response, 502, { error: "auth gave no answer" });
  }
}

/** The sandbox's name service: where a service of a `run.app` address is on this machine. Asked each time. */
function addressOf(url: string): string {
  const path = process.env.SANDBOX_HOSTS;
  const hosts: unknown = path === undefined ? {} : JSON.parse(readFileSync(path, "utf8"));
  const found: unknown = typeof hosts === "object" && hosts !== null ? Reflect.get(hosts, url) : undefined;
  return typeof found === "string" ? found : url;
}

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? "/", "http://backend");
  const asked = `${request.method} ${pathname}`;
  const done =
    asked === "GET /me"
      ? me(request, response)
      : asked === "GET /remote"
        ? remote(request, response)
        : Promise.resolve(
            asked === "GET /"
              ? answer(response, 200, {
                  service: "backend",
                  verifiesWith: keys.variable,
                  fingerprint: keys.fingerprint,
                  previous: keys.previous !== undefined,
                })
              : answer(response, 404, { error: `backend has no ${asked}` }),
          );
  done.catch(() => response.destroy());
});

const sockets = new WebSocketServer({ noServer: true, handleProtocols: protocolFor });
sockets.on("headers", (headers) => {
  for (const [name, value] of Object.entries(identity)) headers.push(`${name}: ${value}`);
});

server.on("upgrade", (request, socket, head) => {
  socket.on("error", () => socket.destroy());
  if (new URL(request.url ?? "/", "http://backend").pathname !== "/ws") {
    socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    return;
  }
  verify(tokenOf(request), keys)
    .then((claims) => {
      sockets.handleUpgrade(request, socket, head, (connection) => {
        connection.send(JSON.stringify({ accepted: claims.sub }));
        connection.on("message", (data, isBinary) => connection.send(data, { binary: isBinary }));
        connection.on("error", () => connection.terminate());
      });
    })
    .catch((error: unknown) => {
      socket.end(error instanceof Refused ? refusedHandshake(error.reason) : undefined);
    });
});

listen(server, () => {
  for (const connection of sockets.clients) connection.close(1001);
});
