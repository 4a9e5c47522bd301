/** What auth is asked: a token of its own, and whether it takes a token for valid. */
import { z } from "zod";
import type { Answer, Unclear } from "./answer.ts";
import { ask } from "./http.ts";
import { type HttpAnswer, readAnswer } from "./read-answer.ts";

/** The names under which services give a token (RFC 6749 says `access_token`). */
const names = ["access_token", "accessToken", "token", "jwt"] as const;
const Given = z.looseObject({});
const Compact = z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/u);

/** How services say that a token is valid (RFC 7662 says `active`). */
const Valid = z.looseObject({ valid: z.boolean().optional(), active: z.boolean().optional() });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isSuccess = (status: number) => status >= 200 && status < 300;

export interface AuthRequest {
  url: URL;
  method: "GET" | "POST";
  headers: Readonly<Record<string, string>>;
  body?: string;
  timeout: number;
}

/** A token of auth's own. */
export async function tokenOf(request: AuthRequest): Promise<{ kind: "token"; token: string } | Unclear> {
  const given = await ask(request);
  if ("kind" in given) return given;
  const answer = readAnswer(given, isSuccess);
  if (answer.kind === "unclear") return answer;
  if (answer.kind === "refused")
    return {
      kind: "unclear",
      trouble: "other",
      status: answer.status,
      message: `gives no token: it answers ${given.asked} with ${answer.status}; check --auth-token-body`,
    };
  const fields = Given.safeParse(parsed(given.body));
  const found = fields.success ? names.map((name) => Compact.safeParse(fields.data[name])) : [];
  const token = found.find(({ success }) => success)?.data;
  if (token !== undefined) return { kind: "token", token };
  return {
    kind: "unclear",
    trouble: "other",
    status: given.status,
    message: `answers ${given.asked} without a token: JSON with one of ${names.join(", ")} is expected`,
  };
}

/** A 2xx may say that the token is not valid. */
function readValidity(given: HttpAnswer): Answer {
  const answer = readAnswer(given, isSuccess);
  if (answer.kind !== "accepted") return answer;
  const said = Valid.safeParse(parsed(given.body));
  const valid = said.success ? (said.data.valid ?? said.data.active) : undefined;
  if (valid === true) return answer;
  if (valid === false) return { kind: "refused", status: given.status, said: "nothing" };
  return {
    kind: "unclear",
    trouble: "other",
    status: given.status,
    message: `answers ${given.asked} without saying valid or active: true or false`,
  };
}

/** Whether auth takes a token for valid: the remote validation that a backend may rely on. */
export async function validate(request: AuthRequest): Promise<Answer> {
  const given = await ask(request);
  return "kind" in given ? given : readValidity(given);
}
