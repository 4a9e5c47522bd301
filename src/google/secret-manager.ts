/**
 * Reads one version of a secret (Secret Manager v1, `projects.secrets.versions.access`). Called without the client
 * library: that one logs answers when GOOGLE_SDK_NODE_LOGGING asks for it, and this answer holds the key.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { crc32c } from "./crc32c.ts";
import type { Endpoint } from "./endpoint.ts";
import { GoogleError } from "./error.ts";
import type { VersionName } from "./version-name.ts";

const Answer = z.object({
  name: z.string(),
  payload: z.object({ data: z.base64(), dataCrc32c: z.string().optional() }),
});

const Refusal = z.object({
  error: z.object({ message: z.string().default(""), status: z.string().default("") }),
});

export interface AccessOptions {
  endpoint: Endpoint;
  /** The headers that say who calls. */
  headers: Readonly<Record<string, string>>;
  /** Milliseconds before each further try after a 429, a 5xx or no answer. @default two further tries */
  pauses?: readonly number[];
}

/** Milliseconds one call may take. */
const patience = 20_000;

/** The bytes of the version, as services get them. @throws GoogleError */
export async function accessVersion(version: VersionName, options: AccessOptions): Promise<Uint8Array> {
  const { endpoint, headers, pauses = [500, 1500] } = options;
  const url = `${endpoint.url}/v1/${version.full}:access`;
  for (let attempt = 0; ; attempt += 1) {
    const { status, text } = await call(url, headers);
    if (status === 200) return payloadOf(text, version);
    const pause = pauses[attempt];
    if (!(status === 0 || status === 429 || status >= 500) || pause === undefined)
      throw refusal(version, endpoint, status, text);
    await sleep(pause);
  }
}

/** Status 0: no answer, and the text is the reason. */
async function call(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: number; text: string }> {
  try {
    // A redirect would take the credentials elsewhere.
    const response = await fetch(url, {
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout(patience),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
    return { status: 0, text: code ?? (cause instanceof Error ? cause.name : "no answer") };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function payloadOf(text: string, version: VersionName): Uint8Array {
  const answer = Answer.safeParse(parsed(text));
  const again = "run this again, and ask Google if it stays so";
  if (!answer.success)
    throw new GoogleError("damaged", `the answer for ${version.full} holds no payload: ${again}`);
  const { name, payload } = answer.data;
  if (!name.endsWith(`/secrets/${version.secret}/versions/${version.version}`))
    throw new GoogleError("damaged", `the answer for ${version.full} is about ${name}: ${again}`);
  const bytes = Buffer.from(payload.data, "base64");
  // https://cloud.google.com/secret-manager/docs/data-integrity
  if (payload.dataCrc32c !== String(crc32c(bytes)))
    throw new GoogleError(
      "damaged",
      `the payload of ${version.full} does not match its checksum (CRC32C): ${again}`,
    );
  if (bytes.length === 0)
    throw new GoogleError("damaged", `${version.full} is empty: deploy a version that holds a key`);
  return bytes;
}

function refusal(version: VersionName, endpoint: Endpoint, status: number, text: string): GoogleError {
  const { full, project, secret, version: number } = version;
  const parsedText = Refusal.safeParse(parsed(text));
  const { message, status: code } = parsedText.success ? parsedText.data.error : { message: "", status: "" };
  const said = message === "" ? "" : ` (${message.replace(/\.$/u, "")})`;
  if (status === 0)
    return new GoogleError(
      "unreachable",
      `Secret Manager at ${endpoint.url} gives no answer (${text}): check the network, and whether it runs`,
    );
  if (status === 401)
    return new GoogleError(
      "credentials",
      `Google takes your credentials for nobody's${said}: log in again with gcloud auth application-default login`,
    );
  if (status === 403)
    return new GoogleError(
      "permission",
      `you may not read ${full}${said}: have your account listed in jwt-secret:accessors of the environment, or be ` +
        `granted roles/secretmanager.secretAccessor on the secret ${secret}`,
    );
  if (status === 404)
    return new GoogleError(
      "not-found",
      `${full} is not there${said}: deploy the environment (pulumi up), or check which stack is meant`,
    );
  if (status === 400 && code === "FAILED_PRECONDITION" && /destroyed/iu.test(message))
    return new GoogleError(
      "not-enabled",
      `${full} is destroyed, for good: raise jwt-secret:secret.current and deploy`,
    );
  if (status === 400 && code === "FAILED_PRECONDITION")
    return new GoogleError(
      "not-enabled",
      `${full} is not enabled${said}: deploy the version in use (pulumi up), or enable this one with gcloud secrets ` +
        `versions enable ${number} --secret ${secret} --project ${project}`,
    );
  return new GoogleError(
    "unreachable",
    `Secret Manager answers ${status} for ${full}${said}: try again later`,
  );
}
