/** A secret "made elsewhere" has to be made by somebody: in the sandbox, by this. */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { visible } from "../src/reports/escape.ts";
import { Failure } from "./failure.ts";
import { print } from "./print.ts";
import type { Session } from "./session.ts";

const Existing = z.looseObject({
  source: z.literal("existing"),
  name: z.string(),
  current: z.int().positive(),
});

const Version = z.looseObject({ name: z.string() });

/** When the configuration names an existing secret, makes it and its versions in the sandbox's Secret Manager. */
export async function seedExistingSecret({ cloud, config }: Session): Promise<void> {
  const existing = Existing.safeParse(config["jwt-secret:secret"]);
  if (!existing.success) return;
  const { current } = existing.data;
  const [, elsewhere, name = existing.data.name] =
    /^projects\/([^/]+)\/secrets\/(.+)$/.exec(existing.data.name) ?? [];
  const project = elsewhere ?? z.string().parse(config["gcp:project"]);
  const parent = `projects/${project}`;
  const made = await call(cloud.url, `${parent}/secrets?secretId=${encodeURIComponent(name)}`, {
    replication: { automatic: {} },
  });
  if (made.status !== 200 && made.status !== 409)
    throw new Failure(`The sandbox cannot make ${name}: ${made.text}`);
  for (;;) {
    const known = cloud.describe().secrets.find((secret) => secret.name === `${parent}/secrets/${name}`);
    if ((known?.versions.length ?? 0) >= current) return;
    const added = await call(cloud.url, `${parent}/secrets/${name}:addVersion`, {
      payload: { data: Buffer.from(randomBytes(48).toString("base64url")).toString("base64") },
    });
    if (added.status !== 200) throw new Failure(`The sandbox cannot add a version to ${name}: ${added.text}`);
    print(
      `Made ${visible(Version.parse(JSON.parse(added.text)).name)}, which the configuration says exists already.`,
    );
  }
}

async function call(url: string, path: string, body: object): Promise<{ status: number; text: string }> {
  const response = await fetch(`${url}/v1/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}
