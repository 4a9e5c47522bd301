/**
 * Records the documents that docs/review.md and the tests of tools/ci are made of: `node tools/ci/record.ts [FOLDER]`. The
 * real engine prints them, in a scratch sandbox; what differs from run to run (times, numbers, paths) is written alike.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { previewDocument } from "../../sandbox/document.ts";
import { run } from "../../sandbox/engine/run.ts";
import { type Session, withSession } from "../../sandbox/session.ts";
import { readSettings, type Settings } from "../../sandbox/settings.ts";
import { root } from "../generated.ts";

const [, , recorded = join(import.meta.dirname, "recorded")] = process.argv;

const Config = z.looseObject({ config: z.record(z.string(), z.unknown()) });
type Change = (config: Record<string, unknown>) => void;

/** The project in a scratch folder, where a recording may change it. */
class Scratch {
  readonly folder = mkdtempSync(join(tmpdir(), "jwt-secret-record-"));
  readonly source = join(this.folder, "source");

  constructor() {
    mkdirSync(this.source);
    for (const file of ["Pulumi.yaml", "Pulumi.staging.yaml"]) {
      writeFileSync(join(this.source, file), readFileSync(join(root, file)));
    }
    this.program();
  }

  /** The project's program, with lines in front of it. */
  program(...before: string[]): void {
    const own = pathToFileURL(join(root, "index.ts")).href;
    const rest = `const own = await import(\`${own}?\${import.meta.url}\`);`;
    const outputs = "export const { authUrl, backendUrl, secret, version, source } = own;";
    writeFileSync(join(this.source, "index.ts"), [...before, rest, outputs, ""].join("\n"));
  }

  configure(change: Change): void {
    const path = join(this.source, "Pulumi.staging.yaml");
    const file = Config.parse(parse(readFileSync(join(root, "Pulumi.staging.yaml"), "utf8")));
    change(file.config);
    writeFileSync(path, stringify(file));
  }

  settings(command: string): Settings {
    const settings = readSettings([
      command,
      "staging",
      "--sandbox",
      join(this.folder, "box"),
      "--project",
      this.source,
    ]);
    if (settings === "help") throw new Error("no settings");
    return settings;
  }
}

/** What the Automation API throws for a command that failed: its output is in the error below. */
const Failed = z.object({ commandResult: z.object({ err: z.object({ stdout: z.string().min(1) }) }) });

/** The document of a preview, of one that fails too. */
async function preview({ stack }: Session): Promise<string> {
  try {
    return await previewDocument(stack);
  } catch (error) {
    return Failed.parse(error).commandResult.err.stdout;
  }
}

async function refresh({ pulumi }: Session): Promise<string> {
  const args = ["refresh", "--preview-only", "--json", "--show-sames", "--stack", "staging"];
  const ran = await run(pulumi.command, [...args, "--non-interactive"], pulumi);
  if (ran.code !== 0) throw new Error(ran.stderr);
  return ran.stdout;
}

/** Somebody points backend at another secret in the console. */
async function tamper({ cloud }: Session): Promise<void> {
  const url = `${cloud.url}/v2/projects/sandbox-staging/locations/us-central1/services/backend-staging`;
  const secrets = `${cloud.url}/v1/projects/sandbox-staging/secrets`;
  const call = async (method: string, to: string, body: unknown): Promise<void> => {
    const answer = await fetch(to, {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${to}: ${await answer.text()}`);
  };
  await call("POST", `${secrets}?secretId=jwt-secret-key-staging`, { replication: { automatic: {} } });
  await call("POST", `${secrets}/jwt-secret-key-staging:addVersion`, {
    payload: { data: Buffer.from(crypto.getRandomValues(new Uint8Array(48))).toString("base64") },
  });
  await call("POST", `${secrets}/jwt-secret-key-staging:setIamPolicy`, {
    policy: {
      bindings: [
        {
          role: "roles/secretmanager.secretAccessor",
          members: ["serviceAccount:backend-staging@sandbox-staging.iam.gserviceaccount.com"],
        },
      ],
    },
  });
  const text = await (await fetch(url)).text();
  await call("PATCH", url, JSON.parse(text.replaceAll('"jwt-secret-staging"', '"jwt-secret-key-staging"')));
}

const volatile = new Set(["stackTrace", "duration", "etag", "uid", "resourceHooks", "created", "modified"]);

/** The same text for every run on every machine. */
function settled(text: string): string {
  const plain = text
    .replaceAll(/project:\/\/\/[^"#]*?(?=(?:src|node_modules)\/[^"#]*#)/g, "project:///")
    .replaceAll(/\b\d{4}-\d\d-\d\dT[\d:.]+Z\b/g, "2026-01-01T00:00:00Z")
    .replaceAll(/sandbox-staging/g, "example-staging")
    .replaceAll(/(?<=-|\/)\d{12}(?=[./])/g, "123456789012")
    .replaceAll(/(-\d{5})-[a-z0-9]{3}\b/g, "$1-abc")
    .replaceAll(/::[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]+(?=")/g, "::00000000-0000-4000-8000-000000000000")
    .replaceAll(/"uniqueId":\s*"\d+"/g, '"uniqueId":"1"')
    .replaceAll(/"number":\s*"\d{12}"/g, '"number":"123456789012"');
  const value: unknown = JSON.parse(plain, (key, inner: unknown) => {
    if (volatile.has(key) || inner === null) return undefined;
    // The fingerprint of a random key.
    return typeof inner === "string" && /^[0-9a-f]{16}$/.test(inner) ? "0123456789abcdef" : inner;
  });
  const { steps, ...rest } = z
    .looseObject({ steps: z.array(z.object({ urn: z.string() }).loose()) })
    .parse(value);
  const sorted = steps.toSorted((a, b) => a.urn.localeCompare(b.urn, "en"));
  const lines = sorted.map((step) => `    ${JSON.stringify(step)}`).join(",\n");
  const members = Object.entries(rest).map(
    ([key, inner]) => `  ${JSON.stringify(key)}: ${JSON.stringify(inner)}`,
  );
  return `{\n${[...members, `  "steps": [\n${lines}\n  ]`].join(",\n")}\n}\n`;
}

/** A line somebody adds to the program: backend reads another secret. */
const mismatch = [
  `import { runtime } from "${pathToFileURL(join(root, "node_modules/@pulumi/pulumi/index.js")).href}";`,
  "runtime.registerResourceTransform(({ type, name, props, opts }) => {",
  '  if (type !== "gcp:cloudrunv2/service:Service" || name !== "backend") return undefined;',
  "  for (const { valueSource } of props.template.containers[0].envs) {",
  '    if (valueSource?.secretKeyRef) valueSource.secretKeyRef.secret = "jwt-secret-key-staging";',
  "  }",
  "  return { props, opts };",
  "});",
];

async function record(): Promise<void> {
  const scratch = new Scratch();
  const keep = (name: string, text: string) =>
    writeFileSync(join(recorded, `${name}.generated.json`), settled(text));
  const ask = (work: (session: Session) => Promise<string>) => withSession(scratch.settings("preview"), work);
  mkdirSync(recorded, { recursive: true });
  try {
    keep("first", await ask(preview));
    await withSession(scratch.settings("up"), async ({ stack }) => {
      await stack.up({ suppressProgress: true });
    });
    scratch.configure((config) => {
      const services = z
        .record(z.string(), z.record(z.string(), z.unknown()))
        .parse(config["jwt-secret:services"]);
      Object.assign(services.backend ?? {}, { maxInstances: 20 });
      config["jwt-secret:services"] = services;
    });
    keep("change", await ask(preview));
    scratch.configure((config) => {
      config["jwt-secret:secret"] = { source: "generated", current: 2, previous: 1 };
    });
    keep("rotation", await ask(preview));
    scratch.configure(() => {});
    scratch.program(...mismatch);
    keep("mismatch", await ask(preview));
    scratch.program();
    await ask(async (session) => {
      await tamper(session);
      keep("drift", await refresh(session));
      return "";
    });
  } finally {
    rmSync(scratch.folder, { recursive: true, force: true });
  }
}

await record();
