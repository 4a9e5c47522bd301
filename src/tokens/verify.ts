/** Whether somebody else's token was signed with a key. */
import { compactVerify, errors } from "jose";

/** `unreadable`: no HS256 token at all. Whether it has expired is not asked. */
export type Signature = "same-key" | "other-key" | "unreadable";

export async function signatureOf(token: string, key: Uint8Array): Promise<Signature> {
  try {
    await compactVerify(token, key, { algorithms: ["HS256"] });
    return "same-key";
  } catch (error) {
    return error instanceof errors.JWSSignatureVerificationFailed ? "other-key" : "unreadable";
  }
}
