/**
 * A resource monitor in this process that records every registration as the engine would receive it, and answers as
 * the engine and the providers answer a first preview: what only the cloud can tell stays unknown.
 */
import * as pulumi from "@pulumi/pulumi";
import type {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  ResourceInvokeRequest,
} from "@pulumi/pulumi/proto/resource_pb.js";

/** A resource as registered. In its inputs unknowns are Pulumi's sentinel text, secrets its tagged objects. */
export interface Registration {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly inputs: Record<string, unknown>;
  readonly propertyDependencies: Record<string, string[]>;
  readonly dependencies: string[];
  /** URN; empty for the stack. */
  readonly parent: string;
  readonly protect: boolean;
  readonly ignoreChanges: string[];
  /** Names of the error hooks bound to it. */
  readonly errorHooks: string[];
  /** Where in the program it is made; undefined when the SDK does not tell. */
  readonly source: { readonly uri: string; readonly line: number; readonly column: number } | undefined;
}

/** Everything a program registered, in the order it did. */
export interface Recording {
  readonly registrations: Registration[];
  /** Outputs by the URN of the stack or component that registered them, and of resources that are there already. */
  readonly outputs: Map<string, Record<string, unknown>>;
  /** URNs of resources that are there already. */
  readonly present: Set<string>;
}

/** What is known of a resource that is there already, besides its inputs; undefined for a new one. */
export type Present = (type: string, name: string) => Record<string, unknown> | undefined;

/**
 * What a provider tells of a new resource in a preview besides its inputs. Seen with the gcp provider 9.35: a runtime
 * account's e-mail is known before the account exists; ids, names and version numbers are not.
 */
function knownInPreview(type: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const { accountId, project } = inputs;
  if (type !== "gcp:serviceaccount/account:Account") return inputs;
  if (typeof accountId !== "string" || typeof project !== "string") return inputs;
  const [, domain, id = project] = /^([^:]+):(.+)$/.exec(project) ?? [];
  const email = `${accountId}@${domain === undefined ? id : `${id}.${domain}`}.iam.gserviceaccount.com`;
  return { ...inputs, email, member: `serviceAccount:${email}` };
}

/** As the engine builds it: the types of all parents but the stack, then the resource's own. */
function urnOf(
  project: string,
  stack: string,
  parent: string | undefined,
  type: string,
  name: string,
): string {
  const parentType = parent?.split("::")[2];
  const nested =
    parentType === undefined || parentType === "pulumi:pulumi:Stack" ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${nested}::${name}`;
}

function registrationOf(request: RegisterResourceRequest, urn: string): Registration {
  const position = request.getSourceposition();
  const propertyDependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((dependencies, property) => {
    propertyDependencies[property] = dependencies.getUrnsList();
  });
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    inputs: request.getObject()?.toJavaScript() ?? {},
    propertyDependencies,
    dependencies: request.getDependenciesList(),
    parent: request.getParent(),
    protect: request.getProtect() ?? false,
    ignoreChanges: request.getIgnorechangesList(),
    errorHooks: request.getHooks()?.getOnErrorList() ?? [],
    source: position && { uri: position.getUri(), line: position.getLine(), column: position.getColumn() },
  };
}

/** The methods of the SDK's own mock monitor that are wrapped here. */
interface MockMonitor {
  newUrn(parent: string | undefined, type: string, name: string): string;
  registerResource(request: RegisterResourceRequest, callback: unknown): unknown;
  registerResourceOutputs(request: RegisterResourceOutputsRequest, callback: unknown): unknown;
  invoke(request: ResourceInvokeRequest, callback: (error: { details: string }) => void): void;
  registerErrorHook?(request: unknown, callback: (error: null, response: object) => void): void;
  registerResourceHook?(request: unknown, callback: (error: null, response: object) => void): void;
}

function isMockMonitor(monitor: unknown): monitor is MockMonitor {
  return (
    typeof monitor === "object" &&
    monitor !== null &&
    ["newUrn", "registerResource", "registerResourceOutputs", "invoke"].every(
      (method) => typeof Reflect.get(monitor, method) === "function",
    )
  );
}

/**
 * Makes Pulumi's runtime in this process run a first preview of a stack against the recording monitor. One program at
 * a time: the runtime is global.
 *
 * @param present Which resources are there already. @default none
 */
export async function recordPreview(
  project: string,
  stack: string,
  present: Present = () => undefined,
): Promise<Recording> {
  const recording: Recording = { registrations: [], outputs: new Map(), present: new Set() };
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => ({
        id: id === "" ? undefined : id,
        state: { ...knownInPreview(type, inputs), ...present(type, name) },
      }),
      call: () => ({}),
    },
    project,
    stack,
    true,
  );
  const monitor: unknown = pulumi.runtime.getMonitor();
  if (!isMockMonitor(monitor)) throw new Error("This version of @pulumi/pulumi has another mock monitor.");
  const register = monitor.registerResource.bind(monitor);
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  // The SDK's own forgets all parents but the nearest.
  monitor.newUrn = (parent, type, name) => urnOf(project, stack, parent || undefined, type, name);
  monitor.invoke = (request, callback) =>
    callback({ details: `the program calls ${request.getTok()}, which only the cloud can answer` });
  monitor.registerErrorHook = (_, callback) => callback(null, {});
  monitor.registerResourceHook = (_, callback) => callback(null, {});
  monitor.registerResource = (request, callback) => {
    const urn = monitor.newUrn(request.getParent(), request.getType(), request.getName());
    const registration = registrationOf(request, urn);
    recording.registrations.push(registration);
    const known = present(registration.type, registration.name);
    if (known !== undefined) {
      recording.present.add(urn);
      recording.outputs.set(urn, { ...registration.inputs, ...known });
    }
    return register(request, callback);
  };
  monitor.registerResourceOutputs = (request, callback) => {
    recording.outputs.set(request.getUrn(), request.getOutputs()?.toJavaScript() ?? {});
    return registerOutputs(request, callback);
  };
  return recording;
}
