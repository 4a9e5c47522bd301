/**
 * The arguments the program will give a service for its configuration, as plain data. A test holds this equal to what
 * `src/infrastructure/cloud-run-service.ts` really registers; it is not asked itself because it needs the Pulumi SDK,
 * which a published package does not have.
 */
import type { ServiceSettings, StartupProbe } from "../environment/environment.ts";
import { type Branch, branch } from "./tree.ts";

const ingressNames = {
  all: "INGRESS_TRAFFIC_ALL",
  internal: "INGRESS_TRAFFIC_INTERNAL_ONLY",
  "internal-and-cloud-load-balancing": "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
} as const;

/** The labels the program puts on a service and on its revisions. */
export function ourLabels(environment: string): Branch {
  return { environment, "managed-by": "pulumi" };
}

function probe({ path, port, initialDelay, timeout, period, failureThreshold }: StartupProbe): Branch {
  return {
    initialDelaySeconds: initialDelay,
    timeoutSeconds: timeout,
    periodSeconds: period,
    failureThreshold,
    ...(path === undefined ? { tcpSocket: { port } } : { httpGet: { path, port } }),
  };
}

/** What an override sees: everything but the JWT variables, ENVIRONMENT, AUTH_SERVICE_URL and the account. */
export function plannedArgs(environment: string, settings: ServiceSettings): Branch {
  const labels = ourLabels(environment);
  return {
    ingress: ingressNames[settings.ingress],
    invokerIamDisabled: settings.public,
    deletionProtection: settings.deletionProtection,
    labels,
    template: {
      labels,
      timeout: `${settings.timeout}s`,
      sessionAffinity: settings.sessionAffinity,
      maxInstanceRequestConcurrency: settings.concurrency,
      scaling: { minInstanceCount: settings.minInstances, maxInstanceCount: settings.maxInstances },
      containers: [
        branch({
          image: settings.image,
          ports: { containerPort: settings.port },
          resources: branch({
            limits: { cpu: settings.cpu, memory: settings.memory },
            cpuIdle: settings.cpuIdle,
            startupCpuBoost: settings.startupCpuBoost,
          }),
          startupProbe: settings.startupProbe && probe(settings.startupProbe),
          envs: [
            ...Object.entries(settings.env).map(([name, value]) => ({ name, value })),
            ...Object.entries(settings.secrets ?? {}).map(([name, { secret, version }]) => ({
              name,
              valueSource: { secretKeyRef: { secret, version } },
            })),
          ],
        }),
      ],
    },
  };
}
