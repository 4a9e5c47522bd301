/**
 * What Pulumi's language host for Node does with a program, as far as an update needs it: it starts the SDK's
 * `cmd/run` in a process of its own and tells the engine how that ended (sdk/nodejs/cmd/pulumi-language-nodejs).
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type handleUnaryCall, Server, ServerCredentials, status } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import type {
  GetRequiredPluginsResponse,
  RunRequest,
  RunResponse,
} from "@pulumi/pulumi/proto/language_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";

const main = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run");

/** A method with one answer. */
type Method<Request, Response> = handleUnaryCall<Request, Response>;

const getPluginInfo: Method<unknown, PluginInfo> = (_, answer) => {
  const info = new plugin.PluginInfo();
  info.setVersion("1.0.0");
  answer(null, info);
};

const getRequiredPlugins: Method<unknown, GetRequiredPluginsResponse> = (_, answer) =>
  answer(null, new language.GetRequiredPluginsResponse());

const unimplemented: Method<unknown, never> = (_, answer) =>
  answer({ code: status.UNIMPLEMENTED, details: "the engine can do without" });

/** Serves the program in `source` to engines; they are given the address with `--client`. */
export async function serveProgram(source: string): Promise<{ address: string; close(): void }> {
  const run: Method<RunRequest, RunResponse> = ({ request }, answer) => {
    const response = new language.RunResponse();
    start(request, source).then((code) => {
      // The error was shown already.
      if (code === 32) response.setBail(true);
      else if (code !== 0) response.setError(`program exited with non-zero exit code: ${code}`);
      answer(null, response);
    }, answer);
  };
  const server = new Server();
  const rest = Object.keys(LanguageRuntimeService).map((method) => [method, unimplemented]);
  server.addService(LanguageRuntimeService, {
    ...Object.fromEntries(rest),
    ...{ getPluginInfo, getRequiredPlugins, run },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

async function start(request: RunRequest, source: string): Promise<number | null> {
  const [engine = ""] = request.getArgsList();
  const args = {
    monitor: request.getMonitorAddress(),
    engine,
    project: request.getProject(),
    stack: request.getStack(),
    organization: request.getOrganization(),
    parallel: String(request.getParallel()),
    pwd: source,
  };
  const config = Object.fromEntries(request.getConfigMap().toObject());
  const child = spawn(
    process.execPath,
    [
      main,
      ...Object.entries(args).flatMap(([name, value]) => [`--${name}`, value]),
      ...(request.getDryrun() ? ["--dry-run"] : []),
      join(source, "index.ts"),
    ],
    {
      cwd: source,
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        NODE_NO_WARNINGS: "1",
        PULUMI_CONFIG: JSON.stringify(config),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      },
    },
  );
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
}
