/** What an environment is: plain data, read and checked once, from which everything else is built. */

export const roles = ["auth", "backend"] as const;
/** `auth` signs tokens, `backend` verifies them. */
export type Role = (typeof roles)[number];

/** The generations of the key in use. With `existing` they are version numbers of that secret. */
interface Generations {
  /** The generation tokens are signed with. */
  readonly current: number;
  /** A generation whose tokens are still accepted. */
  readonly previous?: number;
}

/** A secret that this project makes and guards. */
interface ManagedSecret extends Generations {
  /** Secret ID, unique in the project. */
  readonly name: string;
  /** Protected against deletion by Pulumi (`protect`) and by the provider (`deletionProtection`). */
  readonly protected: boolean;
}

/** Where the key comes from. Values are never part of it. */
export type SecretSource =
  | (ManagedSecret & { readonly source: "generated" })
  | (ManagedSecret & { readonly source: "supplied" })
  | (Generations & {
      readonly source: "existing";
      /** Project ID or number of the secret. */
      readonly project: string;
      readonly name: string;
    });

/** Where Secret Manager keeps the payload, and the key it is encrypted with (Google's own when absent). */
export type Replication =
  | { readonly mode: "automatic"; readonly kmsKey?: string }
  | {
      readonly mode: "user-managed";
      readonly replicas: readonly { readonly location: string; readonly kmsKey?: string }[];
    };

/** A startup probe; TCP unless `path` is set. Times are in seconds. */
export interface StartupProbe {
  readonly path?: string;
  readonly port: number;
  readonly initialDelay: number;
  readonly timeout: number;
  readonly period: number;
  readonly failureThreshold: number;
}

/** A version of a secret that is none of this project's business but for a variable that carries it. */
export interface SecretValue {
  /** Secret ID, or `projects/PROJECT/secrets/SECRET` for one in another project. */
  readonly secret: string;
  /** A number, `latest` or an alias. */
  readonly version: string;
}

/** One Cloud Run service. */
export interface ServiceSettings {
  readonly name: string;
  /** ID of the runtime account that is made for it, or the e-mail of one that exists. */
  readonly account: string;
  readonly image: string;
  /** `pipeline`: image, client and revision are out of Pulumi's hands after the first deployment; env never is. */
  readonly deployedBy: "pulumi" | "pipeline";
  /** Plain variables. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables that carry other secrets than the environment's own. Default: none. */
  readonly secrets?: Readonly<Record<string, SecretValue>>;
  /** Further names the service reads the JWT secret by. Default: none. */
  readonly jwtVariables?: readonly string[];
  /** AUTH_SERVICE_URL; false leaves it unset. Default: on backend auth's own URL, on auth unset. */
  readonly authServiceUrl?: string | false;
  /** TCP port the container listens on. */
  readonly port: number;
  /** As Kubernetes writes it: `1`, `500m`. */
  readonly cpu: string;
  /** As Kubernetes writes it: `512Mi`, `2Gi`. */
  readonly memory: string;
  /** Whether CPU is there during requests only. Default: not said, which is false for the provider. */
  readonly cpuIdle?: boolean;
  /** Whether an instance gets more CPU while it starts. Default: not said, which is false for the provider. */
  readonly startupCpuBoost?: boolean;
  readonly minInstances: number;
  readonly maxInstances: number;
  /** Requests (or WebSocket connections) at once per instance. */
  readonly concurrency: number;
  /** Seconds a request, or a WebSocket connection, may last. */
  readonly timeout: number;
  readonly sessionAffinity: boolean;
  readonly ingress: "all" | "internal" | "internal-and-cloud-load-balancing";
  /** True: anyone may call it. False: callers need `roles/run.invoker`. */
  readonly public: boolean;
  /** IAM members who may call a private service. */
  readonly invokers: readonly string[];
  readonly deletionProtection: boolean;
  readonly startupProbe?: StartupProbe;
}

/** An environment: two services that share one secret. */
export interface Environment {
  /** The stack's name. */
  readonly name: string;
  /** Google Cloud project ID. */
  readonly project: string;
  /** Number of that project; without it, it is taken from the Secret once that exists. */
  readonly projectNumber?: string;
  readonly region: string;
  readonly secret: SecretSource;
  readonly replication: Replication;
  readonly services: Readonly<Record<Role, ServiceSettings>>;
  /** Further IAM members who may read the secret. */
  readonly accessors: readonly string[];
  /** Whether the program enables the APIs it needs. */
  readonly enableApis: boolean;
  /** How long a new grant is waited for, and how long and how often a deployment refused for one is tried again; seconds. */
  readonly grantRetry: { readonly settle: number; readonly timeout: number; readonly pause: number };
  /** Seconds the longest-lived token is valid; a rotation cannot be planned without it. */
  readonly tokenLifetime?: number;
}
