import { z } from "zod";
import { markHeader, markToHeader } from "../cloud/marks.ts";
import type { JsonObject, Mark } from "../cloud/state.ts";

/** An API refused a call, or did not answer it. The message reads as the real provider's. */
export class CallError extends Error {
  /** The HTTP status; undefined: no answer. */
  readonly status: number | undefined;
  /** Google's canonical status name. */
  readonly reason: string | undefined;

  constructor(message: string, status?: number, reason?: string) {
    super(message);
    this.name = "CallError";
    this.status = status;
    this.reason = reason;
  }
}

const answerSchema = z.record(z.string(), z.json());
const errorSchema = z.object({ error: z.object({ message: z.string(), status: z.string().optional() }) });
const marksSchema = z.object({
  marks: z.array(
    z.object({ name: z.string(), destroyed: z.boolean(), inputs: z.string(), session: z.string() }),
  ),
});

export interface CallOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Left beside what the call creates. */
  readonly mark?: Mark;
}

/** The sandbox's cloud, as a client of its APIs sees it. No call is repeated. */
export class Api {
  readonly #url: string;
  readonly #timeoutMs: number;
  readonly #queues = new Map<string, Promise<unknown>>();

  /** `timeoutMs`: how long to wait for an answer. */
  constructor(url: string, timeoutMs: number) {
    this.#url = url;
    this.#timeoutMs = timeoutMs;
  }

  /** @throws CallError when the answer is a refusal or there is none. */
  async call(method: string, path: string, options: CallOptions = {}): Promise<JsonObject> {
    const query = new URLSearchParams(options.query);
    const url = `${this.#url}${path}${query.size > 0 ? `?${query}` : ""}`;
    let status: number;
    let content: string;
    try {
      const response = await fetch(url, {
        method,
        headers: {
          "content-type": "application/json",
          ...(options.mark && { [markHeader]: markToHeader(options.mark) }),
        },
        ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      status = response.status;
      content = await response.text();
    } catch (cause) {
      const late = cause instanceof Error && cause.name === "TimeoutError";
      const why = late
        ? `no answer within ${this.#timeoutMs / 1000} s`
        : "the connection was lost before an answer came";
      throw new CallError(`${method} ${path}: ${why}`);
    }
    if (status === 200) return answerSchema.parse(JSON.parse(content));
    const error = errorSchema.safeParse(parse(content)).data?.error;
    throw new CallError(
      `googleapi: Error ${status}: ${error?.message ?? "no message"}`,
      status,
      error?.status,
    );
  }

  /** What carries a mark with this URN. */
  async marks(urn: string): Promise<z.infer<typeof marksSchema>["marks"]> {
    return marksSchema.parse(await this.call("GET", "/sandbox/marks", { query: { urn } })).marks;
  }

  /** Removes the mark of a resource that the engine's state is known to hold. */
  async settle(urn: string, name: string): Promise<void> {
    await this.call("DELETE", `/sandbox/marks/${encodeURIComponent(urn)}`, { query: { name } });
  }

  /** Runs what reads and then writes one thing (an IAM policy) after what did so before. */
  async inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(key) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#queues.set(key, turn);
    return await turn;
  }
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
