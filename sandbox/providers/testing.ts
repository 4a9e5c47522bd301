import { credentials, type ServiceError } from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type * as rpc from "@pulumi/pulumi/proto/provider_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";
import type emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import type { CloudOptions } from "../cloud/start.ts";
import { TestCloud } from "../cloud/testing.ts";
import { type Providers, startProviders } from "./start.ts";
import type { Properties } from "./values.ts";
import { fromStruct, toStruct } from "./wire.ts";

/** For tests: the providers on a cloud of their own, spoken to over gRPC as the engine does. */
export class TestEngine implements AsyncDisposable {
  readonly cloud: TestCloud;
  readonly #providers: Providers;
  readonly #clients = new Map<string, ResourceProviderClient>();

  private constructor(cloud: TestCloud, providers: Providers) {
    this.cloud = cloud;
    this.#providers = providers;
    for (const entry of providers.env.PULUMI_DEBUG_PROVIDERS.split(",")) {
      const [name = "", port] = entry.split(":");
      this.#clients.set(name, new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure()));
    }
  }

  /** Attached and configured for the project `demo-staging`. */
  static async start(options: Partial<CloudOptions> = {}, timeoutSeconds = 60): Promise<TestEngine> {
    const cloud = await TestCloud.start(options);
    const engine = new TestEngine(cloud, await startProviders({ cloudUrl: cloud.cloud.url, timeoutSeconds }));
    await engine.attach();
    return engine;
  }

  /** What a new run of the engine begins with. */
  async attach(): Promise<void> {
    for (const client of this.#clients.values()) {
      const request = new plugin.PluginAttach();
      await unary((done) => client.attach(request, done));
      const configure = new messages.ConfigureRequest();
      configure.setArgs(toStruct({ project: "demo-staging", region: "us-central1" }));
      await unary((done) => client.configure(configure, done));
    }
  }

  async check(
    type: string,
    name: string,
    news: Properties,
    olds: Properties = {},
  ): Promise<{ inputs: Properties; problems: string[] }> {
    const request = new messages.CheckRequest();
    request.setUrn(urn(type, name));
    request.setNews(toStruct(news));
    request.setOlds(toStruct(olds));
    request.setRandomseed(Buffer.from("0123456789abcdef", "hex"));
    const response = await unary<rpc.CheckResponse>((done) => this.#client(type).check(request, done));
    return {
      inputs: fromStruct(response.getInputs()),
      problems: response.getFailuresList().map((failure) => failure.getReason()),
    };
  }

  async diff(
    type: string,
    name: string,
    state: State,
    news: Properties,
  ): Promise<{ changed: Record<string, number>; replaces: string[]; deleteFirst: boolean }> {
    const request = new messages.DiffRequest();
    request.setUrn(urn(type, name));
    request.setId(state.id);
    request.setOlds(toStruct(state.outputs));
    request.setOldInputs(toStruct(state.inputs));
    request.setNews(toStruct(news));
    const response = await unary<rpc.DiffResponse>((done) => this.#client(type).diff(request, done));
    const detailed = response.getDetaileddiffMap().toObject(true, (_include, detail) => detail.toObject());
    return {
      changed: Object.fromEntries(detailed.map(([path, { kind }]) => [path, kind])),
      replaces: response.getReplacesList(),
      deleteFirst: response.getDeletebeforereplace(),
    };
  }

  /** Checks the inputs and creates with what the check gave back. */
  async create(type: string, name: string, news: Properties, preview = false): Promise<State> {
    const { inputs, problems } = await this.check(type, name, news);
    if (problems.length > 0) throw new Error(problems.join("\n"));
    const request = new messages.CreateRequest();
    request.setUrn(urn(type, name));
    request.setProperties(toStruct(inputs));
    request.setPreview(preview);
    const response = await unary<rpc.CreateResponse>((done) => this.#client(type).create(request, done));
    return { id: response.getId(), inputs, outputs: fromStruct(response.getProperties()) };
  }

  async update(type: string, name: string, state: State, news: Properties, preview = false): Promise<State> {
    const { inputs } = await this.check(type, name, news, state.inputs);
    const request = new messages.UpdateRequest();
    request.setUrn(urn(type, name));
    request.setId(state.id);
    request.setOlds(toStruct(state.outputs));
    request.setOldInputs(toStruct(state.inputs));
    request.setNews(toStruct(inputs));
    request.setPreview(preview);
    const response = await unary<rpc.UpdateResponse>((done) => this.#client(type).update(request, done));
    return { id: state.id, inputs, outputs: fromStruct(response.getProperties()) };
  }

  async read(type: string, name: string, state: State): Promise<State> {
    const request = new messages.ReadRequest();
    request.setUrn(urn(type, name));
    request.setId(state.id);
    request.setInputs(toStruct(state.inputs));
    request.setProperties(toStruct(state.outputs));
    const response = await unary<rpc.ReadResponse>((done) => this.#client(type).read(request, done));
    return {
      id: response.getId(),
      inputs: fromStruct(response.getInputs()),
      outputs: fromStruct(response.getProperties()),
    };
  }

  async delete(type: string, name: string, state: State): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setUrn(urn(type, name));
    request.setId(state.id);
    request.setProperties(toStruct(state.outputs));
    await unary<emptyProto.Empty>((done) => this.#client(type).delete(request, done));
  }

  async invoke(token: string, args: Properties): Promise<Properties> {
    const request = new messages.InvokeRequest();
    request.setTok(token);
    request.setArgs(toStruct(args));
    const response = await unary<rpc.InvokeResponse>((done) => this.#client(token).invoke(request, done));
    return fromStruct(response.getReturn());
  }

  #client(type: string): ResourceProviderClient {
    const client = this.#clients.get(type.split(":")[0] ?? "");
    if (!client) throw new Error(`no provider for ${type}`);
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients.values()) client.close();
    await this.#providers.close();
    await this.cloud[Symbol.asyncDispose]();
  }
}

/** What an engine keeps of a resource. */
export interface State {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** What came along with an error that says that something was made all the same. */
export function initFailure(cause: unknown): State & { reasons: string[] } {
  const metadata =
    cause instanceof Error && "metadata" in cause ? (cause as ServiceError).metadata : undefined;
  const [detail] = metadata?.get("grpc-status-details-bin") ?? [];
  if (!(detail instanceof Buffer)) throw new Error(`not a failure after creation: ${cause}`);
  const [any] = statusProto.Status.deserializeBinary(detail).getDetailsList();
  const failed = any?.unpack(
    messages.ErrorResourceInitFailed.deserializeBinary,
    "pulumirpc.ErrorResourceInitFailed",
  );
  if (!failed) throw new Error("the status has no ErrorResourceInitFailed");
  return {
    id: failed.getId(),
    inputs: fromStruct(failed.getInputs()),
    outputs: fromStruct(failed.getProperties()),
    reasons: failed.getReasonsList(),
  };
}

function urn(type: string, name: string): string {
  return `urn:pulumi:staging::jwt-secret::${type}::${name}`;
}

function unary<Response>(
  call: (done: (cause: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((cause, response) => (cause ? reject(cause) : resolve(response)));
  });
}
