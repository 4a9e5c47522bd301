/** Why there was no answer at all. */
import type { Unclear } from "./answer.ts";

function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string" && at.code !== "") return at.code;
    // Both addresses of a name were tried.
    if (at instanceof AggregateError && at.errors[0] instanceof Error) return codeOf(at.errors[0]);
    if (at.name === "TimeoutError" || at.name === "AbortError") return "ETIMEDOUT";
  }
  return error instanceof Error ? error.message : "no reason given";
}

/** Codes of Node's TLS (nodejs.org/api/tls.html: X509 certificate error codes) and of OpenSSL. */
const tls =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|EPROTO|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CRL_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/u;

/** An answer for a request that failed before there was one. */
export function troubleOf(error: unknown, url: URL): Unclear {
  const code = codeOf(error);
  const unclear = (trouble: Unclear["trouble"], message: string): Unclear => ({
    kind: "unclear",
    trouble,
    message,
  });
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return unclear("dns", `has an address that no name server knows (${url.hostname}, ${code}): check it`);
  if (tls.test(code))
    return unclear(
      "tls",
      `has a certificate that is not trusted here (${code}): nothing was sent; check the address, or give ` +
        "NODE_EXTRA_CA_CERTS your own authority",
    );
  if (code === "ETIMEDOUT" || code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_CONNECT_TIMEOUT")
    return unclear("no-answer", "gives no answer in time: it may be starting; raise --timeout, or --wait");
  return unclear("no-answer", `gives no answer (${code}): check that it runs and can be reached from here`);
}
