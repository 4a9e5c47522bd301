/** Tokens checked: the current key, then the previous one, and a reason for each way to be refused. */
import { errors, type JWTPayload, jwtVerify } from "jose";
import type { Keys } from "./key.ts";

/** Why a token is refused. Only "bad signature" points at the key. */
export const refusals = {
  "no token": 401,
  expired: 401,
  "not a valid token": 401,
  "bad signature": 403,
} as const;
export type Reason = keyof typeof refusals;

/** A token was refused. */
export class Refused extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reason);
    this.name = "Refused";
    this.reason = reason;
  }
}

/** The claims of a token signed with either key. Throws `Refused`. */
export async function verify(token: string | undefined, keys: Keys): Promise<JWTPayload> {
  if (!token) throw new Refused("no token");
  for (const key of [keys.current, keys.previous]) {
    if (key === undefined) continue;
    try {
      const { payload } = await jwtVerify(token, key, { algorithms: ["HS256"], requiredClaims: ["exp"] });
      return payload;
    } catch (error) {
      // Perhaps signed before the rotation.
      if (error instanceof errors.JWSSignatureVerificationFailed) continue;
      throw new Refused(error instanceof errors.JWTExpired ? "expired" : "not a valid token");
    }
  }
  throw new Refused("bad signature");
}
