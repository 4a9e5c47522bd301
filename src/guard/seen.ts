/** Every resource the program has constructed, with the arguments it was given: known before any is registered. */
import * as pulumi from "@pulumi/pulumi";
import { dependenciesIn } from "./outputs.ts";

/** A resource as its constructor was called. */
export interface SeenResource {
  readonly resource: pulumi.Resource;
  readonly type: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly opts: pulumi.ResourceOptions;
}

/** What the program has constructed so far. */
export class Seen {
  readonly #all = new Map<pulumi.Resource, SeenResource>();
  readonly #prefix: string;

  constructor({ stack, project }: { stack: string; project: string }) {
    this.#prefix = `urn:pulumi:${stack}::${project}`;
  }

  add(seen: SeenResource): void {
    this.#all.set(seen.resource, seen);
  }

  get(resource: pulumi.Resource): SeenResource | undefined {
    return this.#all.get(resource);
  }

  all(): readonly SeenResource[] {
    return [...this.#all.values()];
  }

  /** The URN the engine will give a resource: the types of all parents but the stack, then its own. */
  urnOf({ type, name, opts }: Pick<SeenResource, "type" | "name" | "opts">): string {
    return `${this.#prefix}::${this.#chain(type, opts)}::${name}`;
  }

  /** The same for a child of which the engine tells: its parent by its URN, or "". */
  urnUnder(parent: string, type: string, name: string): string {
    const chain = parent.split("::")[2] ?? "";
    const nested =
      chain === "" || chain === pulumi.runtime.rootPulumiStackTypeName ? type : `${chain}$${type}`;
    return `${this.#prefix}::${nested}::${name}`;
  }

  #chain(type: string, { parent }: pulumi.ResourceOptions): string {
    const above = parent === undefined ? undefined : this.get(parent);
    return above === undefined ? type : `${this.#chain(above.type, above.opts)}$${type}`;
  }

  /**
   * Whether resources wait for one that `holds`, as far as the program's constructors tell: through arguments,
   * `dependsOn`, parents and the children of components.
   */
  reaches(from: Iterable<pulumi.Resource>, holds: (resource: pulumi.Resource) => boolean): boolean {
    const visited = new Set<pulumi.Resource>();
    const queue = [...from];
    for (let resource = queue.pop(); resource !== undefined; resource = queue.pop()) {
      if (visited.has(resource)) continue;
      visited.add(resource);
      if (holds(resource)) return true;
      queue.push(...this.#direct(resource));
    }
    return false;
  }

  #direct(resource: pulumi.Resource): pulumi.Resource[] {
    const seen = this.get(resource);
    if (seen === undefined) return [];
    const { parent, dependsOn } = seen.opts;
    const named = [...dependenciesIn(seen.props), ...dependenciesIn(dependsOn)];
    // Whoever depends on a component waits for its children.
    const children = named.flatMap((one) =>
      pulumi.ComponentResource.isInstance(one) ? this.#childrenOf(one) : [],
    );
    return [...named, ...children, ...(parent === undefined ? [] : [parent])];
  }

  #childrenOf(component: pulumi.Resource): pulumi.Resource[] {
    return this.all().flatMap(({ resource, opts }) =>
      opts.parent === component ? [resource, ...this.#childrenOf(resource)] : [],
    );
  }
}
