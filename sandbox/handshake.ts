/** What runs, and a handshake with it: a token of auth opens backend's WebSocket, one of another key does not. */
import { createHmac, randomBytes } from "node:crypto";
import { z } from "zod";
import { visible } from "../src/reports/escape.ts";
import { messageOf } from "./failure.ts";
import { columns, heading, print } from "./print.ts";
import { sandboxProject } from "./project.ts";
import { type Answered, handshake, type RunningFile, readRunning } from "./runtime/index.ts";
import type { Session } from "./session.ts";

const Token = z.looseObject({ access_token: z.string() });
const Refusal = z.looseObject({ error: z.string() });

/** Prints where an environment's services answer. */
export function showAddresses(folder: string, environment: string): void {
  const project = sandboxProject(environment);
  const services = (readRunning(folder)?.services ?? []).filter(({ name }) =>
    name.startsWith(`projects/${project}/`),
  );
  columns(services.map(({ name, address }) => [visible(name.split("/").at(-1) ?? name), address]));
  if (services.length === 0) print("  none: run the services with npm start");
}

/** Prints where an environment's services answer and what came of the handshake; gives whether it was as it must be. */
export async function showRunning({ home }: Session, environment: string): Promise<boolean> {
  const running = readRunning(home.folder);
  const project = sandboxProject(environment);
  heading("Running");
  showAddresses(home.folder, environment);
  print(
    "  Processes on this machine. Whatever a service's image, the sandbox's own program for its role runs.",
  );
  heading("Handshake");
  const { auth, backend } = running?.environments[project] ?? {};
  if (auth === undefined || backend === undefined) {
    print("  none: the environment has no auth and backend that run");
    return false;
  }
  return await shakeHands(auth, backend, running);
}

async function shakeHands(auth: string, backend: string, running: RunningFile | undefined): Promise<boolean> {
  const placeholder = await placeholderAmong([auth, backend], running);
  if (placeholder !== undefined) {
    print(`  none: ${visible(placeholder)} is a placeholder, not your service yet`);
    return true;
  }
  const rows: string[][] = [];
  let right = false;
  try {
    const { status, token } = await tokenFrom(auth);
    rows.push(["auth", "POST /token", String(status), token === undefined ? "no token" : "a token"]);
    if (token !== undefined) {
      const accepted = await handshake(backend, { token });
      const forged = await handshake(backend, { token: signedWithAnotherKey() });
      rows.push([
        "backend",
        "WebSocket /ws",
        String(accepted.status),
        `${wordOf(accepted)}: the token of auth`,
      ]);
      rows.push([
        "backend",
        "WebSocket /ws",
        String(forged.status),
        `${wordOf(forged)}: signed with another key`,
      ]);
      right = accepted.status === 101 && forged.status === 403;
    }
  } catch (error) {
    rows.push(["no answer", visible(messageOf(error))]);
  }
  columns(rows);
  if (!right)
    print("  This is not as it must be: see npm run check, and services.log in the sandbox's folder.");
  return right;
}

/** Google's hello container answers anything with its page. */
async function placeholderAmong(
  addresses: readonly string[],
  running: RunningFile | undefined,
): Promise<string | undefined> {
  for (const address of addresses) {
    const page = await fetch(address).then(
      (response) => response.text(),
      () => "",
    );
    if (!page.includes("<title>Congratulations | Cloud Run</title>")) continue;
    return running?.services
      .find((service) => service.address === address)
      ?.name.split("/")
      .at(-1);
  }
  return undefined;
}

async function tokenFrom(auth: string): Promise<{ status: number; token: string | undefined }> {
  const response = await fetch(`${auth}/token`, { method: "POST", body: "{}" });
  const token = Token.safeParse(await response.json()).data?.access_token;
  return { status: response.status, token };
}

/** A token as auth makes them, but for the key, which nobody else has. */
function signedWithAnotherKey(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const content = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: "mallory", iat: now, exp: now + 60 })}`;
  return `${content}.${createHmac("sha256", randomBytes(64)).update(content).digest("base64url")}`;
}

function wordOf({ status, body }: Answered): string {
  if (status === 101) return "accepted";
  try {
    return visible(Refusal.parse(JSON.parse(body)).error);
  } catch {
    return "refused";
  }
}
