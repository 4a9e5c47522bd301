/** A Cloud Run service that carries the environment's JWT variables, under a runtime account of its own. */
import { Service, type ServiceArgs } from "@pulumi/gcp/cloudrunv2/service.js";
import { ServiceIamMember } from "@pulumi/gcp/cloudrunv2/serviceIamMember.js";
import { Account } from "@pulumi/gcp/serviceaccount/account.js";
import type { input } from "@pulumi/gcp/types/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { SecretValue, StartupProbe } from "../environment/environment.ts";
import { isAccountEmail } from "../environment/names.ts";
import { type GrantRetry, grantRetry, grantSettle } from "./grant-retry.ts";
import type { JwtSecret } from "./jwt-secret.ts";
import type { Variable } from "./reference.ts";
import { serviceArgs } from "./service-args.ts";
import type { PlainVariables } from "./variables.ts";

/** A container whose plain variables have names the program can read. */
export interface Container extends Omit<input.cloudrunv2.ServiceTemplateContainer, "envs"> {
  /** Plain variables and references to other secrets; JWT variables are added afterwards and refused here. */
  envs?: readonly Variable[];
}

/** A revision template without what this component decides. */
export interface Template
  extends Omit<input.cloudrunv2.ServiceTemplate, "containers" | "serviceAccount" | "revision"> {
  /** The first one is the service; others are sidecars. */
  containers: readonly [Container, ...Container[]];
}

/** The arguments of `cloudrunv2.Service` that an override may change. */
export interface OverridableArgs extends Omit<ServiceArgs, "template" | "name" | "location" | "project"> {
  /** The template of its revisions, without what this component decides. */
  template: Template;
}

/**
 * Changes what the configuration does not hold: volumes, sidecars, VPC access and other rare things. It sees the
 * arguments before the JWT variables are added, so it can neither change nor drop them.
 */
export type ServiceOverride = (args: OverridableArgs) => OverridableArgs;

/** Arguments of `CloudRunService`. */
export interface CloudRunServiceArgs {
  /** Name of the environment, which becomes ENVIRONMENT and a label. */
  readonly environment: string;
  /** Project ID. */
  readonly project: pulumi.Input<string>;
  /** Region, such as `us-central1`. */
  readonly region: pulumi.Input<string>;
  /** The secret whose references the service carries. */
  readonly jwt: JwtSecret;
  /** Name of the service, at most 49 characters. */
  readonly name: pulumi.Input<string>;
  /** ID of the runtime account that is made, 6 to 30 characters, or (in plain text) the e-mail of one that exists. */
  readonly account: pulumi.Input<string>;
  /** Container image; the first one only when deployed by a pipeline. */
  readonly image: pulumi.Input<string>;
  /** Default: `pulumi`. `pipeline` leaves image, client and revision alone after the first deployment; never env. */
  readonly deployedBy?: "pulumi" | "pipeline";
  /** Plain variables. Default: none. */
  readonly env?: PlainVariables;
  /** Variables that carry other secrets, which the account must be able to read. Default: none. */
  readonly secrets?: Readonly<Record<string, SecretValue>>;
  /** Further names the service reads the JWT secret by. Default: none. */
  readonly jwtVariables?: readonly string[];
  /** URL of the auth service, for the service that verifies against it. Default: none. */
  readonly authServiceUrl?: pulumi.Input<string>;
  /** TCP port. Default: 8080. */
  readonly port?: pulumi.Input<number>;
  /** CPUs, such as `1` or `500m`. Default: `1`. */
  readonly cpu?: pulumi.Input<string>;
  /** Memory, such as `512Mi`. Default: `512Mi`. */
  readonly memory?: pulumi.Input<string>;
  /** Whether CPU is there during requests only. Default: the provider's, which is false. */
  readonly cpuIdle?: pulumi.Input<boolean>;
  /** Whether an instance gets more CPU while it starts. Default: the provider's, which is false. */
  readonly startupCpuBoost?: pulumi.Input<boolean>;
  /** Default: 0. */
  readonly minInstances?: pulumi.Input<number>;
  /** Default: 100. */
  readonly maxInstances?: pulumi.Input<number>;
  /** Requests at once per instance. Default: 80. */
  readonly concurrency?: pulumi.Input<number>;
  /** Seconds a request or a WebSocket connection may last, at most 3600. Default: 300. */
  readonly timeout?: pulumi.Input<number>;
  /** Default: false. */
  readonly sessionAffinity?: pulumi.Input<boolean>;
  /** Default: `all`. */
  readonly ingress?: "all" | "internal" | "internal-and-cloud-load-balancing";
  /** Whether anyone may call it. Default: false. */
  readonly public?: pulumi.Input<boolean>;
  /** IAM members who may call it when it is private. Default: none. */
  readonly invokers?: readonly string[];
  /** Whether the provider refuses to delete it. Default: true, the provider's own. */
  readonly deletionProtection?: pulumi.Input<boolean>;
  /** Default: Cloud Run's, a TCP connection to the port. */
  readonly startupProbe?: StartupProbe;
  /** How long a new grant is waited for, and a deployment refused for want of it is tried again. Default: neither. */
  readonly grantRetry?: GrantRetry;
  /** Resources that must be up to date before the service is touched. Default: none. */
  readonly after?: readonly pulumi.Resource[];
  /** Default: nothing is changed. */
  readonly override?: ServiceOverride;
}

/** What a service's own pipeline changes with every deployment. */
const pipelineOwned = ["template.containers[0].image", "client", "clientVersion", "template.revision"];

/** A Cloud Run service with its runtime account and that account's grant on the secret. */
export class CloudRunService extends pulumi.ComponentResource {
  /** The service itself, for others to wait for. */
  readonly service: Service;
  /** The URL Google gives it. */
  readonly url: pulumi.Output<string>;
  /** E-mail of the runtime account. */
  readonly account: pulumi.Output<string>;

  /** @throws RunError when the override sets a variable that is not its to set */
  constructor(name: string, args: CloudRunServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jwt-secret:infrastructure:CloudRunService", name, {}, opts);
    const account = runtimeAccount(this, name, args, opts);
    const grant = args.jwt.grant(`${name}-accessor`, account.member, {
      parent: this,
      ...settleHook(name, args.grantRetry),
    });
    this.service = new Service(name, serviceArgs(name, args, account.email), {
      parent: this,
      dependsOn: [grant, ...(args.after ?? [])],
      ...(args.deployedBy === "pipeline" && { ignoreChanges: pipelineOwned }),
      ...retryHook(name, args.grantRetry),
    });
    for (const member of args.invokers ?? []) {
      new ServiceIamMember(
        `${name}-invoker-${member}`,
        {
          project: args.project,
          location: args.region,
          name: this.service.name,
          role: "roles/run.invoker",
          member,
        },
        { parent: this },
      );
    }
    this.url = this.service.uri;
    this.account = account.email;
    this.registerOutputs({ url: this.url, account: this.account });
  }
}

/** The runtime account: the one that exists under an e-mail, or a new one. */
function runtimeAccount(
  parent: CloudRunService,
  name: string,
  { account, project, environment }: CloudRunServiceArgs,
  opts: pulumi.ComponentResourceOptions | undefined,
): { email: pulumi.Output<string>; member: pulumi.Input<string> } {
  if (typeof account === "string" && isAccountEmail(account)) {
    return { email: pulumi.output(account), member: `serviceAccount:${account}` };
  }
  const { email } = new Account(
    name,
    { project, accountId: account, displayName: `Runtime account of ${name} in ${environment}` },
    { parent, dependsOn: opts?.dependsOn },
  );
  return { email, member: pulumi.interpolate`serviceAccount:${email}` };
}

function settleHook(name: string, retry: GrantRetry | undefined): pulumi.CustomResourceOptions {
  if (retry === undefined || retry.settle === 0) return {};
  const say = (message: string) => pulumi.log.info(message);
  return {
    hooks: { afterCreate: [new pulumi.ResourceHook(`${name}-grant-settle`, grantSettle(retry, say))] },
  };
}

function retryHook(name: string, retry: GrantRetry | undefined): pulumi.CustomResourceOptions {
  if (retry === undefined || retry.timeout === 0) return {};
  return { hooks: { onError: [new pulumi.ErrorHook(`${name}-grant-retry`, grantRetry(retry))] } };
}
