/**
 * The resources around the services, as steps of a preview: an unknown is settled only when nothing else could have
 * given it, so every resource of the program must be there.
 */
import type * as pulumi from "@pulumi/pulumi";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import { types } from "../documents/pulumi/resource.ts";
import { cloudRunTypes } from "./cloud-run.ts";
import { isOutput, plain } from "./outputs.ts";
import type { Seen, SeenResource } from "./seen.ts";

/** What a step says of a resource. One with outputs is there already. */
export interface StepState {
  readonly inputs: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly propertyDependencies?: Record<string, string[]>;
  readonly provider?: string;
}

/** A step of `pulumi preview --json`. */
export function step(urn: string, state: StepState): object {
  return { op: state.outputs === undefined ? "create" : "update", urn, newState: { custom: true, ...state } };
}

/** Describes what values come from. */
export class Surroundings {
  readonly #seen: Seen;
  readonly #steps = new Map<string, object>();
  readonly #described = new Map<string, Promise<void>>();

  constructor(seen: Seen) {
    this.#seen = seen;
    for (const one of seen.all()) {
      const urn = seen.urnOf(one);
      if (!cloudRunTypes.has(one.type)) this.#steps.set(urn, step(urn, { inputs: {} }));
    }
  }

  get steps(): readonly object[] {
    return [...this.#steps.values()];
  }

  /** The URNs of resources that a resolved value comes from; of secrets and versions among them the name is read too. */
  async urnsOf(resources: ReadonlySet<pulumi.Resource>): Promise<string[]> {
    return Promise.all([...resources].map((resource) => this.#urnOf(resource)));
  }

  /** A provider that the program made, as resources name it; it says which project a service is in. */
  async provider(resource: pulumi.Resource | undefined): Promise<string | undefined> {
    if (resource === undefined) return undefined;
    const urn = await this.#urnOf(resource);
    const project = await plain(this.#seen.get(resource)?.props.project);
    this.#steps.set(urn, step(urn, { inputs: { project } }));
    return `${urn}::provider`;
  }

  async #urnOf(resource: pulumi.Resource): Promise<string> {
    const seen = this.#seen.get(resource);
    if (seen === undefined) return String(await plain(resource.urn));
    const urn = this.#seen.urnOf(seen);
    const described = this.#described.get(urn) ?? this.#describe(urn, seen);
    this.#described.set(urn, described);
    await described;
    return urn;
  }

  /** What a resolved value comes from is registered, so nothing here is waited for in vain. */
  async #describe(urn: string, { resource, type, props }: SeenResource): Promise<void> {
    const isVersion = type === types.version;
    if (!isVersion && type !== types.secret) return;
    const from = isVersion ? props.secret : props.secretId;
    const [named, project, identity] = await Promise.all([
      plain(from),
      plain(props.project),
      plain(Reflect.get(resource, isVersion ? "version" : "name")),
    ]);
    const sources = isVersion && isOutput(from) ? await this.urnsOf(await from.allResources()) : [];
    const isThere = typeof identity === "string" && identity !== unknownValue;
    this.#steps.set(
      urn,
      step(urn, {
        inputs: isVersion ? { secret: named, project } : { secretId: named, project },
        ...(isThere && { outputs: isVersion ? { version: identity } : { name: identity } }),
        ...(isVersion && { propertyDependencies: { secret: sources } }),
      }),
    );
  }
}
