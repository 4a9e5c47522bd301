/** A stack on the real engine whose program is the test's own, with the policy pack on; no command in between. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent, PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { CommandError } from "@pulumi/pulumi/automation/index.js";
import { type Cloud, startCloud } from "../../../sandbox/cloud/index.ts";
import { findEngine } from "../../../sandbox/engine/find.ts";
import { type Home, homeIn } from "../../../sandbox/home.ts";
import { passphraseOf } from "../../../sandbox/passphrase.ts";
import { copyProject } from "../../../sandbox/project.ts";
import { type Providers, startProviders } from "../../../sandbox/providers/index.ts";
import { type OpenStack, openStack } from "../../../sandbox/workspace.ts";

/** What an operation came to, and what the pack said in it. */
export interface Said {
  done: boolean;
  /** Names of the policies that stopped it, sorted, each once. */
  mandatory: string[];
  advisory: string[];
  messages: string[];
  /** Everything the engine printed. */
  output: string;
}

type Operation = (onEvent: (event: EngineEvent) => void, flags: Flags) => Promise<unknown>;
interface Flags {
  policyPacks: string[];
  policyPackConfigs?: string[];
}

/** How an operation runs. */
export interface RunOptions {
  /** The pack's configuration, as `--policy-pack-config` takes it. Default: none. */
  config?: Readonly<Record<string, unknown>>;
  /** What `--policy-pack` is given. Default: this checkout's pack, as the sandbox's commands start it. */
  pack?: string;
  /** Environment variables of the engine. Default: none but those it always gets. */
  env?: Readonly<Record<string, string>>;
}

export class Bench {
  readonly folder: string;
  readonly home: Home;
  readonly #cloud: Cloud;
  readonly #providers: Providers;
  readonly #open: OpenStack;

  private constructor(folder: string, cloud: Cloud, providers: Providers, open: OpenStack) {
    this.folder = folder;
    this.home = homeIn(folder);
    this.#cloud = cloud;
    this.#providers = providers;
    this.#open = open;
  }

  /** Opens an empty stack `staging` in a sandbox of its own. */
  static async open(): Promise<Bench> {
    const folder = mkdtempSync(join(tmpdir(), "jwt-secret-pack-"));
    const home = homeIn(folder);
    mkdirSync(home.cloud, { recursive: true });
    copyProject(home.project, "staging");
    const cloud = await startCloud({ directory: home.cloud });
    const providers = await startProviders({ cloudUrl: cloud.url });
    const open = await openStack({
      home,
      environment: "staging",
      engine: await findEngine({ keep: home.engines }),
      passphrase: passphraseOf(home),
      source: folder,
      providers: providers.env,
      policyPack: true,
    });
    return new Bench(folder, cloud, providers, open);
  }

  preview(program: PulumiFn, options: RunOptions = {}): Promise<Said> {
    const { stack } = this.#open;
    return this.#run(program, options, (onEvent, flags) =>
      stack.preview({ ...flags, onEvent, suppressProgress: true }),
    );
  }

  /** An update without a preview before it, which is all that `--skip-preview` leaves. */
  up(program: PulumiFn, options: RunOptions = {}): Promise<Said> {
    const { stack } = this.#open;
    return this.#run(program, options, (onEvent, flags) =>
      stack.up({ ...flags, onEvent, suppressProgress: true, showSecrets: false }),
    );
  }

  destroy(): Promise<Said> {
    const { stack } = this.#open;
    return this.#run(
      async () => {},
      {},
      (onEvent) => stack.destroy({ onEvent, suppressProgress: true, showSecrets: false }),
    );
  }

  /** The secret that each variable of a deployed service reads, by service. */
  references(): Record<string, string[]> {
    return Object.fromEntries(
      this.#cloud.describe().services.map(({ name, latestReadyRevision, revisions }) => {
        const serving = revisions.find((revision) => revision.name === latestReadyRevision);
        const carried = (serving?.references ?? []).map(
          ({ variable, secret, version }) => `${variable}=${secret.split("/").at(-1)}@${version}`,
        );
        return [name.split("/").at(-1), carried.sort()];
      }),
    );
  }

  async close(): Promise<void> {
    await this.#providers.close();
    await this.#cloud.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #run(program: PulumiFn, { config, pack, env }: RunOptions, operation: Operation): Promise<Said> {
    const { stack, packs } = this.#open;
    stack.workspace.program = program;
    const events: NonNullable<EngineEvent["policyEvent"]>[] = [];
    const flags: Flags = pack === undefined ? { ...packs } : { policyPacks: [pack] };
    if (config !== undefined) {
      const file = join(this.folder, "pack-config.json");
      writeFileSync(file, JSON.stringify(config));
      flags.policyPackConfigs = [file];
    }
    const { envVars } = stack.workspace;
    stack.workspace.envVars = { ...envVars, ...env };
    let output = "";
    let done = true;
    try {
      await operation((event) => {
        if (event.policyEvent !== undefined) events.push(event.policyEvent);
      }, flags);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      done = false;
      output = error.message;
    } finally {
      stack.workspace.envVars = envVars;
    }
    const names = (mandatory: boolean) =>
      [
        ...new Set(
          events
            .filter(({ enforcementLevel }) => (enforcementLevel === "mandatory") === mandatory)
            .map(({ policyName }) => policyName),
        ),
      ].sort();
    const messages = events.map(({ message }) => message);
    return { done, mandatory: names(true), advisory: names(false), messages, output };
  }
}
