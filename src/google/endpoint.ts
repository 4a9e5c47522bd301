/** Where Secret Manager is asked: Google, or a stand-in on this machine. */

/** Read in this order; the second is the one gcloud reads. */
export const endpointVariables = [
  "SECRET_MANAGER_ENDPOINT",
  "CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER",
] as const;

export interface Endpoint {
  /** Without a slash at its end. */
  url: string;
  /** A stand-in gets no Google credentials. */
  standIn: boolean;
}

/** Whether a host, as `URL.hostname` writes it, is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/u.test(hostname);
}

/** A stand-in by its address. @throws Error of one sentence for an address that is not of this machine. */
export function standIn(address: string, givenBy: string): Endpoint {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/u.test(url.protocol) || !isLoopback(url.hostname)) {
    throw new Error(
      `${givenBy} is ${JSON.stringify(address)}, and a stand-in for Secret Manager must be on this machine: ` +
        "write http://127.0.0.1:PORT, or unset it to ask Google",
    );
  }
  return { url: url.href.replace(/\/+$/u, ""), standIn: true };
}

/** @throws Error of one sentence for an address that is not of this machine. */
export function endpointFrom(env: Readonly<Record<string, string | undefined>>): Endpoint {
  for (const name of endpointVariables) {
    const address = env[name];
    if (address !== undefined && address !== "") return standIn(address, name);
  }
  return { url: "https://secretmanager.googleapis.com", standIn: false };
}
