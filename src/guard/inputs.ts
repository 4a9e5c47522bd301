/**
 * The part of a Cloud Run resource's inputs that the policy speaks of: its name, its place, and of each container the
 * JWT variables, ENVIRONMENT and mounted secrets. Nothing else is waited for, so that a service never waits for
 * itself: backend's other variables may well come from auth.
 */
import type * as pulumi from "@pulumi/pulumi";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import { type MayWait, opened, type Watching } from "./outputs.ts";

/** Plain values as a preview prints them: unknowns are Pulumi's sentinel text. */
export interface ReadInputs {
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What the template's values come from. */
  readonly dependencies: ReadonlySet<pulumi.Resource>;
}

/** Whether the policy speaks of a variable of this name. */
export type Counts = (variable: string) => boolean;

/** Reads one place of the inputs; gives what a document would hold there. */
type Read = (value: unknown) => Promise<unknown>;

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

class Reader {
  readonly #watching: Watching;

  constructor(watching: Watching) {
    this.#watching = watching;
  }

  open(value: unknown): Promise<unknown> {
    return opened(value, this.#watching);
  }

  readonly everything: Read = async (raw) => {
    const value = await this.open(raw);
    if (Array.isArray(value)) return Promise.all(value.map(this.everything));
    if (!isFields(value)) return value;
    const entries = Object.entries(value).map(async ([key, inner]) => [key, await this.everything(inner)]);
    return Object.fromEntries(await Promise.all(entries));
  };

  list(read: Read): Read {
    return async (raw) => {
      const value = await this.open(raw);
      return Array.isArray(value) ? Promise.all(value.map(read)) : value;
    };
  }

  /** The named fields of an object, and the others where `rest` reads them; of anything else, such as an unknown, what it is. */
  fields(reads: Readonly<Record<string, Read>>, rest?: Read): Read {
    return async (raw) => {
      const value = await this.open(raw);
      if (!isFields(value)) return value;
      const entries = Object.entries(value)
        .filter(([, inner]) => inner !== undefined && inner !== null)
        .flatMap(([key, inner]) => {
          const read = Object.hasOwn(reads, key) ? reads[key] : rest;
          return read === undefined ? [] : [read(inner).then((shown) => [key, shown])];
        });
      return Object.fromEntries(await Promise.all(entries));
    };
  }

  /** Variables that do not count are left out; those whose names are not known stay. */
  variables(counts: Counts): Read {
    const named = this.fields({ name: this.everything });
    return async (raw) => {
      const list = await this.open(raw);
      if (!Array.isArray(list)) return list;
      const read = list.map(async (entry: unknown) => {
        const variable = await this.open(entry);
        const head = await named(variable);
        const name = isFields(head) ? head.name : undefined;
        if (typeof name === "string" && name !== unknownValue && !counts(name)) return [];
        return [await this.everything(variable)];
      });
      return (await Promise.all(read)).flat();
    };
  }
}

/**
 * Reads the inputs of a service (v1 or v2), a job or a worker pool.
 *
 * @throws what `mayWait` throws, and what an Output is rejected with
 */
export async function readInputs(props: unknown, counts: Counts, mayWait?: MayWait): Promise<ReadInputs> {
  const dependencies = new Set<pulumi.Resource>();
  const reader = new Reader({ ...(mayWait && { mayWait }) });
  const { everything } = reader;
  const template = new Reader({ ...(mayWait && { mayWait }), from: dependencies });
  const [place, containers] = await Promise.all([
    reader.fields({
      name: everything,
      project: everything,
      location: everything,
      metadata: reader.fields({ namespace: everything }),
    })(props),
    template.fields({ template: templateOf(template, counts) })(props),
  ]);
  return { inputs: { ...(isFields(place) && place), ...(isFields(containers) && containers) }, dependencies };
}

/** v2 has its containers in the template, a job in the template's template, v1 in the template's spec. */
function templateOf(reader: Reader, counts: Counts): Read {
  const pod = podOf(reader, counts);
  return reader.fields({
    ...pod,
    template: reader.fields(pod),
    spec: reader.fields(pod),
    metadata: reader.fields({ annotations: reader.everything }),
  });
}

function podOf(reader: Reader, counts: Counts): Readonly<Record<string, Read>> {
  const { everything } = reader;
  const container = reader.fields({
    name: everything,
    envs: reader.variables(counts),
    env: reader.variables(counts),
    envFrom: everything,
    envFroms: everything,
    volumeMounts: everything,
  });
  // Of a source that holds no secret it is enough that it is there.
  const volume = reader.fields(
    { name: everything, secret: everything, csi: reader.fields({ driver: everything }) },
    async () => ({}),
  );
  return { containers: reader.list(container), volumes: reader.list(volume) };
}
