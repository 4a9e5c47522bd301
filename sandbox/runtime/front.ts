/** A service's front: a loopback port that stays, and sends HTTP and WebSocket to the instances that serve. */
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import { messageOf } from "../failure.ts";
import type { Lease } from "./pool.ts";

/** A place for one request, on the revision whose turn it is. Throws a `StartFailure` when there is none. */
export type Route = () => Promise<Lease>;

/** Headers that concern one connection and are not passed on (RFC 9110, section 7.6.1). */
const hopByHop = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "te",
  "trailer",
  "upgrade",
];

/** The port is open from `listen` on; what it answers is `route`'s matter. */
export class Front {
  readonly #server: Server;
  readonly #route: Route;
  /** The server does not count WebSockets among its connections once they are open. */
  readonly #upgraded = new Set<Duplex>();

  constructor(route: Route) {
    this.#route = route;
    this.#server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 });
    this.#server.on("request", (incoming, outgoing) => void this.#serve(incoming, outgoing));
    this.#server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
      void this.#upgrade(incoming, socket, head);
    });
    // A client that sends rubbish gets its connection closed; the front goes on.
    this.#server.on("clientError", (_error, socket) => socket.destroy());
  }

  /** Opens the port: `wanted` when it is free, else any. Gives the one it is. */
  async listen(wanted: number | undefined): Promise<number> {
    if (wanted === undefined || !(await this.#open(wanted))) await this.#open(0);
    return addressOf(this.#server).port;
  }

  /** Closes the port and every connection. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    for (const socket of this.#upgraded) socket.destroy();
    await closed;
  }

  #open(port: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const failed = (error: NodeJS.ErrnoException) => {
        if (port !== 0) resolve(false);
        else reject(error);
      };
      this.#server.once("error", failed);
      this.#server.listen(port, "127.0.0.1", () => {
        this.#server.off("error", failed);
        resolve(true);
      });
    });
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const lease = await this.#lease(outgoing);
    if (lease === undefined) return;
    outgoing.on("close", () => lease.release());
    if (outgoing.destroyed) {
      lease.release();
      return;
    }
    const onward = request(
      {
        host: "127.0.0.1",
        port: lease.instance.port,
        agent: lease.instance.agent,
        method: incoming.method,
        path: incoming.url,
        headers: { ...passedOn(incoming), "x-forwarded-proto": "https" },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, passedOn(answer));
        answer.pipe(outgoing);
        answer.on("error", () => outgoing.destroy());
      },
    );
    onward.on("error", () => {
      if (outgoing.headersSent) outgoing.destroy();
      else unavailable(outgoing, "The request failed because the instance closed the connection.");
    });
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  }

  async #lease(outgoing: ServerResponse): Promise<Lease | undefined> {
    try {
      return await this.#route();
    } catch (error) {
      unavailable(outgoing, messageOf(error));
      return undefined;
    }
  }

  async #upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    let lease: Lease;
    this.#upgraded.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#upgraded.delete(socket));
    try {
      lease = await this.#route();
    } catch {
      socket.end("HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    // The handshake goes through as it is, and so does whatever the instance answers: a 101 or a refusal.
    const onward = connect(lease.instance.port, "127.0.0.1", () => {
      onward.write(`${headOf(incoming)}\r\n`);
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.setNoDelay(true);
    onward.on("error", () => socket.destroy());
    onward.on("close", () => {
      lease.release();
      socket.end(() => socket.destroy());
    });
    socket.on("close", () => onward.destroy());
    if (socket.destroyed) onward.destroy();
  }
}

/** Where a server that listens on a port does. */
export function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the front has no port");
  return address;
}

function headOf({ method, url, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  }
  return `${lines.join("\r\n")}\r\n`;
}

function passedOn({ headers }: IncomingMessage): NodeJS.Dict<string | string[]> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.includes(name)));
}

/** As Cloud Run answers when there is no instance: 503, which says nothing about any token. */
function unavailable(outgoing: ServerResponse, reason: string): void {
  const body = JSON.stringify({ error: "Service Unavailable", reason });
  outgoing.writeHead(503, { "content-type": "application/json" });
  outgoing.end(`${body}\n`);
}
