/** Asks a service over HTTP, with a token or without. */
import type { Unclear } from "./answer.ts";
import { type HttpAnswer, longestBody } from "./read-answer.ts";
import { troubleOf } from "./trouble.ts";

export interface HttpRequest {
  url: URL;
  method: "GET" | "POST";
  headers: Readonly<Record<string, string>>;
  /** JSON. */
  body?: string;
  /** Milliseconds for the whole answer. */
  timeout: number;
}

async function beginningOf(response: Response): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= longestBody) break;
  }
  return text.slice(0, longestBody);
}

/** What the service says, or why it says nothing. Redirects are never followed: the token would go with them. */
export async function ask(request: HttpRequest): Promise<HttpAnswer | Unclear> {
  const { url, method, headers, body, timeout } = request;
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      redirect: "manual",
      signal: AbortSignal.timeout(timeout),
      ...(body === undefined ? {} : { body }),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: await beginningOf(response),
      asked: `${method} ${url.pathname}`,
    };
  } catch (error) {
    return troubleOf(error, url);
  }
}
