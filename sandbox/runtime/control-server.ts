/** The supervisor's side of its controls, and whose services they are: somebody's who holds them, or nobody's. */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { z } from "zod";
import { messageOf } from "../failure.ts";
import type { ControlFile } from "./control.ts";
import type { Runtime } from "./runtime.ts";

export interface ControlOptions {
  readonly runtime: Runtime;
  /** Ends the supervisor. */
  readonly stop: () => void;
}

/** The controls, open. */
export interface ControlServer {
  readonly file: ControlFile;
  /** The process that started the supervisor is gone: without a holder nobody wants the services. */
  abandoned(): void;
  close(): void;
}

const Body = z.object({ service: z.string().default(""), instances: z.int().min(0).max(100).default(1) });

/** Opens the controls on a free port of 127.0.0.1. */
export async function openControl({ runtime, stop }: ControlOptions): Promise<ControlServer> {
  const password = randomBytes(24).toString("base64url");
  let holder: ServerResponse | undefined;
  let detached = false;

  function hold(response: ServerResponse): void {
    holder?.end("taken over\n");
    holder = response;
    detached = false;
    response.writeHead(200);
    response.flushHeaders();
    response.on("close", () => {
      if (holder !== response) return;
      holder = undefined;
      if (!detached) stop();
    });
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isRight(request.headers.authorization, password)) return end(response, 403, "wrong password");
    if (request.url === "/hold") return hold(response);
    const body = Body.safeParse(JSON.parse((await textOf(request)) || "{}"));
    if (!body.success) return end(response, 400, "instances is a number from 0 to 100");
    const { service, instances } = body.data;
    if (request.url === "/revised") await runtime.revised(service);
    else if (request.url === "/scale") await runtime.scale(service, instances);
    else if (request.url === "/detach") detached = true;
    else if (request.url === "/stop") response.on("close", stop);
    else if (request.url !== "/ping") return end(response, 404, "no such control");
    response.end("{}");
  }

  const server = createServer({ keepAliveTimeout: 1000 }, (request, response) => {
    answer(request, response).catch((error: unknown) => end(response, 409, messageOf(error)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the controls got no port");
  return {
    file: { pid: process.pid, port: address.port, password },
    abandoned: () => {
      if (holder === undefined && !detached) stop();
    },
    close: () => {
      holder?.end("stopped\n");
      holder = undefined;
      server.close();
    },
  };
}

function end(response: ServerResponse, status: number, error: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ error }));
}

function isRight(authorization: string | undefined, password: string): boolean {
  const [given, wanted] = [Buffer.from(authorization ?? ""), Buffer.from(`Bearer ${password}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return text;
}
