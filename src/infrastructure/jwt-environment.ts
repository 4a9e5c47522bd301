/** An environment: one secret, two services that carry it, and everything they need on Google Cloud. */
import { Service as Api } from "@pulumi/gcp/projects/service.js";
import * as pulumi from "@pulumi/pulumi";
import type { Environment, Role } from "../environment/environment.ts";
import { CloudRunService, type ServiceOverride } from "./cloud-run-service.ts";
import { JwtSecret, type JwtSecretArgs } from "./jwt-secret.ts";
import { plainVariables } from "./variables.ts";

/** Arguments of `JwtEnvironment`. */
export interface JwtEnvironmentArgs {
  /** The environment, read and checked. */
  readonly environment: Environment;
  /** The supplied keys by generation, with `source: supplied` only. Always handled as a Pulumi secret. */
  readonly values?: pulumi.Input<Record<string, string>>;
  /** What the configuration does not hold, by role. Default: nothing. */
  readonly overrides?: Readonly<Partial<Record<Role, ServiceOverride>>>;
}

const apis = ["iam.googleapis.com", "run.googleapis.com", "secretmanager.googleapis.com"];

/** The secret and the two services that share it. */
export class JwtEnvironment extends pulumi.ComponentResource {
  readonly secret: JwtSecret;
  readonly auth: CloudRunService;
  readonly backend: CloudRunService;

  constructor(name: string, args: JwtEnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("jwt-secret:infrastructure:JwtEnvironment", name, {}, opts);
    const { environment, overrides } = args;
    const dependsOn = environment.enableApis ? enableApis(this, environment.project) : [];
    this.secret = new JwtSecret("jwt-secret", secretArgs(args), { parent: this, dependsOn });
    const common = {
      environment: environment.name,
      project: environment.project,
      region: environment.region,
      jwt: this.secret,
      grantRetry: environment.grantRetry,
    };
    this.backend = new CloudRunService(
      "backend",
      {
        ...common,
        ...environment.services.backend,
        env: plainVariables(environment.services.backend.env),
        authServiceUrl: backendAuthUrl(environment, this.secret),
        override: overrides?.backend,
      },
      { parent: this, dependsOn },
    );
    this.auth = new CloudRunService(
      "auth",
      {
        ...common,
        ...environment.services.auth,
        env: plainVariables(environment.services.auth.env),
        authServiceUrl: environment.services.auth.authServiceUrl || undefined,
        // Who verifies must know a new key before anyone signs with it.
        after: [this.backend.service],
        override: overrides?.auth,
      },
      { parent: this, dependsOn },
    );
    this.registerOutputs({ authUrl: this.auth.url, backendUrl: this.backend.url });
  }
}

function enableApis(parent: pulumi.Resource, project: string): Api[] {
  // Left on when the environment goes: others in the project may use them.
  return apis.map((service) => new Api(service, { project, service, disableOnDestroy: false }, { parent }));
}

function secretArgs({ environment, values }: JwtEnvironmentArgs): JwtSecretArgs {
  const { name, project, accessors, replication, secret } = environment;
  const common = { environment: name, project, accessors };
  if (secret.source === "existing") return { ...common, ...secret, project, secretProject: secret.project };
  if (secret.source === "generated") return { ...common, ...secret, source: "generated", replication };
  if (values === undefined)
    throw new pulumi.RunError("source: supplied needs the keys in jwt-secret:values.");
  return { ...common, ...secret, source: "supplied", replication, values };
}

/** What backend is told of auth: what the configuration says, else auth's own URL; undefined: nothing. */
function backendAuthUrl(environment: Environment, secret: JwtSecret): pulumi.Input<string> | undefined {
  const { authServiceUrl: given } = environment.services.backend;
  if (given === false) return undefined;
  return given ?? authServiceUrl(environment, secret);
}

/**
 * Auth's URL in the deterministic form, which is known without asking auth, so backend can be deployed first
 * (https://cloud.google.com/run/docs/triggering/https-request#deterministic).
 */
function authServiceUrl(environment: Environment, secret: JwtSecret): pulumi.Output<string> {
  const number = environment.projectNumber ?? secret.projectNumber;
  if (number === undefined) throw new pulumi.RunError("source: existing needs jwt-secret:projectNumber.");
  return pulumi.interpolate`https://${environment.services.auth.name}-${number}.${environment.region}.run.app`;
}
