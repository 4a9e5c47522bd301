/**
 * A language host that runs nothing. `pulumi import` runs no program and yet asks the project's language which plugins
 * it needs; the sandbox has no plugin for a language, and serves those for resources itself.
 */
import { Server, ServerCredentials, type sendUnaryData, status } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";

/** A running host. */
export interface LanguageHost {
  /** What `Pulumi.yaml` says of the runtime so that the engine asks this host (pulumi/pkg/v3/engine/deployment.go, `clientRuntimeName`). */
  readonly runtime: { readonly name: "client"; readonly options: { readonly address: string } };
  close(): void;
}

const answering =
  <Response>(make: () => Response) =>
  (_call: unknown, callback: sendUnaryData<Response>) =>
    callback(null, make());

/** Every method of the service, refused: what an import can do without. */
function unimplemented() {
  return Object.fromEntries(
    Object.keys(LanguageRuntimeService).map((method) => [
      method,
      (_call: unknown, callback: sendUnaryData<unknown>) =>
        callback({ code: status.UNIMPLEMENTED, details: `${method} is not implemented` }),
    ]),
  );
}

/** Starts the host on a free port of 127.0.0.1. */
export async function startLanguageHost(): Promise<LanguageHost> {
  const server = new Server();
  server.addService(LanguageRuntimeService, {
    ...unimplemented(),
    getRequiredPlugins: answering(() => new messages.GetRequiredPluginsResponse()),
    getRequiredPackages: answering(() => new messages.GetRequiredPackagesResponse()),
    getPluginInfo: answering(() => new plugin.PluginInfo()),
  });
  const port = await new Promise<number>((done, failed) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? done(bound) : failed(error),
    );
  });
  return {
    runtime: { name: "client", options: { address: `127.0.0.1:${port}` } },
    close: () => server.forceShutdown(),
  };
}
