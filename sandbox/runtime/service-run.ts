/** One service as it runs: a front, a pool per revision, and the traffic between them. */
import { type JsonObject, noteStarted, type Revision, type Service, type Store } from "../cloud/index.ts";
import { StartFailure } from "./failure.ts";
import { Front } from "./front.ts";
import { startInstance } from "./instance.ts";
import { type Lease, Pool } from "./pool.ts";
import { fileOf, programFor } from "./program.ts";
import { readTemplate } from "./template.ts";
import { type Target, targetsOf } from "./traffic.ts";
import { resolveVariables } from "./variables.ts";

/** What every service of a runtime shares. */
export interface Surroundings {
  readonly store: Store;
  /** The sandbox's cloud, whose Secret Manager instances read. */
  readonly cloud: string;
  /** A file with the address of each service by its URL, for programs that call one another. */
  readonly hosts: string;
  /** Told each line a program prints. */
  readonly log: (line: string) => void;
}

/** A service that runs. Changes are made one after the other. */
export class ServiceRun {
  /** `projects/ID/locations/REGION/services/NAME`. */
  readonly name: string;
  readonly #surroundings: Surroundings;
  readonly #front: Front;
  readonly #pools = new Map<string, Pool>();
  #targets: readonly Target[] = [];
  #turn: Promise<void> = Promise.resolve();
  #port: number | undefined;
  #closed = false;

  constructor(name: string, surroundings: Surroundings) {
    this.name = name;
    this.#surroundings = surroundings;
    this.#front = new Front(() => this.#lease());
  }

  /** `http://127.0.0.1:PORT`, once it is open. */
  get address(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Where requests go. */
  get targets(): readonly Target[] {
    return this.#targets;
  }

  /** The pools of revisions that have instances, or have traffic. */
  get pools(): readonly Pool[] {
    return [...this.#pools.values()];
  }

  /** Opens the front on a port, the one it had before when that is free. */
  async open(wanted: number | undefined): Promise<number> {
    this.#port = await this.#front.listen(wanted);
    return this.#port;
  }

  /** Makes what runs into what the store says, after what was asked for before. */
  apply(): Promise<void> {
    const turn = this.#turn.then(() => this.#apply());
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** Starts instances of the revision with the most traffic until there are `count`, or lets some go. */
  scale(count: number): Promise<void> {
    const turn = this.#turn.then(async () => {
      const [most] = this.#targets.toSorted((a, b) => b.percent - a.percent);
      const pool = most && this.#pools.get(most.revision);
      if (pool === undefined) throw new StartFailure(`${this.name} has no revision that serves.`);
      await pool.scale(count);
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** Ends everything now, and whatever is being changed. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([this.#front.close(), ...this.pools.map((pool) => pool.close()), this.#turn]);
    this.#targets = [];
    this.#pools.clear();
  }

  async #apply(): Promise<void> {
    for (const revision of this.#service()?.revisions.filter(({ starting }) => starting === true) ?? []) {
      await this.#bringUp(revision);
    }
    const service = this.#service();
    if (service === undefined) return;
    const targets = targetsOf(service);
    // One that cannot start gets its traffic all the same, as on Cloud Run: a rollback to it is dead.
    await Promise.allSettled(targets.map(({ revision }) => this.#pool(service, revision)?.serve()));
    this.#targets = targets;
    for (const pool of this.pools) if (!this.#isServing(pool)) void this.#retire(pool);
  }

  /** Starts the first instance of a new revision, and notes in the store how that went. */
  async #bringUp({ name }: Revision): Promise<void> {
    const { store, log } = this.#surroundings;
    const service = this.#service();
    const pool = service && this.#pool(service, name);
    if (this.#closed) return;
    let failure: string | undefined;
    try {
      await pool?.serve();
    } catch (error) {
      // One that was not let start says nothing of its revision.
      if (this.#closed || !(error instanceof StartFailure)) throw error;
      failure = error.message;
      log(`${name}: ${failure}`);
    }
    await store.transact((state) => noteStarted(state, this.name, name, failure));
  }

  async #retire(pool: Pool): Promise<void> {
    await pool.drain();
    // While it drained, a rollback may have come back to it.
    if (pool.unused) this.#pools.delete(pool.revision);
  }

  #isServing(pool: Pool): boolean {
    return this.#targets.some(({ revision }) => revision === pool.revision);
  }

  #service(): Service | undefined {
    return this.#surroundings.store.read().services[this.name];
  }

  #pool(service: Service, name: string): Pool | undefined {
    const known = this.#pools.get(name);
    if (known !== undefined || this.#closed) return known;
    const revision = service.revisions.find((one) => one.name === name);
    if (revision === undefined) return undefined;
    const pool = new Pool(name, () => this.#start(service, name, revision.template));
    this.#pools.set(name, pool);
    return pool;
  }

  async #start({ project, serviceId }: Service, revision: string, template: JsonObject) {
    const { cloud, hosts, log } = this.#surroundings;
    const { account, variables } = readTemplate(template);
    const program = programFor(serviceId, new Map(variables.map(({ name, value }) => [name, value])));
    const env = await resolveVariables(variables, { cloud, project, account });
    return await startInstance({
      revision,
      file: fileOf(program),
      // https://cloud.google.com/run/docs/container-contract#services-env-vars
      env: {
        ...env,
        K_SERVICE: serviceId,
        K_REVISION: revision,
        K_CONFIGURATION: serviceId,
        SANDBOX_HOSTS: hosts,
      },
      log: (line) => log(`${revision}: ${line}`),
    });
  }

  /** A place on the revision whose turn it is, by the share each has. */
  async #lease(): Promise<Lease> {
    const total = this.#targets.reduce((sum, { percent }) => sum + percent, 0);
    let rest = Math.random() * total;
    const target = this.#targets.find(({ percent }) => {
      rest -= percent;
      return rest < 0;
    });
    const pool = target && this.#pools.get(target.revision);
    if (pool === undefined) throw new StartFailure(`${this.name} has no revision that is ready.`);
    return await pool.lease();
  }
}
