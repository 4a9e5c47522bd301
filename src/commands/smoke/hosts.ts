/** Which addresses may be sent a token: the stack's own, and what the caller has confirmed. */
import { isLoopback } from "../../google/endpoint.ts";
import { Failure, UsageError } from "../command.ts";
import type { Located } from "../key/locate.ts";
import type { SmokeOptions } from "./options.ts";

export interface Addresses {
  backend: URL;
  auth?: URL;
}

function stackUrl(address: string | undefined, output: string): URL | undefined {
  if (address === undefined) return undefined;
  if (URL.canParse(address)) return new URL(address);
  throw new Failure(`the stack's output ${output} is no address: deploy it again (pulumi up), or give --url`);
}

function mayBeTold(url: URL, own: ReadonlySet<string>, confirmed: readonly string[], flag: string): void {
  if (url.protocol !== "https:" && !isLoopback(url.hostname))
    throw new UsageError(
      `--${flag} is ${url.href}, and a token goes over https only: write https://${url.host}`,
    );
  if (own.has(url.host) || confirmed.includes(url.host) || confirmed.includes(url.hostname)) return;
  throw new UsageError(
    `${url.host} is not one of the stack's own hosts and would get tokens that open the environment: if it is meant, ` +
      `add --confirm-host ${url.host}`,
  );
}

/** @throws UsageError, Failure */
export function addressesOf({ stack, sandbox }: Located, options: SmokeOptions): Addresses {
  const { url, "auth-url": authUrl, "confirm-host": confirmed } = options;
  const own = {
    backend: stackUrl(stack?.backendUrl, "backendUrl"),
    auth: stackUrl(stack?.authUrl, "authUrl"),
  };
  const hosts = new Set([own.backend, own.auth].flatMap((one) => (one === undefined ? [] : [one.host])));
  const backend = url ?? own.backend;
  if (backend === undefined)
    throw sandbox
      ? new Failure("backend does not run in the sandbox: start it with npm start -- --detach")
      : new UsageError("needs --url, the address of backend");
  // Another backend's own auth is not the stack's.
  const auth = authUrl ?? (url === undefined || hosts.has(url.host) ? own.auth : undefined);
  mayBeTold(backend, hosts, confirmed, "url");
  if (auth !== undefined) mayBeTold(auth, hosts, confirmed, "auth-url");
  return { backend, ...(auth === undefined ? {} : { auth }) };
}
