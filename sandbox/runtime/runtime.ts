/** Keeps what runs in step with what the sandbox's cloud says: one front and its instances per service. */
import { renameSync, unwatchFile, watchFile, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ServiceRuntime, Store, serviceUrl } from "../cloud/index.ts";
import { Failure } from "../failure.ts";
import { notePort, portOf } from "./ports.ts";
import { type Program, programFor, roleOf } from "./program.ts";
import { ServiceRun } from "./service-run.ts";
import { readTemplate } from "./template.ts";
import type { Target } from "./traffic.ts";

/** An instance, for people and tests. */
export interface InstanceView {
  readonly revision: string;
  readonly pid: number;
  readonly startedAt: Date;
  /** Requests and WebSockets it has at the moment. */
  readonly inFlight: number;
  /** Gets no more requests, and ends when its last one does. */
  readonly leaving: boolean;
}

/** A service that runs, for people and tests. */
export interface ServiceView {
  /** `projects/ID/locations/REGION/services/NAME`. */
  readonly name: string;
  readonly project: string;
  readonly serviceId: string;
  /** The address Cloud Run would give it. */
  readonly url: string;
  /** `http://127.0.0.1:PORT`. */
  readonly address: string;
  /** What it does in its environment; undefined: neither. */
  readonly role: "auth" | "backend" | undefined;
  /** What runs instead of its image. */
  readonly program: Program;
  readonly targets: readonly Target[];
  readonly instances: readonly InstanceView[];
}

/** The services of one sandbox, running. */
export interface Runtime extends ServiceRuntime {
  /** Every service, in order of their names. */
  services(): readonly ServiceView[];
  /** A service by its full name, or by its short one where that is unique. */
  service(name: string): ServiceView | undefined;
  /**
   * Starts instances of the service's serving revision until there are `instances`, each with its variables resolved
   * now, or lets those above go when their last request ends. Throws a `StartFailure`, or a `Failure` when there is no
   * such service.
   */
  scale(service: string, instances: number): Promise<void>;
  /** Ends every instance and every front. */
  close(): Promise<void>;
}

export interface RuntimeOptions {
  /** Where the cloud's `cloud.json` lies; ports and addresses are kept beside it. */
  readonly directory: string;
  /** Where the cloud answers, `http://127.0.0.1:PORT`. */
  readonly cloud: string;
  /** Told each line a program prints, with its revision before it. Default: nobody is. */
  readonly log?: (line: string) => void;
  /** Told when services came, changed or went. */
  readonly onChange?: () => void;
}

/** How often the cloud's file is looked at, in milliseconds, for changes nobody told of. */
const lookEvery = 500;

/** Brings up every service of the cloud in a directory, and follows its changes. */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const store = new Store(options.directory);
  const ports = join(options.directory, "ports.json");
  const hosts = join(options.directory, "hosts.json");
  const runs = new Map<string, ServiceRun>();
  let turn: Promise<unknown> = Promise.resolve();
  let closed = false;
  const surroundings = { store, cloud: options.cloud, hosts, log: options.log ?? (() => {}) };

  /** Opens and closes fronts until they are those of the store's services; one such change at a time. */
  function follow(): Promise<void> {
    const next = turn.then(async () => {
      const { services } = store.read();
      for (const [name, run] of runs) {
        if (services[name] !== undefined) continue;
        runs.delete(name);
        await run.close();
      }
      for (const name of Object.keys(services)) {
        if (runs.has(name) || closed) continue;
        const run = new ServiceRun(name, surroundings);
        notePort(ports, name, await run.open(portOf(ports, name)));
        runs.set(name, run);
      }
      writeHosts();
    });
    turn = next.catch(() => {});
    return next;
  }

  function writeHosts(): void {
    const addresses = Object.fromEntries(views().map(({ url, address }) => [url, address]));
    writeFileSync(`${hosts}.new`, `${JSON.stringify(addresses, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(`${hosts}.new`, hosts);
  }

  async function revised(service: string): Promise<void> {
    await follow();
    await runs.get(service)?.apply();
    options.onChange?.();
  }

  function views(): ServiceView[] {
    const state = store.read();
    return [...runs.values()]
      .flatMap((run) => {
        const service = state.services[run.name];
        if (service === undefined) return [];
        const { project, serviceId } = service;
        const { variables } = readTemplate(service.revisions.at(-1)?.template ?? {});
        const instances = run.pools.flatMap((pool) =>
          [...pool.instances, ...pool.leaving].map(({ pid, startedAt, inFlight }, index) => ({
            revision: pool.revision,
            pid,
            startedAt,
            inFlight,
            leaving: index >= pool.instances.length,
          })),
        );
        const byName = new Map(variables.map(({ name, value }) => [name, value]));
        const { name, address, targets } = run;
        const url = serviceUrl(state, service);
        const [role, program] = [roleOf(serviceId, byName), programFor(serviceId, byName)];
        return [{ name, project, serviceId, role, url, address, program, targets, instances }];
      })
      .sort((a, b) => a.name.localeCompare(b.name, "en"));
  }

  /** Changes that were made without telling: by another process on the same file, or one that was cut off. */
  function look(): void {
    follow()
      .then(() => Promise.allSettled([...runs.values()].map((run) => run.apply())))
      .then(() => options.onChange?.())
      .catch((error: unknown) => surroundings.log(`sandbox: ${String(error)}`));
  }

  await follow();
  await Promise.allSettled([...runs.values()].map((run) => run.apply()));
  watchFile(store.file, { interval: lookEvery, persistent: false }, look);

  function service(name: string): ServiceView | undefined {
    const found = views().filter((view) => view.name === name || view.serviceId === name);
    return found.length === 1 ? found[0] : undefined;
  }

  return {
    revised,
    services: views,
    service,
    scale: async (name, instances) => {
      const run = runs.get(service(name)?.name ?? "");
      if (run === undefined) throw new Failure(`No service ${name} runs in the sandbox: see npm run state.`);
      await run.scale(instances);
      options.onChange?.();
    },
    close: async () => {
      closed = true;
      unwatchFile(store.file, look);
      await turn;
      await Promise.all([...runs.values()].map((run) => run.close()));
      runs.clear();
    },
  };
}
