/**
 * The guard: whatever code puts a Cloud Run service into the stack, the service is held to the environment's one
 * declared reference and to the policy before the engine acts on it. docs/guard.md says what it promises.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment/environment.ts";
import { textOf, wrap } from "./client.ts";
import { cloudRunTypes } from "./cloud-run.ts";
import type { ReadService } from "./facts.ts";
import type { Counts } from "./inputs.ts";
import { lastTransform, lastTransformation } from "./last.ts";
import { plain } from "./outputs.ts";
import { Refusal } from "./refusal.ts";
import { Seen } from "./seen.ts";
import { type Watched, WatchedServices } from "./watched.ts";

const hookName = "jwt-secret-guard";

/** The variables that the policy speaks of in this environment. */
export function countsIn({ services }: Environment): Counts {
  const further = new Set([...(services.auth.jwtVariables ?? []), ...(services.backend.jwtVariables ?? [])]);
  return (name) => name === "ENVIRONMENT" || name.startsWith("JWT_SECRET") || further.has(name);
}

/**
 * Guards the running program; call it before anything else is constructed.
 *
 * Where nothing can be deployed (mocks instead of an engine: the evaluation by `npm run check`, unit tests) it does
 * nothing, and the check reports what the guard would refuse.
 *
 * @throws RunError when the engine is too old to be guarded
 */
export function guard(environment: Environment): void {
  const monitor = pulumi.runtime.getMonitor();
  const stack = pulumi.runtime.getStackResource();
  if (monitor === undefined || "mocks" in monitor) return;
  if (stack === undefined) throw new pulumi.RunError("The guard runs inside a Pulumi program.");
  new Guard(environment, monitor, stack);
}

class Guard {
  readonly #environment: Environment;
  readonly #seen = new Seen({ stack: pulumi.getStack(), project: pulumi.getProject() });
  readonly #services: WatchedServices;
  readonly #refusal: Refusal;
  readonly #hook: pulumi.ResourceHook;
  readonly #installed: Promise<void>;
  /** Loaded while the engine works on what the services need. */
  readonly #policy = import("./verdict.ts");
  #judged: { known: readonly unknown[]; said: Promise<string | undefined> } = {
    known: [],
    said: Promise.resolve(undefined),
  };

  constructor(environment: Environment, monitor: object, stack: pulumi.Resource) {
    this.#environment = environment;
    this.#services = new WatchedServices(this.#seen, countsIn(environment));
    this.#refusal = new Refusal(monitor, pulumi.runtime.getEngine(), () => !this.#services.waiting);
    wrap(monitor, "registerResource", (call) => (request, answer) => {
      const watched =
        cloudRunTypes.has(textOf(request, "getType")) && this.#services.get(this.#urnOf(request));
      if (watched) watched.registered = true;
      return call(request, answer);
    });
    lastTransformation(stack, (args) => this.#construct(args));
    this.#installed = lastTransform(monitor, (args) => this.#transform(args));
    this.#installed.catch(() => {});
    const run = AsyncLocalStorage.snapshot();
    this.#hook = new pulumi.ResourceHook(hookName, (args) => run(() => this.#final(args)), {
      onDryRun: true,
    });
  }

  /** The first layer: every Cloud Run resource waits until all that the program has constructed are judged. */
  #construct({ resource, type, name, props, opts }: pulumi.ResourceTransformationArgs) {
    const seen = { resource, type, name, props, opts };
    this.#seen.add(seen);
    // What is only read exists already and stays as it is.
    const only = Reflect.get(opts, "id") !== undefined || opts.urn !== undefined;
    if (!cloudRunTypes.has(type) || only) return undefined;
    const gate = this.#gate(this.#services.meet(this.#seen.urnOf(seen), seen));
    const dependsOn = gate.then(() => opts.dependsOn ?? []);
    // dependsOn may be one, a list, or a promise of either; the SDK takes all of them apart.
    return { props, opts: Object.assign({}, opts, { dependsOn, hooks: this.#hooked(opts.hooks) }) };
  }

  async #gate(own: Watched): Promise<void> {
    await this.#installed;
    // Others may be constructed while these are read and judged.
    for (let size = -1; size !== this.#services.size; ) {
      size = this.#services.size;
      await this.#services.readBefore(own);
      await this.#judge();
    }
    own.open = true;
  }

  /** The second layer: what is left of the inputs after every transform, before the engine compares them with anything. */
  async #transform({ type, name, props, opts }: pulumi.ResourceTransformArgs) {
    if (!cloudRunTypes.has(type)) return undefined;
    this.#refusal.check();
    const watched = this.#services.meet(
      this.#seen.urnUnder(String((await plain(opts.parent?.urn)) ?? ""), type, name),
    );
    watched.registered = true;
    watched.ignoreChanges = opts.ignoreChanges ?? [];
    // Of what another process constructs, only this tells the project.
    if (watched.seen === undefined) watched.provider = opts.provider;
    try {
      await this.#services.become(watched, props);
      await this.#judge();
    } catch (error) {
      // Whatever it was: a program that went on would seem complete without this service.
      await this.#refusal.refuse(
        `The guard cannot judge ${name}: ${error instanceof Error ? error.message : error}`,
      );
    }
    const hooked = [opts.hooks?.beforeCreate, opts.hooks?.beforeUpdate].every(
      (hooks) => hooks?.some((hook) => "name" in hook && hook.name === hookName) ?? false,
    );
    return hooked ? undefined : { props, opts: { ...opts, hooks: this.#hooked(opts.hooks) } };
  }

  /** The third layer: the inputs as they will be deployed. */
  async #final({ urn, newInputs }: pulumi.ResourceHookArgs): Promise<void> {
    this.#refusal.check();
    const watched = this.#services.meet(urn);
    await this.#services.become(watched, newInputs);
    const said = await this.#objection();
    if (said !== undefined) this.#refusal.answer(said);
  }

  #urnOf(request: unknown): string {
    const [parent = "", type = "", name = ""] = ["getParent", "getType", "getName"].map((getter) =>
      textOf(request, getter),
    );
    return this.#seen.urnUnder(parent, type, name);
  }

  #hooked(hooks: pulumi.ResourceHookBinding | undefined): pulumi.ResourceHookBinding {
    const add = (list: pulumi.ResourceHookBinding["beforeCreate"]) => [
      ...(list ?? []).filter((hook) => hook !== this.#hook),
      this.#hook,
    ];
    return { ...hooks, beforeCreate: add(hooks?.beforeCreate), beforeUpdate: add(hooks?.beforeUpdate) };
  }

  /** Judges all that is known. @throws RunError when it may not be deployed */
  async #judge(): Promise<void> {
    this.#refusal.check();
    const said = await this.#objection();
    if (said !== undefined) await this.#refusal.refuse(said);
  }

  /** Services that wait together are judged once. */
  #objection(): Promise<string | undefined> {
    const services = this.#services.readable();
    const known = services.flatMap(({ inputs, ignoreChanges }) => [inputs, ignoreChanges]);
    const same =
      known.length === this.#judged.known.length && known.every((one, at) => one === this.#judged.known[at]);
    if (!same) this.#judged = { known, said: this.#ask(services) };
    return this.#judged.said;
  }

  async #ask(services: readonly ReadService[]): Promise<string | undefined> {
    const { ask } = await this.#policy;
    return ask(services, this.#environment, this.#seen, (from) => this.#services.mayWait(from));
  }
}
