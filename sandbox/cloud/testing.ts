/** A cloud for tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type Cloud, type CloudOptions, startCloud } from "./start.ts";

const answerSchema = z.looseObject({ error: z.looseObject({ message: z.string().optional() }).optional() });

/** For tests: a cloud of its own, spoken to over HTTP, that leaves nothing behind. */
export class TestCloud implements AsyncDisposable {
  readonly directory: string;
  readonly cloud: Cloud;
  readonly #owned: boolean;

  private constructor(directory: string, cloud: Cloud, owned: boolean) {
    this.directory = directory;
    this.cloud = cloud;
    this.#owned = owned;
  }

  /** A cloud in a new directory, or a second one on the directory given. */
  static async start(options: Partial<CloudOptions> = {}): Promise<TestCloud> {
    const directory = options.directory ?? mkdtempSync(join(tmpdir(), "sandbox-cloud-"));
    const owned = options.directory === undefined;
    try {
      const cloud = await startCloud({ delayGrantsSeconds: 0, faults: [], ...options, directory });
      return new TestCloud(directory, cloud, owned);
    } catch (cause) {
      if (owned) rmSync(directory, { recursive: true, force: true });
      throw cause;
    }
  }

  async call(
    method: string,
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Record<string, unknown>; message: string }> {
    const response = await fetch(`${this.cloud.url}${path}`, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = answerSchema.parse(await response.json());
    return { status: response.status, body: answer, message: answer.error?.message ?? "" };
  }

  /** A secret with one version. */
  async secret(name: string, value: string): Promise<void> {
    await this.call("POST", `/v1/projects/demo-staging/secrets?secretId=${name}`, {
      replication: { automatic: {} },
    });
    await this.addVersion(name, value);
  }

  async addVersion(name: string, value: string): Promise<void> {
    const data = Buffer.from(value).toString("base64");
    await this.call("POST", `/v1/projects/demo-staging/secrets/${name}:addVersion`, { payload: { data } });
  }

  async account(accountId: string): Promise<string> {
    await this.call("POST", "/v1/projects/demo-staging/serviceAccounts", { accountId });
    return `${accountId}@demo-staging.iam.gserviceaccount.com`;
  }

  async grant(secret: string, member: string): Promise<void> {
    await this.call("POST", `/v1/projects/demo-staging/secrets/${secret}:setIamPolicy`, {
      policy: { bindings: [{ role: "roles/secretmanager.secretAccessor", members: [member] }] },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cloud.close();
    if (this.#owned) rmSync(this.directory, { recursive: true, force: true });
  }
}

/** The path of Cloud Run's services in the tests' project and region. */
export const services = "/v2/projects/demo-staging/locations/us-central1/services";

/** A service whose one container carries these variables. */
export function serviceBody(account: string, env: readonly object[]): { template: Record<string, unknown> } {
  return {
    template: {
      serviceAccount: account,
      containers: [{ image: "us-docker.pkg.dev/cloudrun/container/hello", env }],
    },
  };
}

export function reference(name: string, secret: string, version: string): object {
  return { name, valueSource: { secretKeyRef: { secret, version } } };
}
