/** Turns what came over HTTP into an answer. A 5xx proves nothing, for a bad token as for a good one. */
import { type Answer, saidIn, type Unclear } from "./answer.ts";
import { isFrontEndRefusal, isPlaceholder } from "./pages.ts";

export interface HttpAnswer {
  status: number;
  headers: Headers;
  /** The beginning of the body. */
  body: string;
  /** What was asked, for messages: `GET /`. */
  asked: string;
}

/** How much of a body is read: Google's pages say what they are at their beginning. */
export const longestBody = 16_384;

/** Where a redirect leads, without what may be secret in it. */
function target(location: string | null): string {
  if (location === null) return "nowhere";
  const url = URL.canParse(location) ? new URL(location) : undefined;
  return url === undefined ? location.replace(/[?#].*$/su, "") : `${url.origin}${url.pathname}`;
}

/** An answer to a request with or without a token. @param isAccepted Which status means that it was let in. */
export function readAnswer(answer: HttpAnswer, isAccepted: (status: number) => boolean): Answer {
  const { status, headers, body, asked } = answer;
  const unclear = (trouble: Unclear["trouble"], message: string): Unclear => ({
    kind: "unclear",
    trouble,
    status,
    message,
  });
  if (isPlaceholder(body))
    return unclear(
      "placeholder",
      "answers with Google's placeholder page: not your service yet; deploy its image first",
    );
  if (isFrontEndRefusal(status, body))
    return unclear(
      "front-end",
      `is private, and Google's front end refused (${status}) before the service saw the request: you need roles/run.invoker`,
    );
  if (isAccepted(status)) return { kind: "accepted", status };
  if (status === 401 || status === 403)
    return { kind: "refused", status, said: saidIn(`${headers.get("www-authenticate") ?? ""} ${body}`) };
  if (status >= 300 && status < 400)
    return unclear(
      "redirect",
      `answers ${asked} with a redirect (${status}) to ${target(headers.get("location"))}, which is not followed with a ` +
        "token: name the path and the address that answer themselves",
    );
  if (status === 404 || status === 405 || status === 426)
    return unclear(
      "not-there",
      `answers ${asked} with ${status}: name a path that it serves (with internal ingress it answers 404 to whoever is outside)`,
    );
  if (status >= 500)
    return unclear("server", `answers ${asked} with ${status}, which says nothing about the token`);
  return unclear("other", `answers ${asked} with ${status}, which neither accepts nor refuses a token`);
}
