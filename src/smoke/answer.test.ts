import { describe, expect, test } from "vitest";
import { saidIn } from "./answer.ts";
import { readAnswer } from "./read-answer.ts";
import { troubleOf } from "./trouble.ts";

const frontEnd = (what: string) =>
  `<html><title>x</title><h1>Error: ${what}</h1><h2>Your client does not have permission to get URL <code>/</code></h2>`;

/** What an answer to a GET is read as. */
function read(status: number, body = "", headers: Record<string, string> = {}) {
  const isAccepted = (code: number) => code >= 200 && code < 300;
  const answer = readAnswer({ status, body, headers: new Headers(headers), asked: "GET /me" }, isAccepted);
  return answer.kind === "unclear" ? answer.trouble : answer.kind;
}

describe("an answer", () => {
  const cases: [number, string, string][] = [
    [200, "", "accepted"],
    [204, "", "accepted"],
    [401, "", "refused"],
    [403, '{"error":"bad signature"}', "refused"],
    [403, "<h1>Error: Forbidden</h1> by us", "refused"],
    [403, frontEnd("Forbidden"), "front-end"],
    [401, frontEnd("Unauthorized"), "front-end"],
    [200, "<title>Congratulations | Cloud Run</title>", "placeholder"],
    [200, "<title>Placeholder | Cloud Run</title>", "placeholder"],
    [200, "<title>Congratulations</title>", "accepted"],
    [301, "", "redirect"],
    [400, "", "other"],
    [404, "", "not-there"],
    [429, "", "other"],
    [500, "", "server"],
    [503, "bad signature", "server"],
  ];
  test.each(cases)("%i %s is read as %s", (status, body, as) => {
    expect(read(status, body)).toBe(as);
  });
});

test("the reason is found in a service's own words", () => {
  const words = {
    "token expired": "expired",
    '{"detail":"Signature has expired"}': "expired",
    "bad signature": "signature",
    "Signature verification failed": "signature",
    "no token": "no-token",
    "Missing Authorization header": "no-token",
    "Not authenticated": "no-token",
    forbidden: "nothing",
    "not an example": "nothing",
  };
  for (const [text, said] of Object.entries(words)) expect(saidIn(text), text).toBe(said);
  expect(read(403, "", { "www-authenticate": 'Bearer error_description="expired"' })).toBe("refused");
});

test("why there was no answer is told apart", () => {
  const url = new URL("https://backend.example.com");
  const failed = (code: string) =>
    troubleOf(new Error("fetch failed", { cause: Object.assign(new Error(), { code }) }), url);
  const codes = {
    ENOTFOUND: "dns",
    EAI_AGAIN: "dns",
    CERT_HAS_EXPIRED: "tls",
    DEPTH_ZERO_SELF_SIGNED_CERT: "tls",
    ERR_TLS_CERT_ALTNAME_INVALID: "tls",
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: "tls",
    EPROTO: "tls",
    ECONNREFUSED: "no-answer",
    ECONNRESET: "no-answer",
    UND_ERR_CONNECT_TIMEOUT: "no-answer",
  };
  for (const [code, trouble] of Object.entries(codes)) expect(failed(code), code).toMatchObject({ trouble });
});
