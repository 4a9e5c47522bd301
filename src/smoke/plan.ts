/** What is asked of an environment, and what its services ought to say. */
import type { Answer } from "./answer.ts";

export type TokenKind = "fresh" | "auth" | "other-key" | "expired" | "missing";
/** `remote`: a path of backend that asks auth about the token; `validation`: auth asked by us. */
export type Channel = "http" | "websocket" | "remote" | "validation";

/** One question. */
export interface Question {
  /** Stays for good: `fresh-websocket`. */
  id: string;
  service: "auth" | "backend";
  channel: Channel;
  token: TokenKind;
  expected: "accepted" | "refused";
}

/** A question with its answer. */
export interface Asked extends Question {
  answer: Answer;
}

const expected = (token: TokenKind) => (token === "fresh" || token === "auth" ? "accepted" : "refused");

export interface Scope {
  /** Of backend. */
  channels: readonly Exclude<Channel, "validation">[];
  /** Whether auth gives a token. */
  authToken: boolean;
  /** Whether auth says of a token whether it is valid. */
  validation: boolean;
}

/** The questions, in the order they are reported. */
export function questionsOf({ channels, authToken, validation }: Scope): Question[] {
  const tokens: TokenKind[] = [
    "fresh",
    ...(authToken ? ["auth" as const] : []),
    "other-key",
    "expired",
    "missing",
  ];
  const backend = tokens.flatMap((token) =>
    channels.map(
      (channel): Question => ({
        id: `${token}-${channel}`,
        service: "backend",
        channel,
        token,
        expected: expected(token),
      }),
    ),
  );
  const validated: TokenKind[] = validation ? tokens.filter((token) => token !== "missing") : [];
  const auth = validated.map(
    (token): Question => ({
      id: `${token}-validation`,
      service: "auth",
      channel: "validation",
      token,
      expected: expected(token),
    }),
  );
  return [...backend, ...auth];
}
