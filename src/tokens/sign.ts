/** Signs access tokens as auth does: HS256 with the bytes of a secret's version. */
import { randomUUID } from "node:crypto";
import { type JWTPayload, SignJWT } from "jose";

export interface TokenContent {
  /** The `sub` claim: whom the token speaks for. */
  subject: string;
  /** When it was issued (`iat`). */
  issuedAt: Date;
  /** Seconds from then until it expires (`exp`). */
  lifetime: number;
  /** Further claims; none of those above. @default none */
  claims?: Readonly<JWTPayload>;
}

/** A compact JWS (RFC 7515); its `jti` is random, so no two are alike. */
export async function signToken(key: Uint8Array, content: TokenContent): Promise<string> {
  const issuedAt = Math.floor(content.issuedAt.getTime() / 1000);
  return await new SignJWT({ ...content.claims })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(content.subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + content.lifetime)
    .setJti(randomUUID())
    .sign(key);
}
