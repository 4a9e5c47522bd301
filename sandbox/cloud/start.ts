import { appendFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { z } from "zod";
import type { Call } from "./context.ts";
import { type Description, describe } from "./describe.ts";
import { ApiError } from "./errors.ts";
import { type Fault, FaultPlan, planFromEnvironment } from "./faults.ts";
import { markFromHeader, markHeader } from "./marks.ts";
import { revisedService, settled } from "./readiness.ts";
import { isGoogleApi, match } from "./router.ts";
import type { JsonObject } from "./state.ts";
import { Store, StoreError } from "./store.ts";

/** One call to an API: never its body, nor any part of one. */
export interface LoggedCall {
  /** From 1, counted since the cloud was started; the sandbox's own bookkeeping is not counted. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
  /** The HTTP status answered; 0: no answer was given. */
  readonly status: number;
}

/** What runs services: it starts instances of the revisions that the store holds, and notes there which are ready. */
export interface ServiceRuntime {
  /**
   * Called after each change of a service (`projects/ID/locations/REGION/services/NAME`); resolves when its latest
   * revision is ready or is known to have failed, and its traffic goes where the service says.
   */
  revised(service: string): Promise<void>;
}

export interface CloudOptions {
  /** Where `cloud.json` lies; made when missing. */
  readonly directory: string;
  /** Seconds until a grant works. Default: SANDBOX_GRANT_DELAY_SECONDS, else 0. */
  readonly delayGrantsSeconds?: number;
  /** Failures to make. Default: the JSON in SANDBOX_FAULTS, else none. */
  readonly faults?: Fault | readonly Fault[];
  /** True: APIs answer only in projects that enabled them. Default: false. */
  readonly apisMustBeEnabled?: boolean;
  /** Told of every call once it is answered or lost. */
  readonly onCall?: (call: LoggedCall) => void;
  /** A file to which every call is appended as a line of JSON. Default: SANDBOX_CALL_LOG, else none. */
  readonly callLog?: string;
  /** What runs the services. Default: nothing does, and a revision whose secrets can be read is ready at once. */
  readonly runtime?: ServiceRuntime;
  /** What a `kill-before` or `kill-after` fault runs. */
  readonly onKill?: () => void;
  /** The clock. */
  readonly now?: () => Date;
}

export interface Cloud {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** What exists, without any payload. @throws StoreError as the store does. */
  describe(): Description;
  /** Number of API calls so far. */
  calls(): number;
  close(): Promise<void>;
}

const bodySchema = z.record(z.string(), z.json());
const largestBody = 1_000_000;

/**
 * Serves the cloud kept in a directory on a free port of 127.0.0.1.
 * @throws StoreError when its file is damaged or cannot be used; Error when the fault plan is not one.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const store = new Store(options.directory);
  store.read();
  const faults = new FaultPlan(
    options.faults ?? planFromEnvironment("SANDBOX_FAULTS", process.env.SANDBOX_FAULTS),
    options.faults === undefined ? "SANDBOX_FAULTS" : "faults",
  );
  const delayGrantsSeconds = options.delayGrantsSeconds ?? delayFromEnvironment();
  const callLog = options.callLog ?? process.env.SANDBOX_CALL_LOG;
  const now = options.now ?? (() => new Date());
  let count = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const method = request.method ?? "GET";
    const path = url.pathname;
    const counted = isGoogleApi(path);
    const number = counted ? ++count : 0;
    const fault = counted ? faults.take({ number, method, path }) : undefined;
    const done = (status: number): void => {
      if (!counted) return;
      const call: LoggedCall = { number, method, path, status };
      if (callLog) appendFileSync(callLog, `${JSON.stringify(call)}\n`, { mode: 0o600 });
      options.onCall?.(call);
    };
    const perform = async (): Promise<{ status: number; body: object }> => {
      try {
        return { status: 200, body: await handle(request, method, url) };
      } catch (cause) {
        if (cause instanceof ApiError) return { status: cause.code, body: cause.toJSON() };
        const message = cause instanceof StoreError ? cause.message : "Internal error encountered.";
        return { status: 500, body: new ApiError("INTERNAL", message).toJSON() };
      }
    };

    if (fault?.do === "kill-before" || fault?.do === "kill-after") {
      if (fault.do === "kill-after") await perform();
      done(0);
      options.onKill?.();
      return;
    }
    if (fault?.do === "timeout" || fault?.do === "drop") {
      if (fault.effect) await perform();
      done(0);
      if (fault.do === "drop") request.socket.destroy();
      return;
    }
    const refusal = fault && refusals[fault.do];
    const { status, body } = refusal ? { status: refusal.code, body: refusal.toJSON() } : await perform();
    done(status);
    response.writeHead(status, { "content-type": "application/json; charset=UTF-8" });
    response.end(`${JSON.stringify(body, undefined, 2)}\n`);
  }

  async function handle(request: IncomingMessage, method: string, url: URL): Promise<JsonObject> {
    const body = await readBody(request);
    const found = match(method, url.pathname);
    if (!found)
      throw new ApiError("NOT_FOUND", `The requested URL ${url.pathname} was not found on this server.`);
    const mark = markFromHeader(header(request, markHeader));
    const { runtime } = options;
    const answer = await store.transact((state) => {
      const call: Call = {
        startsInstances: runtime !== undefined,
        state,
        now: now(),
        delayGrantsSeconds,
        apisMustBeEnabled: options.apisMustBeEnabled ?? false,
        params: found.params,
        query: url.searchParams,
        body,
        mark,
        caller: /^Bearer member:(\S+)$/.exec(header(request, "authorization") ?? "")?.[1],
      };
      return found.handler(call);
    });
    const service = runtime && revisedService(method, answer);
    if (service === undefined) return answer;
    await runtime?.revised(service);
    return settled(store.read(), service, answer);
  }

  // An idle connection is its client's to close: closed from here, it could meet the next call on its way.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await listen(server);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the cloud got no port on 127.0.0.1");
  return {
    url: `http://127.0.0.1:${address.port}`,
    describe: () => describe(store.read()),
    calls: () => count,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const refusals: Partial<Record<Fault["do"], ApiError>> = {
  "429": new ApiError(
    "RESOURCE_EXHAUSTED",
    "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute'.",
  ),
  "500": new ApiError("INTERNAL", "Internal error encountered."),
  "503": new ApiError("UNAVAILABLE", "The service is currently unavailable."),
};

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
}

async function readBody(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > largestBody) throw new ApiError("INVALID_ARGUMENT", "Request payload size exceeds the limit.");
    chunks.push(bytes);
  }
  const source = Buffer.concat(chunks).toString("utf8");
  if (source === "") return {};
  try {
    return bodySchema.parse(JSON.parse(source));
  } catch {
    throw new ApiError("INVALID_ARGUMENT", "Invalid JSON payload received.");
  }
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function delayFromEnvironment(): number {
  const value = process.env.SANDBOX_GRANT_DELAY_SECONDS;
  if (value === undefined || value === "") return 0;
  const seconds = Number(value);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new Error("SANDBOX_GRANT_DELAY_SECONDS is not a number of seconds: write for example 20");
}
