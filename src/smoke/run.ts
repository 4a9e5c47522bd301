/** Puts the questions of a smoke test to the services and collects the answers. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { signToken } from "../tokens/sign.ts";
import { type Signature, signatureOf } from "../tokens/verify.ts";
import type { Answer, Unclear } from "./answer.ts";
import { tokenOf, validate } from "./auth.ts";
import { type Door, openDoor } from "./door.ts";
import { ask } from "./http.ts";
import { type Asked, type Channel, type Question, questionsOf, type TokenKind } from "./plan.ts";
import { readAnswer } from "./read-answer.ts";
import { lifetime, type Target } from "./target.ts";
import { shake } from "./websocket.ts";

/** Everything that was found out. */
export interface Findings {
  asked: Asked[];
  /** Whether auth's own token bears the signature of the version's key; undefined: there is no such token. */
  authSigns?: Signature;
}

/** What may be different a moment later: an instance that starts, a rollout that goes on. */
const passing: ReadonlySet<Unclear["trouble"]> = new Set(["server", "no-answer", "dns"]);

/** Milliseconds between two tries. */
const pause = 1000;

async function untilClear<T extends { kind: string }>(
  wait: number,
  once: () => Promise<T | Unclear>,
): Promise<T | Unclear> {
  const end = Date.now() + wait;
  for (;;) {
    const answer = await once();
    if (!("trouble" in answer) || !passing.has(answer.trouble) || Date.now() + pause > end) return answer;
    await sleep(pause);
  }
}

/** The tokens under test; each differs from the fresh one in one thing. */
async function token(kind: Exclude<TokenKind, "auth" | "missing">, target: Target): Promise<string> {
  const { subject, claims = {} } = target;
  const now = Date.now();
  const key = kind === "other-key" ? randomBytes(64) : target.key;
  const issuedAt = new Date(kind === "expired" ? now - 3_600_000 : now);
  return await signToken(key, { subject, claims, issuedAt, lifetime });
}

type Given = { kind: "token"; token: string } | Unclear;

async function authToken(target: Target, door: Door): Promise<Given | undefined> {
  const { auth, authToken: where, timeout, wait } = target;
  if (auth === undefined || where === undefined) return undefined;
  if (door.kind === "unclear") return door;
  const url = new URL(where.path, auth);
  return await untilClear(wait, () => tokenOf({ url, ...where, headers: door.headers, timeout }));
}

function bearer(text: string | undefined): Record<string, string> {
  return text === undefined ? {} : { authorization: `Bearer ${text}` };
}

async function overWebSocket(text: string | undefined, target: Target, door: Record<string, string>) {
  const url = new URL(target.websocketPath ?? "/", target.backend);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const inHeader = target.websocketToken === "header";
  const own = text === undefined || inHeader ? [] : [`jwt.${Buffer.from(text).toString("base64url")}`];
  return await shake({
    url,
    headers: { ...door, ...(inHeader ? bearer(text) : {}) },
    protocols: [...target.subprotocols, ...own],
    timeout: target.timeout,
    settle: target.settle,
  });
}

async function at(path: string, text: string | undefined, target: Target, door: Record<string, string>) {
  const url = new URL(path, target.backend);
  const headers = { ...door, ...bearer(text) };
  const given = await ask({ url, method: "GET", headers, timeout: target.timeout });
  return "kind" in given ? given : readAnswer(given, (status) => status >= 200 && status < 300);
}

async function overValidation(text: string | undefined, target: Target, door: Record<string, string>) {
  const url = new URL(target.validatePath ?? "/", target.auth);
  const body = JSON.stringify({ token: text ?? "" });
  return await validate({
    url,
    method: "POST",
    headers: { ...door, ...bearer(text) },
    body,
    timeout: target.timeout,
  });
}

type Way = (text: string | undefined, target: Target, door: Record<string, string>) => Promise<Answer>;

const ways: Readonly<Record<Channel, Way>> = {
  http: (text, target, door) => at(target.httpPath ?? "/", text, target, door),
  remote: (text, target, door) => at(target.remotePath ?? "/", text, target, door),
  websocket: overWebSocket,
  validation: overValidation,
};

/** The token that a question is about; undefined: none. */
async function subjectOf({ token: kind }: Question, target: Target, own: string | undefined) {
  if (kind === "missing") return undefined;
  return kind === "auth" ? own : await token(kind, target);
}

async function put(question: Question, target: Target, door: Door, own: Given | undefined): Promise<Answer> {
  if (door.kind === "unclear") return door;
  if (question.token === "auth" && own?.kind === "unclear") return { ...own, by: "auth" };
  const given = own?.kind === "token" ? own.token : undefined;
  return await untilClear<Answer>(target.wait, async () => {
    // Made anew for each try, so that none grows old while a service starts.
    const text = await subjectOf(question, target, given);
    return await ways[question.channel](text, target, { ...door.headers });
  });
}

/** Asks everything; the questions go out at once. */
export async function interrogate(target: Target): Promise<Findings> {
  const { backend, auth, timeout, identity, httpPath, websocketPath, remotePath, validatePath } = target;
  const open = (service: URL, path: string) => openDoor({ service, path, timeout, identity });
  const [backendDoor, authDoor] = await Promise.all([
    open(backend, httpPath ?? "/"),
    auth === undefined ? undefined : open(auth, "/"),
  ]);
  const own = authDoor === undefined ? undefined : await authToken(target, authDoor);
  const questions = questionsOf({
    channels: [
      ...(websocketPath === undefined ? [] : (["websocket"] as const)),
      ...(httpPath === undefined ? [] : (["http"] as const)),
      ...(remotePath === undefined ? [] : (["remote"] as const)),
    ],
    authToken: own !== undefined,
    validation: auth !== undefined && validatePath !== undefined,
  });
  const asked = await Promise.all(
    questions.map(async (question) => {
      const door = question.service === "auth" ? (authDoor ?? backendDoor) : backendDoor;
      return { ...question, answer: await put(question, target, door, own) };
    }),
  );
  const authSigns = own?.kind === "token" ? await signatureOf(own.token, target.key) : undefined;
  return { asked, ...(authSigns === undefined ? {} : { authSigns }) };
}
