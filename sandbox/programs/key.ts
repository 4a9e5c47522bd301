/** The keys of a program, read as `docs/services.md` says: no default, no repair, no start without a right one. */
import { createHash, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { refuseToStart } from "./host.ts";

/** The keys of a service. */
export interface Keys {
  /** Signs, and verifies first. */
  readonly current: KeyObject;
  /** Verifies next, during a rotation. */
  readonly previous: KeyObject | undefined;
  /** The variable the current key was read from; undefined: from none. */
  readonly variable: string | undefined;
  /** Of the current key. */
  readonly fingerprint: string;
}

/** What tells keys apart without telling a key: the first 16 hex digits of the value's SHA-256. */
export function fingerprintOf(value: string): string {
  return createHash("sha256").update(value, "utf8").digest("hex").slice(0, 16);
}

/**
 * Reads the current key from the first variable that is present, in the order of `JWT_READS` (names with commas
 * between; default: `JWT_SECRET_KEY`), and the previous one from `JWT_SECRET_PREVIOUS`. Ends the program when the
 * current key is missing, unfit for HS256, or not the one `JWT_SECRET_FINGERPRINT` tells of.
 *
 * `JWT_FALLBACK=default` is how services failed in the field: without a key they work on with one of their own.
 */
export function readKeys(env: NodeJS.ProcessEnv = process.env): Keys {
  const order = (env.JWT_READS ?? "JWT_SECRET_KEY").split(",").map((name) => name.trim());
  const variable = order.find((name) => (env[name] ?? "") !== "");
  const value = variable === undefined ? fallback(env, order) : checked(variable, env[variable] ?? "");
  const fingerprint = fingerprintOf(value);
  const told = env.JWT_SECRET_FINGERPRINT;
  if (told !== undefined && told !== fingerprint) {
    refuseToStart(
      `The key in ${variable} has the fingerprint ${fingerprint}, and JWT_SECRET_FINGERPRINT says ${told}: it is not the key this was deployed with.`,
    );
  }
  const previous = env.JWT_SECRET_PREVIOUS;
  return {
    current: keyOf(value),
    previous: previous === undefined ? undefined : keyOf(checked("JWT_SECRET_PREVIOUS", previous)),
    variable,
    fingerprint,
  };
}

function fallback(env: NodeJS.ProcessEnv, order: readonly string[]): string {
  if (env.JWT_FALLBACK === "default") return randomBytes(48).toString("base64url");
  return refuseToStart(
    `${order.join(", ")}: not set. This service cannot sign or verify tokens without a key.`,
  );
}

function checked(name: string, value: string): string {
  if (value !== value.trim())
    refuseToStart(`${name} begins or ends with white space: store the key again without it.`);
  if (Buffer.byteLength(value) < 32) {
    refuseToStart(`${name} is too short: HS256 needs at least 32 bytes (RFC 7518, section 3.2).`);
  }
  return value;
}

const keyOf = (value: string): KeyObject => createSecretKey(Buffer.from(value, "utf8"));
