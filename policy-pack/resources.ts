/** What the engine tells a policy, as the stack that the readers of Pulumi documents know. */
import type { PolicyProviderResource, PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { type RawResource, type Stack, stackOf } from "../src/documents/pulumi/resource.ts";
import { parseUrn } from "../src/documents/pulumi/urn.ts";
import { hiddenReason } from "../src/documents/text.ts";
import { plainProperties } from "./properties.ts";

/** What a resource policy sees of a resource before it is changed: its inputs, and nothing it depends on. */
export interface Registered {
  urn: string;
  inputs: Record<string, unknown>;
  protect: boolean;
  provider?: { urn: string; inputs: Record<string, unknown> };
}

function providerOf(provider: PolicyProviderResource | undefined): Pick<Registered, "provider"> {
  return provider === undefined
    ? {}
    : { provider: { urn: provider.urn, inputs: plainProperties(provider.props) } };
}

/** What a policy is shown in clear, unlike anybody else, and no fact is made of. */
const isPayload = (property: string) => /^secretData/.test(property);

/** Reads a resource policy's arguments; the payload of a secret is left where it is. */
export function readRegistered({ urn, props, opts, provider }: ResourceValidationArgs): Registered {
  const inputs = Object.fromEntries(
    Object.entries(plainProperties(props)).filter(([name]) => !isPayload(name)),
  );
  return { urn, inputs, protect: opts.protect, ...providerOf(provider) };
}

/** True when an update is still to say what some of it is. */
function holdsUnknown(value: unknown): boolean {
  if (hiddenReason(value)?.computed === true) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown);
}

/**
 * Whether an unknown elsewhere may stand for something of this resource. What is all known is not what an unknown
 * stands for; but a policy is not shown a resource's ID, and only Google's resources are known to repeat theirs among
 * their outputs.
 */
function mayGiveUnknowns(type: string, outputs: Record<string, unknown>): boolean {
  return !type.startsWith("gcp:") || holdsUnknown(outputs);
}

const urns = (resources: readonly PolicyResource[]): string[] => resources.map(({ urn }) => urn);

/** A resource names its provider by URN and ID; of the ID nothing is known here, and nothing is needed. */
const providerReference = (urn: string) => `${urn}::`;

function raw(
  urn: string,
  state: Record<string, unknown>,
  provider: string | undefined,
  changing = false,
): RawResource {
  const whole = { ...state, ...(provider === undefined ? {} : { provider: providerReference(provider) }) };
  return { urn, raw: whole, outputsFrom: whole, fresh: false, changing, at: urn };
}

function providersOf(resources: readonly Pick<Registered, "provider">[]): RawResource[] {
  const byUrn = new Map(resources.flatMap(({ provider }) => (provider ? [[provider.urn, provider]] : [])));
  return Array.from(byUrn.values(), ({ urn, inputs }) => raw(urn, { inputs }, undefined));
}

const nameOf = (urn: string | undefined) => (urn === undefined ? undefined : parseUrn(urn)?.stack);

function stack(sources: readonly RawResource[], incomplete?: string): Stack {
  const name = nameOf(sources[0]?.urn);
  return stackOf(sources, {
    file: name === undefined ? "the stack" : `stack ${name}`,
    config: {},
    ...(incomplete === undefined ? {} : { incomplete }),
  });
}

/**
 * The resources an operation has come to so far, which is never the whole stack.
 * @throws DocumentError for a resource that is not shaped like one of its type.
 */
export function stackSoFar(seen: Iterable<Registered>): Stack {
  const resources = [...seen];
  const sources = resources.map(({ urn, inputs, protect, provider }) =>
    raw(urn, { inputs, protect }, provider?.urn),
  );
  return stack([...sources, ...providersOf(resources)], "the operation has not come to all resources yet");
}

/**
 * All resources of a stack at the end of a preview or an update. A stack policy is shown outputs; where the operation
 * registered the resource, its inputs are known too and are what counts, because a provider sorts variables by name.
 * An output that is not known yet is none, as in the preview's own document.
 * @throws DocumentError for a resource that is not shaped like one of its type.
 */
export function wholeStack(
  resources: readonly PolicyResource[],
  seen: ReadonlyMap<string, Registered>,
): Stack {
  const sources = resources.map((resource) => {
    const { urn, type, opts, provider, dependencies, propertyDependencies } = resource;
    const outputs = plainProperties(resource.props);
    const state = {
      inputs: seen.get(urn)?.inputs ?? outputs,
      outputs: Object.fromEntries(Object.entries(outputs).filter(([, value]) => !holdsUnknown(value))),
      protect: opts.protect,
      dependencies: urns(dependencies),
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([property, from]) => [property, urns(from)]),
      ),
    };
    return raw(urn, state, provider?.urn, mayGiveUnknowns(type, outputs));
  });
  return stack([...sources, ...providersOf(resources.map(({ provider }) => providerOf(provider)))]);
}
