import { randomBytes } from "node:crypto";
import type { Api } from "./api.ts";
import { autoname, filledIn } from "./autoname.ts";
import { type ChangeKind, changes, topLevel } from "./diff.ts";
import { checkInputs, inputsOf } from "./inputs.ts";
import { isChosenByPlatform, refreshedInputs } from "./refresh.ts";
import { type Context, CreatedButFailed, type ResourceType } from "./resource.ts";
import {
  allWithoutDefaults,
  defaultsKey,
  type Properties,
  secret,
  UNKNOWN,
  unwrapAll,
  type Value,
  wrapAllLike,
} from "./values.ts";

/** A provider's answers, free of gRPC: properties come and go as the engine sends them, secrets wrapped. */

export interface Difference {
  readonly paths: ReadonlyMap<string, ChangeKind>;
  /** Top-level inputs whose change replaces the resource. */
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** A function of the provider, such as `gcp:organizations/getProject:getProject`. */
export type Invoke = (
  args: Properties,
  context: Pick<Context, "api" | "project" | "region">,
) => Promise<Properties>;

export class Provider {
  /** `gcp`. */
  readonly name: string;
  readonly version: string;
  readonly #types: ReadonlyMap<string, ResourceType>;
  readonly #invokes: Readonly<Record<string, Invoke>>;
  readonly #api: Api;
  #config: Properties = {};
  #session = "";

  constructor(options: {
    name: string;
    version: string;
    types: readonly ResourceType[];
    invokes?: Readonly<Record<string, Invoke>>;
    api: Api;
  }) {
    this.name = options.name;
    this.version = options.version;
    this.#types = new Map(options.types.map((type) => [type.token, type]));
    this.#invokes = options.invokes ?? {};
    this.#api = options.api;
    this.startSession();
  }

  /** An engine attaches: from here on it is another run (see `madeEarlier`). */
  startSession(): void {
    this.#session = randomBytes(8).toString("hex");
  }

  configure(config: Properties): void {
    this.#config = unwrapAll(config);
  }

  /** The schema `pulumi import` and code generators ask for, as far as it goes: names, not types. */
  schema(): string {
    const resources = [...this.#types.keys()].map((token) => {
      const { object, required } = inputsOf(token);
      const inputProperties = Object.fromEntries(
        Object.keys(object).map((key) => [key, { $ref: "pulumi.json#/Any" }]),
      );
      return [token, { inputProperties, properties: inputProperties, requiredInputs: required ?? [] }];
    });
    return JSON.stringify({
      name: this.name,
      version: this.version,
      resources: Object.fromEntries(resources),
    });
  }

  check(
    urn: string,
    news: Properties,
    olds: Properties,
    seed: Uint8Array,
  ): { inputs: Properties; problems: string[] } {
    const type = this.#type(urn);
    const plain = unwrapAll(news);
    const filled: string[] = [];
    const fill = (name: string, value: Value): void => {
      if (plain[name] !== undefined && plain[name] !== null) return;
      plain[name] = value;
      filled.push(name);
    };
    for (const [name, value] of Object.entries(type.defaults ?? {})) fill(name, value);
    if (type.autonamed)
      fill(type.autonamed, autoname(type.autonamed, logicalName(urn), unwrapAll(olds), seed));
    const { inputs, problems } = checkInputs(inputsOf(type.token), plain, logicalName(urn));
    const more = problems.length === 0 ? (type.problems?.(inputs) ?? []) : [];
    return {
      inputs: { ...wrapAllLike(inputs, news), [defaultsKey]: filled },
      problems: [...problems, ...more],
    };
  }

  async diff(
    urn: string,
    id: string,
    olds: Properties,
    oldInputs: Properties,
    news: Properties,
  ): Promise<Difference> {
    const type = this.#type(urn);
    await this.#settle(urn, id, type);
    const [before, after] = [allWithoutDefaults(unwrapAll(oldInputs)), allWithoutDefaults(unwrapAll(news))];
    const paths = changes(before, after, (path, old, next) => {
      if (next === undefined && isChosenByPlatform(type, path)) return true;
      // The provider's own project need not be said; an import says it.
      if (next === undefined && path === "project" && old === this.#config.project) return true;
      return type.same?.(path, old, next) ?? false;
    });
    if (this.#movesProject(type, unwrapAll(olds), after)) paths.set("project", "update");
    const changed = [...new Set([...paths.keys()].map(topLevel))];
    const replaces = changed.filter((name) => type.replaceOn === "all" || type.replaceOn.includes(name));
    const named = type.autonamed;
    // Two of one name cannot be there at once, unless the provider made the name up.
    const nameStays =
      named !== undefined && before[named] === after[named] && !filledIn(news).includes(named);
    return { paths, replaces, deleteBeforeReplace: replaces.length > 0 && nameStays };
  }

  async create(
    urn: string,
    inputs: Properties,
    preview: boolean,
  ): Promise<{ id: string; outputs: Properties }> {
    const type = this.#type(urn);
    const plain = allWithoutDefaults(unwrapAll(inputs));
    const context = this.#context(urn);
    if (preview) return { id: "", outputs: this.#shown(type, type.preview(plain, context), inputs) };
    const { id, outputs } = await this.#keepingSecrets(type, inputs, () => type.create(plain, context));
    return { id, outputs: this.#shown(type, { ...outputs, id }, inputs) };
  }

  async read(
    urn: string,
    id: string,
    inputs: Properties,
    outputs: Properties,
  ): Promise<{ id: string; inputs: Properties; outputs: Properties } | undefined> {
    const type = this.#type(urn);
    await this.#settle(urn, id, type);
    const before = { inputs: unwrapAll(inputs), outputs: unwrapAll(outputs) };
    const plain = { inputs: allWithoutDefaults(before.inputs), outputs: before.outputs };
    const found = await type.read(id, plain, this.#context(urn));
    if (!found) return undefined;
    const refreshed = refreshedInputs(type, before.inputs, found.inputs);
    return {
      id: found.id,
      inputs: this.#shown(type, refreshed, inputs),
      // In an import there is no state yet to tell what is secret.
      outputs: this.#shown(
        type,
        { ...found.outputs, id: found.id },
        Object.keys(outputs).length > 0 ? outputs : inputs,
      ),
    };
  }

  async update(
    urn: string,
    id: string,
    olds: Properties,
    oldInputs: Properties,
    news: Properties,
    preview: boolean,
  ): Promise<Properties> {
    const type = this.#type(urn);
    const plain = allWithoutDefaults(unwrapAll(news));
    const before = { inputs: allWithoutDefaults(unwrapAll(oldInputs)), outputs: unwrapAll(olds) };
    const context = this.#context(urn);
    if (preview) {
      const planned = Object.entries(type.preview(plain, context)).map(([name, value]): [string, Value] => {
        const computed = value === UNKNOWN && plain[name] !== UNKNOWN;
        return [name, computed ? (before.outputs[name] ?? value) : value];
      });
      return this.#shown(type, { ...Object.fromEntries(planned), id }, news);
    }
    await this.#settle(urn, id, type);
    const outputs = await this.#keepingSecrets(type, news, () => type.update(id, plain, before, context));
    return this.#shown(type, { ...outputs, id }, news);
  }

  async delete(urn: string, id: string, outputs: Properties): Promise<void> {
    const type = this.#type(urn);
    await this.#settle(urn, id, type);
    await type.delete(id, unwrapAll(outputs), this.#context(urn));
  }

  async invoke(token: string, args: Properties): Promise<Properties> {
    const invoke = this.#invokes[token];
    if (!invoke) throw new Error(`the sandbox's provider ${this.name} has no function ${token}`);
    return await invoke(unwrapAll(args), this.#context(""));
  }

  #type(urn: string): ResourceType {
    const token = (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";
    const type = this.#types.get(token);
    if (type) return type;
    throw new Error(
      `the sandbox's provider ${this.name} has no resource type ${token}; it has ${[...this.#types.keys()].join(", ")}`,
    );
  }

  #context(urn: string): Context {
    const { project, region } = this.#config;
    return {
      urn,
      project: typeof project === "string" && project !== "" ? project : undefined,
      region: typeof region === "string" && region !== "" ? region : undefined,
      api: this.#api,
      session: this.#session,
    };
  }

  /** The engine's state holds this resource, so its mark has done its duty. */
  async #settle(urn: string, id: string, type: ResourceType): Promise<void> {
    if (type.marked) await this.#api.settle(urn, id);
  }

  #movesProject(type: ResourceType, olds: Properties, after: Properties): boolean {
    const replaced = type.replaceOn === "all" || type.replaceOn.includes("project");
    const { project } = this.#config;
    const known = typeof olds.project === "string" && typeof project === "string";
    return replaced && known && after.project === undefined && olds.project !== project;
  }

  /** Outputs are secret where the inputs were, and where the type says so. */
  #shown(type: ResourceType, outputs: Properties, inputs: Properties): Properties {
    const wrapped = wrapAllLike(outputs, inputs);
    for (const name of type.secretOutputs ?? []) {
      if (outputs[name] !== undefined && outputs[name] !== null) wrapped[name] = secret(outputs[name]);
    }
    return wrapped;
  }

  async #keepingSecrets<T>(type: ResourceType, inputs: Properties, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (!(cause instanceof CreatedButFailed)) throw cause;
      throw new CreatedButFailed(
        cause.message,
        cause.id,
        this.#shown(type, { ...cause.outputs, id: cause.id }, inputs),
      );
    }
  }
}

/** `urn:pulumi:stack::project::type::NAME`. */
function logicalName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
