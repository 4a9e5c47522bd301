/** The caller's own Google credentials, in the order of Application Default Credentials. */
import type { Endpoint } from "./endpoint.ts";
import { GoogleError } from "./error.ts";

/** Loaded when it is needed: it is most of what these commands load. */
const library = async () => await import("google-auth-library");

const scope = "https://www.googleapis.com/auth/cloud-platform";

const logIn =
  "log in with gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS to a file of credentials";

/** The first line of what the library says. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split("\n")[0] ?? "").replace(/\.\s.*$|\.$/u, "");
}

function refused(error: unknown, what: string): GoogleError {
  const reason = reasonOf(error);
  if (/could not load the default credentials/iu.test(reason))
    return new GoogleError("credentials", `there are no Google credentials ${what}: ${logIn}`);
  return new GoogleError(
    "credentials",
    `Google gives no token ${what} (${reason}): log in again with gcloud auth application-default login, or check ` +
      "GOOGLE_APPLICATION_CREDENTIALS",
  );
}

/** Names an IAM member to call the sandbox as; without it the sandbox is called as its owner. */
export const memberVariable = "SANDBOX_MEMBER";

/** The headers that make a call the caller's. A stand-in never sees a Google credential. @throws GoogleError */
export async function callerHeaders(
  endpoint: Endpoint,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, string>> {
  if (endpoint.standIn) {
    const member = env[memberVariable];
    return member ? { authorization: `Bearer member:${member}` } : {};
  }
  try {
    const { GoogleAuth } = await library();
    const client = await new GoogleAuth({ scopes: [scope] }).getClient();
    return Object.fromEntries(await client.getRequestHeaders());
  } catch (error) {
    throw refused(error, "to read the secret with");
  }
}

/**
 * An identity token of the caller for a private Cloud Run service.
 * @param audience The service's address; Cloud Run takes no other
 *   (https://cloud.google.com/run/docs/authenticating/service-to-service).
 * @throws GoogleError
 */
export async function identityToken(audience: string): Promise<string> {
  try {
    const { GoogleAuth } = await library();
    const client = await new GoogleAuth().getIdTokenClient(audience);
    return await client.idTokenProvider.fetchIdToken(audience);
  } catch (error) {
    throw refused(error, `to call the private service ${audience} with`);
  }
}
