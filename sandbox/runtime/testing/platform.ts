/** A platform for tests: a cloud of its own with running services, that leaves nothing behind. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type Platform, type PlatformOptions, startPlatform } from "../platform.ts";
import type { ServiceView } from "../runtime.ts";

const project = "demo-staging";
const parent = `/v2/projects/${project}/locations/us-central1/services`;
const Answer = z.looseObject({
  error: z.looseObject({ message: z.string() }).optional(),
  latestReadyRevision: z.string().optional(),
});
const Token = z.looseObject({ access_token: z.string() });

/** Variables of a service: plain text, or `SECRET@VERSION`. */
export type Variables = Readonly<Record<string, string>>;

const references = (variables: Variables) =>
  Object.entries(variables).map(([name, value]) => {
    const [, secret, version] = /^([a-z-]+)@(\w+)$/.exec(value) ?? [];
    return secret === undefined
      ? { name, value }
      : { name, valueSource: { secretKeyRef: { secret, version } } };
  });

/** A platform in a directory that goes with it. */
export class TestPlatform implements AsyncDisposable {
  readonly directory: string;
  readonly platform: Platform;
  /** What the programs printed, line by line. */
  readonly lines: string[];

  private constructor(directory: string, platform: Platform, lines: string[]) {
    this.directory = directory;
    this.platform = platform;
    this.lines = lines;
  }

  static async start(options: Partial<PlatformOptions> = {}): Promise<TestPlatform> {
    const directory = options.directory ?? mkdtempSync(join(tmpdir(), "sandbox-runtime-"));
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    const platform = await startPlatform({ delayGrantsSeconds: 0, faults: [], log, ...options, directory });
    return new TestPlatform(directory, platform, lines);
  }

  async call(method: string, path: string, body?: object): Promise<z.infer<typeof Answer>> {
    const response = await fetch(`${this.platform.cloud.url}${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    return Answer.parse(await response.json());
  }

  /** A secret that both services' accounts may read, with a random version. */
  async secret(name: string): Promise<void> {
    const accounts = ["auth-staging", "backend-staging"];
    for (const accountId of accounts) {
      await this.call("POST", `/v1/projects/${project}/serviceAccounts`, { accountId });
    }
    const secrets = `/v1/projects/${project}/secrets`;
    await this.call("POST", `${secrets}?secretId=${name}`, { replication: { automatic: {} } });
    await this.addVersion(name);
    const members = accounts.map((id) => `serviceAccount:${id}@${project}.iam.gserviceaccount.com`);
    await this.call("POST", `${secrets}/${name}:setIamPolicy`, {
      policy: { bindings: [{ role: "roles/secretmanager.secretAccessor", members }] },
    });
  }

  /** A further version, random unless given. */
  async addVersion(name: string, value = randomBytes(48).toString("base64url")): Promise<void> {
    const data = Buffer.from(value).toString("base64");
    await this.call("POST", `/v1/projects/${project}/secrets/${name}:addVersion`, { payload: { data } });
  }

  /** Enables or disables a version. */
  async switch(name: string, version: number, to: "enable" | "disable"): Promise<void> {
    await this.call("POST", `/v1/projects/${project}/secrets/${name}/versions/${version}:${to}`, {});
  }

  /** Creates or changes a service; gives what the deployment failed with. */
  async deploy(role: "auth" | "backend", variables: Variables): Promise<string | undefined> {
    const name = `${role}-staging`;
    const body = {
      template: {
        serviceAccount: `${name}@${project}.iam.gserviceaccount.com`,
        containers: [{ image: "us-docker.pkg.dev/cloudrun/container/hello", env: references(variables) }],
      },
    };
    const exists = this.platform.runtime.service(name) !== undefined;
    const answer = exists
      ? await this.call("PATCH", `${parent}/${name}`, body)
      : await this.call("POST", `${parent}?serviceId=${name}`, body);
    return answer.error?.message;
  }

  /** Sends all traffic to a revision, or to the latest one. */
  async traffic(role: "auth" | "backend", revision?: string): Promise<void> {
    const type = `TRAFFIC_TARGET_ALLOCATION_TYPE_${revision === undefined ? "LATEST" : "REVISION"}`;
    const traffic = [{ type, percent: 100, ...(revision !== undefined && { revision }) }];
    await this.call("PATCH", `${parent}/${role}-staging?updateMask=traffic`, { traffic });
  }

  /** The service's description, as Cloud Run's API has it. */
  async described(role: "auth" | "backend"): Promise<z.infer<typeof Answer>> {
    return await this.call("GET", `${parent}/${role}-staging`);
  }

  service(role: "auth" | "backend"): ServiceView {
    const found = this.platform.runtime.service(`${role}-staging`);
    if (found === undefined) throw new Error(`${role} does not run`);
    return found;
  }

  /** A token from auth. */
  async token(ttl = 600): Promise<string> {
    const response = await fetch(`${this.service("auth").address}/token`, {
      method: "POST",
      body: JSON.stringify({ ttl }),
    });
    return Token.parse(await response.json()).access_token;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.platform.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
