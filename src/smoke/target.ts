/** What is smoke-tested: addresses, paths, and how a token is sent. */
import type { TokenContent } from "../tokens/sign.ts";

export interface Target {
  /** Full name of the version that `key` is. */
  version: string;
  /** The key that both services must hold. */
  key: Uint8Array;
  backend: URL;
  auth?: URL;
  /** A path of backend that needs a token; undefined: HTTP is not asked. */
  httpPath?: string;
  /** Undefined: WebSockets are not asked. */
  websocketPath?: string;
  /** A path of backend that asks auth about the token; undefined: backend never does. */
  remotePath?: string;
  /** How a WebSocket gets its token; a browser can only do the second, `jwt.` and the token in base64url. */
  websocketToken: "header" | "subprotocol";
  /** Subprotocols to offer before that one. */
  subprotocols: readonly string[];
  /** Where auth gives a token. */
  authToken?: { path: string; method: "GET" | "POST"; body?: string };
  /** Where auth says of a token whether it is valid. */
  validatePath?: string;
  subject: string;
  claims: TokenContent["claims"];
  /** Milliseconds for one answer. */
  timeout: number;
  /** Milliseconds for which an open WebSocket is watched. */
  settle: number;
  /** Milliseconds during which what could not be told is asked again. */
  wait: number;
  /** Gives an identity token for a private service; undefined: none is sent. */
  identity?: (audience: string) => Promise<string>;
}

/** Seconds a token of this test lives. */
export const lifetime = 60;
