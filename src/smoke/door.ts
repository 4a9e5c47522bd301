/** The way into a service: a private one needs an identity token, which Google's front end takes and the service never sees. */
import type { Unclear } from "./answer.ts";
import { ask } from "./http.ts";
import { isFrontEndRefusal } from "./pages.ts";

/** Headers that get a request past Google's front end, or why nothing does. */
export type Door = { kind: "open"; headers: Readonly<Record<string, string>> } | Unclear;

export interface Visit {
  /** The service's address. */
  service: URL;
  path: string;
  timeout: number;
  identity?: ((audience: string) => Promise<string>) | undefined;
}

/** Looks whether Google's front end lets callers in, and gets an identity token where it does not. */
export async function openDoor({ service, path, timeout, identity }: Visit): Promise<Door> {
  const url = new URL(path, service);
  const first = await ask({ url, method: "GET", headers: {}, timeout });
  // What else may be wrong, every question finds out for itself.
  if ("kind" in first || !isFrontEndRefusal(first.status, first.body)) return { kind: "open", headers: {} };
  if (identity === undefined)
    return {
      kind: "unclear",
      trouble: "front-end",
      status: first.status,
      message: `is private (Google's front end answers ${first.status}), and no identity token may be sent`,
    };
  try {
    // Authorization stays free for the token under test
    // (https://cloud.google.com/run/docs/authenticating/service-to-service).
    const token = await identity(service.origin);
    return { kind: "open", headers: { "x-serverless-authorization": `Bearer ${token}` } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: "unclear", trouble: "credentials", message: `is private: ${reason}` };
  }
}
