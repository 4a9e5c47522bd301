import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type * as rpc from "@pulumi/pulumi/proto/provider_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import type { ChangeKind } from "./diff.ts";
import type { Provider } from "./provider.ts";
import { fromStruct, toServiceError, toStruct } from "./wire.ts";

/** A provider on the wire: Pulumi's ResourceProvider service (pulumi/proto/pulumi/provider.proto) on 127.0.0.1. */

export interface ProviderServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves a provider on a free port of 127.0.0.1. */
export async function serve(provider: Provider): Promise<ProviderServer> {
  // The values of secrets pass here; messages as large as the engine's own limit of 400 MB are let through.
  const limit = 400 * 1024 * 1024;
  const server = new Server({
    "grpc.max_receive_message_length": limit,
    "grpc.max_send_message_length": limit,
  });
  server.addService(ResourceProviderService, { ...unimplemented(), ...methods(provider) });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (cause, bound) =>
      cause ? reject(cause) : resolve(bound),
    );
  });
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.forceShutdown();
        resolve();
      }),
  };
}

/** A method that may take a while; a failure is the engine's to report. */
function answering<Request, Response>(
  work: (request: Request) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    work(call.request).then(
      (response) => callback(null, response),
      (cause: unknown) => callback(toServiceError(cause)),
    );
  };
}

function methods(provider: Provider): UntypedServiceImplementation {
  return {
    handshake: answering(async (_request: rpc.ProviderHandshakeRequest) => {
      const response = new messages.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      response.setAcceptResources(false);
      response.setAcceptOutputs(false);
      return response;
    }),
    attach: answering(async () => {
      provider.startSession();
      return new emptyProto.Empty();
    }),
    getPluginInfo: answering(async () => {
      const info = new plugin.PluginInfo();
      info.setVersion(provider.version);
      return info;
    }),
    getSchema: answering(async (_request: rpc.GetSchemaRequest) => {
      const response = new messages.GetSchemaResponse();
      response.setSchema(provider.schema());
      return response;
    }),
    checkConfig: answering(async (request: rpc.CheckRequest) => {
      const response = new messages.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diffConfig: answering(async (_request: rpc.DiffRequest) => {
      // Another project shows at each resource, as it does with the real provider; no configuration replaces all.
      const response = new messages.DiffResponse();
      response.setChanges(messages.DiffResponse.DiffChanges.DIFF_NONE);
      return response;
    }),
    configure: answering(async (request: rpc.ConfigureRequest) => {
      const variables = request.getVariablesMap().toObject();
      const named = variables.map(([key, value]): [string, string] => [key.split(":").at(-1) ?? key, value]);
      provider.configure({ ...Object.fromEntries(named), ...fromStruct(request.getArgs()) });
      const response = new messages.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      response.setAcceptresources(false);
      response.setAcceptoutputs(false);
      return response;
    }),
    check: answering(async (request: rpc.CheckRequest) => {
      const { inputs, problems } = provider.check(
        request.getUrn(),
        fromStruct(request.getNews()),
        fromStruct(request.getOlds()),
        request.getRandomseed_asU8(),
      );
      const response = new messages.CheckResponse();
      response.setInputs(toStruct(inputs));
      for (const problem of problems) {
        const failure = new messages.CheckFailure();
        failure.setReason(problem);
        response.addFailures(failure);
      }
      return response;
    }),
    diff: answering(diff.bind(undefined, provider)),
    create: failing(
      async (request: rpc.CreateRequest) => {
        const created = await provider.create(
          request.getUrn(),
          fromStruct(request.getProperties()),
          request.getPreview(),
        );
        const response = new messages.CreateResponse();
        response.setId(created.id);
        response.setProperties(toStruct(created.outputs));
        return response;
      },
      (request) => request.getProperties(),
    ),
    read: answering(async (request: rpc.ReadRequest) => {
      const response = new messages.ReadResponse();
      const found = await provider.read(
        request.getUrn(),
        request.getId(),
        fromStruct(request.getInputs()),
        fromStruct(request.getProperties()),
      );
      // No ID says that it is gone.
      if (!found) return response;
      response.setId(found.id);
      response.setInputs(toStruct(found.inputs));
      response.setProperties(toStruct(found.outputs));
      return response;
    }),
    update: failing(
      async (request: rpc.UpdateRequest) => {
        const outputs = await provider.update(
          request.getUrn(),
          request.getId(),
          fromStruct(request.getOlds()),
          fromStruct(request.getOldInputs()),
          fromStruct(request.getNews()),
          request.getPreview(),
        );
        const response = new messages.UpdateResponse();
        response.setProperties(toStruct(outputs));
        return response;
      },
      (request) => request.getNews(),
    ),
    delete: answering(async (request: rpc.DeleteRequest) => {
      await provider.delete(request.getUrn(), request.getId(), fromStruct(request.getProperties()));
      return new emptyProto.Empty();
    }),
    invoke: answering(async (request: rpc.InvokeRequest) => {
      const response = new messages.InvokeResponse();
      response.setReturn(toStruct(await provider.invoke(request.getTok(), fromStruct(request.getArgs()))));
      return response;
    }),
    cancel: answering(async () => new emptyProto.Empty()),
  };
}

/** As `answering`; a failure after something was made carries it and its inputs. */
function failing<Request, Response>(
  work: (request: Request) => Promise<Response>,
  inputs: (request: Request) => Parameters<typeof fromStruct>[0],
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    work(call.request).then(
      (response) => callback(null, response),
      (cause: unknown) => callback(toServiceError(cause, fromStruct(inputs(call.request)))),
    );
  };
}

async function diff(provider: Provider, request: rpc.DiffRequest): Promise<rpc.DiffResponse> {
  const olds = fromStruct(request.getOlds());
  const { paths, replaces, deleteBeforeReplace } = await provider.diff(
    request.getUrn(),
    request.getId(),
    olds,
    request.hasOldInputs() ? fromStruct(request.getOldInputs()) : olds,
    fromStruct(request.getNews()),
  );
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  const response = new messages.DiffResponse();
  response.setChanges(paths.size > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList([...new Set([...paths.keys()].map((path) => path.split(/[.[]/)[0] ?? path))]);
  response.setReplacesList([...replaces]);
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const [path, kind] of paths) {
    const detail = new messages.PropertyDiff();
    detail.setKind(
      kindOf(
        kind,
        replaces.some((name) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`)),
      ),
    );
    detail.setInputdiff(true);
    response.getDetaileddiffMap().set(path, detail);
  }
  return response;
}

function kindOf(kind: ChangeKind, replaces: boolean): rpc.PropertyDiff.Kind {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = messages.PropertyDiff.Kind;
  if (kind === "add") return replaces ? ADD_REPLACE : ADD;
  if (kind === "delete") return replaces ? DELETE_REPLACE : DELETE;
  return replaces ? UPDATE_REPLACE : UPDATE;
}

/** Every method of the service, refused: what the engine can do without. */
function unimplemented(): UntypedServiceImplementation {
  return Object.fromEntries(
    Object.keys(ResourceProviderService).map((method) => [
      method,
      (_call: unknown, callback: unknown) => {
        if (typeof callback === "function")
          callback({ code: status.UNIMPLEMENTED, details: `${method} is not implemented` });
      },
    ]),
  );
}
