/** A WebSocket handshake with a service, and what it answered. */
import { WebSocket } from "ws";

/** What a service said to a handshake. */
export interface Answered {
  /** 101: accepted. 401, 403: refused. Anything else says nothing about the token. */
  readonly status: number;
  /** The answer's body where it was refused, `{"error": REASON}` from the sandbox's backend; else "". */
  readonly body: string;
}

export interface HandshakeOptions {
  /** Default: none is sent. */
  readonly token?: string;
  /** How it is sent: in the Authorization header, or as browsers can, as a subprotocol. Default: the header. */
  readonly by?: "header" | "subprotocol";
  /** Default: `/ws`. */
  readonly path?: string;
}

/** Opens a WebSocket at `http://HOST:PORT` and closes it again. Throws when nothing answers. */
export function handshake(address: string, options: HandshakeOptions = {}): Promise<Answered> {
  const { token, by = "header", path = "/ws" } = options;
  const url = `${address.replace(/^http/, "ws")}${path}`;
  const socket =
    token !== undefined && by === "subprotocol"
      ? new WebSocket(url, [`jwt.${Buffer.from(token).toString("base64url")}`])
      : new WebSocket(url, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
  return new Promise((resolve, reject) => {
    socket.on("open", () => {
      socket.close();
      resolve({ status: 101, body: "" });
    });
    socket.on("unexpected-response", (request, response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      response.on("close", () => {
        request.destroy();
        resolve({ status: response.statusCode ?? 0, body });
      });
    });
    socket.on("error", reject);
  });
}
