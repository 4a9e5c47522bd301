/**
 * Clients of an environment, all the time: each signs in at auth again and again, and shows every token to backend once,
 * at once or at any moment of its life, by HTTP or by a WebSocket handshake. Some WebSockets stay open.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type WebSocket from "ws";
import { z } from "zod";
import { type Check, type Result, Tally } from "./tally.ts";
import { connect, messageOf, said, Wire } from "./wire.ts";

export interface LoadOptions {
  /** Where auth and backend answer, `http://127.0.0.1:PORT`. */
  readonly auth: string;
  readonly backend: string;
  /** Seconds a token lives. */
  readonly lifetime: number;
  /** Tokens signed per second, at most. @default 300 */
  readonly rate?: number;
  /** Clients at a time. @default 8 */
  readonly clients?: number;
  /** WebSockets that stay open. @default 4 */
  readonly sockets?: number;
}

/** A load that goes on until it is stopped. */
export interface Load {
  /** Checks so far. */
  readonly total: Tally["total"];
  /** Names what is done now. */
  mark(label: string): void;
  /** Goes on until so many more tokens were checked. */
  more(checks: number): Promise<void>;
  /** Goes on for so many seconds. */
  during(seconds: number): Promise<void>;
  stop(): Promise<Result>;
}

interface Token {
  readonly text: string;
  /** Milliseconds. */
  readonly signedAt: number;
  readonly signedBy: string;
  /** When it expires, in milliseconds since 1970. */
  readonly endsAt: number;
}

/** A token that is kept for later. */
interface Held {
  readonly token: Token;
  /** When it shall be shown, milliseconds. */
  readonly from: number;
}

const Signed = z.object({ access_token: z.string() });
const Claims = z.looseObject({ exp: z.number() });

/** When a token expires, in milliseconds since 1970. */
function endOf(token: string): number {
  const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
  return Claims.parse(claims).exp * 1000;
}

/** A token is shown until so many seconds before its end, so that no answer arrives after it. */
const reserve = 1.5;

class Clients {
  readonly tally = new Tally();
  readonly #options: Required<LoadOptions>;
  readonly #wire = new Wire();
  readonly #open: WebSocket[] = [];
  #running = true;

  constructor(options: Required<LoadOptions>) {
    this.#options = options;
  }

  async client(index: number): Promise<void> {
    const { clients, rate } = this.#options;
    const pause = (clients / rate) * 1000;
    const held: Held[] = [];
    let due = performance.now() + (pause * index) / clients;
    for (let turn = index; this.#running; turn += 1) {
      const early = due - performance.now();
      if (early > 1) await sleep(early);
      // What was missed is not made up for: it would be a burst.
      due = Math.max(due, performance.now() - pause) + pause;
      const token = await this.#next(held, turn);
      const check = token && (await this.#show(token, turn % 4 === 0 ? "websocket" : "http"));
      if (check !== undefined) this.tally.add(check);
    }
  }

  /**
   * The next token to show: every third one as soon as it is signed, the others at some moment of their life. Each is
   * shown once.
   */
  async #next(held: Held[], turn: number): Promise<Token | undefined> {
    const fresh = await this.#sign();
    if (fresh === undefined || turn % 3 === 0) return fresh;
    const life = (this.#options.lifetime - reserve) * 1000;
    held.push({ token: fresh, from: fresh.signedAt + Math.random() * life });
    held.sort((one, other) => one.from - other.from);
    const now = performance.now();
    while (held[0] !== undefined && held[0].token.signedAt + life < now) held.shift();
    return held[0] !== undefined && held[0].from <= now ? held.shift()?.token : undefined;
  }

  async #sign(): Promise<Token | undefined> {
    const signedAt = performance.now();
    try {
      const body = JSON.stringify({ ttl: this.#options.lifetime });
      const answer = await this.#wire.ask(`${this.#options.auth}/token`, "POST", {}, body);
      const signed = Signed.safeParse(answer.body);
      if (signed.success) {
        const text = signed.data.access_token;
        return { text, signedAt, signedBy: answer.revision, endsAt: endOf(text) };
      }
      this.#failed(`auth: ${answer.status}`);
    } catch (error) {
      this.#failed(`auth: ${messageOf(error)}`);
    }
    return undefined;
  }

  /** Auth gave no token. */
  #failed(reason: string): void {
    this.tally.add({ outcome: "failed", signedBy: "", checkedBy: "", way: "http", age: 0, reason });
  }

  /** Undefined: the token expired before anybody looked at it, which says nothing. It happens on a busy machine. */
  async #show({ text, signedAt, signedBy, endsAt }: Token, way: Check["way"]): Promise<Check | undefined> {
    const known = { signedBy, way, age: (performance.now() - signedAt) / 1000 };
    try {
      const { status, revision, body } =
        way === "websocket"
          ? await this.#wire.handshake(this.#options.backend, text)
          : await this.#wire.ask(`${this.#options.backend}/me`, "GET", { authorization: `Bearer ${text}` });
      const answered = { ...known, checkedBy: revision };
      if (status === (way === "websocket" ? 101 : 200)) return { ...answered, outcome: "accepted" };
      const refused = status === 401 || status === 403;
      if (refused && said(body) === ", expired" && Date.now() >= endsAt) return undefined;
      const reason = `${way === "websocket" ? "handshake" : "request"}: ${status}${said(body)}`;
      return { ...answered, outcome: refused ? "refused" : "failed", reason };
    } catch (error) {
      return { ...known, checkedBy: "", outcome: "failed", reason: `${way}: ${messageOf(error)}` };
    }
  }

  /** Opens the WebSockets that stay open: one that ends before the load does was cut. */
  async openSockets(): Promise<void> {
    for (let count = 0; count < this.#options.sockets; count += 1) {
      const token = await this.#sign();
      if (token === undefined) throw new Error("auth signs no token");
      const socket = connect(this.#options.backend, token.text);
      await new Promise((resolve, reject) => {
        socket.on("open", resolve);
        socket.on("error", reject);
      });
      socket.on("close", () => {
        if (this.#running) this.tally.cut();
      });
      this.#open.push(socket);
    }
  }

  stop(): void {
    this.#running = false;
    for (const socket of this.#open) socket.close(1000);
  }

  end(): void {
    for (const socket of this.#open) socket.terminate();
    this.#wire.close();
  }
}

/** Starts a load; its WebSockets are open when this returns. @throws Error when auth or backend does not answer */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const all = { rate: 300, clients: 8, sockets: 4, ...options };
  const clients = new Clients(all);
  await clients.openSockets();
  const running = Array.from({ length: all.clients }, (_, index) => clients.client(index));
  const { tally } = clients;
  return {
    get total() {
      return tally.total;
    },
    mark: (label) => tally.mark(label),
    async more(checks) {
      for (const goal = tally.total.all + checks; tally.total.all < goal; ) await sleep(50);
    },
    during: (seconds) => sleep(seconds * 1000),
    async stop() {
      clients.stop();
      await Promise.all(running);
      clients.end();
      return tally.result();
    },
  };
}
