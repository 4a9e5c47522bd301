/** The environments that are adopted in tests, as Cloud Run's v2 API holds them. */
import { projectNumber } from "../../../sandbox/cloud/projects.ts";
import { sandboxProject } from "../../../sandbox/project.ts";

export const project = sandboxProject("staging");
export const number = projectNumber(project);
const compute = `${number}-compute@developer.gserviceaccount.com`;

/** A variable that carries a version of a secret. */
export const reference = (name: string, secret: string, version = "latest") => ({
  name,
  valueSource: { secretKeyRef: { secret, version } },
});
const plain = (name: string, value: string) => ({ name, value });

/** A service as the v2 API answers it. */
export function v2(name: string, settings: object) {
  const full = `projects/${project}/locations/us-central1/services/${name}`;
  return {
    name: full,
    uid: "5f5a2f4e-0f55-4a7f-a1d1-3d9f1d2c7b10",
    generation: "7",
    ingress: "INGRESS_TRAFFIC_ALL",
    launchStage: "GA",
    traffic: [{ type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 100 }],
    ...settings,
    observedGeneration: "7",
    terminalCondition: {
      type: "Ready",
      state: "CONDITION_SUCCEEDED",
      lastTransitionTime: "2025-08-25T16:19:02.604309Z",
    },
    latestReadyRevision: `${full}/revisions/${name}-00007-abc`,
    latestCreatedRevision: `${full}/revisions/${name}-00007-abc`,
    trafficStatuses: [{ type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 100 }],
    uri: `https://${name}-${number}.us-central1.run.app`,
    etag: '"CLbTr8MGENiHjZ4B"',
  };
}

const gcloud = { client: "gcloud", clientVersion: "534.0.0" };
const probe = (port: number) => ({
  failureThreshold: 1,
  periodSeconds: 240,
  timeoutSeconds: 240,
  tcpSocket: { port },
});

/** What docs/examples/adopting/auth.json and backend.json describe in v1, written down as v2 has it. */
export const mismatched = {
  auth: v2("shop-auth-service", {
    ...gcloud,
    invokerIamDisabled: true,
    scaling: { minInstanceCount: 1, maxInstanceCount: 3 },
    template: {
      labels: { "client.knative.dev/nonce": "btalkmgove" },
      scaling: { minInstanceCount: 1, maxInstanceCount: 2 },
      timeout: "300s",
      serviceAccount: compute,
      maxInstanceRequestConcurrency: 80,
      containers: [
        {
          image: "us-central1-docker.pkg.dev/sandbox-staging/services/auth:staging",
          env: [
            plain("ENVIRONMENT", "staging"),
            plain("SERVICE_NAME", "auth"),
            reference("DATABASE_URL", "database-url-staging"),
            reference("JWT_SECRET_KEY", "jwt-secret-staging"),
            reference("OAUTH_CLIENT_ID", "oauth-client-id-staging"),
            reference("OAUTH_CLIENT_SECRET", "oauth-client-secret-staging"),
          ],
          resources: { limits: { cpu: "1000m", memory: "1Gi" }, cpuIdle: true, startupCpuBoost: true },
          ports: [{ name: "http1", containerPort: 8001 }],
          startupProbe: probe(8001),
        },
      ],
    },
  }),
  backend: v2("shop-backend-staging", {
    ...gcloud,
    scaling: { minInstanceCount: 1, maxInstanceCount: 5 },
    traffic: [
      { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 100 },
      {
        type: "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION",
        revision: "shop-backend-staging-00060-yej",
        tag: "auth-fix",
      },
    ],
    template: {
      labels: { "client.knative.dev/nonce": "elqpudspmb" },
      scaling: { minInstanceCount: 1, maxInstanceCount: 20 },
      timeout: "300s",
      serviceAccount: compute,
      executionEnvironment: "EXECUTION_ENVIRONMENT_GEN2",
      maxInstanceRequestConcurrency: 160,
      volumes: [
        {
          name: "cloudsql",
          cloudSqlInstance: { instances: ["sandbox-staging:us-central1:shop-postgres"] },
        },
      ],
      containers: [
        {
          image: "us-central1-docker.pkg.dev/sandbox-staging/services/backend:staging",
          env: [
            plain("ENVIRONMENT", "staging"),
            plain("PYTHONUNBUFFERED", "1"),
            plain("AUTH_SERVICE_URL", "https://auth.staging.shop.example"),
            plain("FRONTEND_URL", "https://app.staging.shop.example"),
            ...[
              "postgres-host",
              "postgres-port",
              "postgres-user",
              "postgres-password",
              "redis-url",
              "redis-password",
              "service-secret",
              "fernet-key",
              "mail-api-key",
              "payment-api-key",
              "search-api-key",
            ].map((name) => reference(name.toUpperCase().replaceAll("-", "_"), `${name}-staging`)),
            reference("JWT_SECRET_KEY", "jwt-secret-key-staging"),
          ],
          // cpuIdle false: the API leaves out what is false.
          resources: { limits: { cpu: "2", memory: "1Gi" }, startupCpuBoost: true },
          ports: [{ name: "http1", containerPort: 8888 }],
          startupProbe: probe(8888),
          volumeMounts: [{ name: "cloudsql", mountPath: "/cloudsql" }],
        },
      ],
    },
  }),
};

const own = (role: string) => `${role}-runner@${project}.iam.gserviceaccount.com`;

/** Two services that are right: one secret, pinned, accounts of their own. */
export const healthy = {
  auth: v2("auth-staging", {
    labels: { team: "identity" },
    template: {
      timeout: "300s",
      serviceAccount: own("auth"),
      maxInstanceRequestConcurrency: 40,
      scaling: { maxInstanceCount: 10 },
      containers: [
        {
          image: "us-docker.pkg.dev/sandbox-staging/services/auth:1",
          env: [plain("ENVIRONMENT", "staging"), reference("JWT_SECRET_KEY", "jwt-secret-staging", "3")],
          resources: { limits: { cpu: "1", memory: "512Mi" }, cpuIdle: true },
          ports: [{ name: "http1", containerPort: 8080 }],
          startupProbe: {
            httpGet: { path: "/health", port: 8080 },
            periodSeconds: 5,
            timeoutSeconds: 2,
            failureThreshold: 12,
          },
        },
      ],
    },
  }),
  backend: v2("backend-staging", {
    template: {
      timeout: "3600s",
      serviceAccount: own("backend"),
      maxInstanceRequestConcurrency: 500,
      sessionAffinity: true,
      scaling: { minInstanceCount: 2, maxInstanceCount: 30 },
      containers: [
        {
          image: "us-docker.pkg.dev/sandbox-staging/services/backend:1",
          env: [
            plain("ENVIRONMENT", "staging"),
            plain("AUTH_SERVICE_URL", `https://auth-staging-${number}.us-central1.run.app`),
            reference("JWT_SECRET_KEY", "jwt-secret-staging", "3"),
          ],
          resources: { limits: { cpu: "2", memory: "2Gi" }, cpuIdle: true },
          ports: [{ name: "http1", containerPort: 8080 }],
        },
      ],
    },
  }),
};

/** Sidecars, volumes, VPC access, odd names and a label of the same name: what only an override can hold. */
export const elaborate = {
  auth: v2("identity-auth", {
    labels: { "managed-by": "terraform" },
    template: {
      timeout: "60s",
      serviceAccount: own("auth"),
      maxInstanceRequestConcurrency: 80,
      scaling: { maxInstanceCount: 4 },
      vpcAccess: {
        connector: `projects/${project}/locations/us-central1/connectors/inside`,
        egress: "PRIVATE_RANGES_ONLY",
      },
      labels: { tier: "front" },
      annotations: { "example.com/owner": "identity" },
      volumes: [
        {
          name: "settings",
          secret: { secret: "settings", items: [{ path: "settings.json", version: "2" }] },
        },
        { name: "scratch", emptyDir: { medium: "MEMORY", sizeLimit: "64Mi" } },
      ],
      containers: [
        {
          name: "proxy",
          image: "us-docker.pkg.dev/sandbox-staging/services/proxy:2",
          env: [plain("LISTEN", "9000"), reference("CERTIFICATE", "proxy-certificate")],
          resources: { limits: { cpu: "500m", memory: "256Mi" }, cpuIdle: true },
          startupProbe: { tcpSocket: { port: 9000 }, periodSeconds: 1, failureThreshold: 30 },
        },
        {
          name: "auth",
          image: "us-docker.pkg.dev/sandbox-staging/services/auth:2",
          command: ["/bin/auth"],
          args: ["--listen", "8080"],
          env: [
            plain("ENVIRONMENT", "staging"),
            plain("log.level", "info"),
            reference("JWT_SECRET_STAGING", "jwt-secret-staging"),
          ],
          resources: { limits: { cpu: "1", memory: "512Mi" }, cpuIdle: true },
          ports: [{ name: "h2c", containerPort: 8080 }],
          dependsOn: ["proxy"],
          volumeMounts: [
            { name: "settings", mountPath: "/settings" },
            { name: "scratch", mountPath: "/tmp" },
          ],
          livenessProbe: { httpGet: { path: "/alive", port: 8080 }, periodSeconds: 10 },
        },
      ],
    },
  }),
  backend: v2("chat-backend", {
    template: {
      timeout: "3600s",
      serviceAccount: own("backend"),
      maxInstanceRequestConcurrency: 80,
      scaling: { maxInstanceCount: 4 },
      containers: [
        {
          image: "us-docker.pkg.dev/sandbox-staging/services/chat:2",
          env: [plain("ENVIRONMENT", "staging"), reference("JWT_SECRET_STAGING", "jwt-secret-staging", "1")],
          resources: { limits: { cpu: "1", memory: "512Mi" }, cpuIdle: true },
          ports: [{ name: "http1", containerPort: 8080 }],
        },
      ],
    },
  }),
};

const elsewhere = "projects/sandbox-shared/secrets/jwt-key";

/** The key lies in another project, and auth reads it by a name of its own. */
export const shared = {
  auth: v2("auth-staging", {
    template: {
      timeout: "300s",
      serviceAccount: compute,
      maxInstanceRequestConcurrency: 80,
      scaling: { maxInstanceCount: 10 },
      containers: [
        {
          image: "us-docker.pkg.dev/sandbox-staging/services/auth:3",
          env: [
            plain("ENVIRONMENT", "staging"),
            reference("SIGNING_KEY", elsewhere),
            reference("JWT_SECRET", "jwt-secret-old"),
          ],
          resources: { limits: { cpu: "1", memory: "512Mi" }, cpuIdle: true },
          ports: [{ name: "http1", containerPort: 8080 }],
        },
      ],
    },
  }),
  backend: v2("backend-staging", {
    template: {
      timeout: "300s",
      serviceAccount: compute,
      maxInstanceRequestConcurrency: 80,
      scaling: { maxInstanceCount: 10 },
      containers: [
        {
          image: "us-docker.pkg.dev/sandbox-staging/services/backend:3",
          env: [
            plain("ENVIRONMENT", "staging"),
            plain("JWT_SECRET_ROUNDS", "12"),
            reference("JWT_SECRET_KEY", elsewhere),
          ],
          resources: { limits: { cpu: "1", memory: "512Mi" }, cpuIdle: true },
          ports: [{ name: "http1", containerPort: 8080 }],
        },
      ],
    },
  }),
};

/** `gcloud secrets versions list` of a secret whose newest versions are enabled, newest first. */
export function versions(of: string, secret: string, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    name: `projects/${of}/secrets/${secret}/versions/${count - index}`,
    createTime: `2025-08-${String(10 + count - index)}T09:02:51.448120Z`,
    state: "ENABLED",
  }));
}
