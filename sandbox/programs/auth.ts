/**
 * The issuer: signs access tokens with its current key. It gives one to anybody, as nobody signs in to a sandbox.
 *
 * - `POST /token` with `{sub, ttl, claims}`, each may be left out: `{access_token, token_type, expires_in}`
 * - `POST /validate` with a token in the Authorization header: whether auth itself accepts it
 * - `GET /`: what runs here
 *
 * Variables besides those of `key.ts`: `TOKEN_TTL`, seconds a token lives by default (900).
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { SignJWT } from "jose";
import { z } from "zod";
import { answer, refuse } from "./answers.ts";
import { tokenOf } from "./bearer.ts";
import { bodyOf } from "./body.ts";
import { listen } from "./host.ts";
import { readKeys } from "./key.ts";
import { Refused, verify } from "./verify.ts";

const keys = readKeys();
const day = 86_400;
const Wanted = z.strictObject({
  sub: z.string().min(1).max(256).default("alice"),
  /** Seconds. */
  ttl: z
    .int()
    .min(1)
    .max(day)
    .default(Number(process.env.TOKEN_TTL || 900)),
  claims: z.record(z.string(), z.json()).default({}),
});

async function issue(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const wanted = Wanted.safeParse(await bodyOf(request));
  if (!wanted.success) {
    answer(response, 400, { error: "not a token request", issues: wanted.error.issues });
    return;
  }
  const { sub, ttl, claims } = wanted.data;
  const now = Math.floor(Date.now() / 1000);
  const token = await new SignJWT({ ...claims, sub, iat: now, exp: now + ttl, iss: "auth" })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .sign(keys.current);
  answer(response, 200, { access_token: token, token_type: "Bearer", expires_in: ttl });
}

async function validate(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    answer(response, 200, { valid: true, claims: await verify(tokenOf(request), keys) });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refuse(response, error.reason);
  }
}

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? "/", "http://auth");
  const asked = `${request.method} ${pathname}`;
  const done =
    asked === "POST /token"
      ? issue(request, response)
      : asked === "POST /validate"
        ? validate(request, response)
        : Promise.resolve(
            asked === "GET /"
              ? answer(response, 200, {
                  service: "auth",
                  signsWith: keys.variable,
                  fingerprint: keys.fingerprint,
                })
              : answer(response, 404, { error: `auth has no ${asked}` }),
          );
  done.catch(() => response.destroy());
});
listen(server);
