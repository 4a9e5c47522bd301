/** Starts the providers `gcp` and `random` for one engine: the list of what the sandbox knows. */
import { Api } from "./api.ts";
import { accountType } from "./gcp/account.ts";
import { getProject } from "./gcp/get-project.ts";
import { secretIamMemberType, serviceIamMemberType } from "./gcp/iam-member.ts";
import { projectServiceType } from "./gcp/project-service.ts";
import { secretType } from "./gcp/secret.ts";
import { secretVersionType } from "./gcp/secret-version.ts";
import { serviceType } from "./gcp/service.ts";
import { Provider } from "./provider.ts";
import { randomPasswordType } from "./random/password.ts";
import { serve } from "./server.ts";

export interface ProvidersOptions {
  /** Where the sandbox's cloud answers. */
  readonly cloudUrl: string;
  /** How long to wait for an answer of the cloud, in seconds. Default: SANDBOX_API_TIMEOUT_SECONDS, else 10. */
  readonly timeoutSeconds?: number;
}

export interface Providers {
  /** What the engine needs in its environment to find them. */
  readonly env: { readonly PULUMI_DEBUG_PROVIDERS: string };
  close(): Promise<void>;
}

/** Serves the `gcp` and `random` providers to engines on this machine, on free ports of 127.0.0.1. */
export async function startProviders(options: ProvidersOptions): Promise<Providers> {
  const seconds = options.timeoutSeconds ?? Number(process.env.SANDBOX_API_TIMEOUT_SECONDS || 10);
  if (!(seconds > 0))
    throw new Error("SANDBOX_API_TIMEOUT_SECONDS is not a number of seconds: write for example 10");
  const api = new Api(options.cloudUrl, seconds * 1000);
  const gcp = await serve(
    new Provider({
      name: "gcp",
      version: "9.35.0",
      types: [
        secretType,
        secretVersionType,
        secretIamMemberType,
        accountType,
        serviceType,
        serviceIamMemberType,
        projectServiceType,
      ],
      invokes: { "gcp:organizations/getProject:getProject": getProject },
      api,
    }),
  );
  const random = await serve(
    new Provider({ name: "random", version: "4.21.2", types: [randomPasswordType], api }),
  );
  return {
    env: { PULUMI_DEBUG_PROVIDERS: `gcp:${gcp.port},random:${random.port}` },
    close: async () => {
      await gcp.close();
      await random.close();
    },
  };
}
