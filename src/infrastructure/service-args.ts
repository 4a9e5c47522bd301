/** The arguments of a Cloud Run service, from the component's own. */
import type { ServiceArgs } from "@pulumi/gcp/cloudrunv2/service.js";
import * as pulumi from "@pulumi/pulumi";
import type { StartupProbe } from "../environment/environment.ts";
import type { CloudRunServiceArgs, OverridableArgs } from "./cloud-run-service.ts";
import { labelsOf } from "./labels.ts";
import { jwtVariables, type Variable } from "./reference.ts";
import { withVariables } from "./variables.ts";

const ingressNames = {
  all: "INGRESS_TRAFFIC_ALL",
  internal: "INGRESS_TRAFFIC_INTERNAL_ONLY",
  "internal-and-cloud-load-balancing": "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
} as const;

/** The arguments that the configuration decides, as an override sees them. */
function plainArgs(args: CloudRunServiceArgs): OverridableArgs {
  const labels = labelsOf(args.environment);
  return {
    ingress: ingressNames[args.ingress ?? "all"],
    invokerIamDisabled: args.public ?? false,
    deletionProtection: args.deletionProtection ?? true,
    labels,
    template: {
      labels,
      timeout: pulumi.interpolate`${args.timeout ?? 300}s`,
      sessionAffinity: args.sessionAffinity ?? false,
      maxInstanceRequestConcurrency: args.concurrency ?? 80,
      scaling: { minInstanceCount: args.minInstances ?? 0, maxInstanceCount: args.maxInstances ?? 100 },
      containers: [
        {
          image: args.image,
          ports: { containerPort: args.port ?? 8080 },
          resources: {
            limits: { cpu: args.cpu ?? "1", memory: args.memory ?? "512Mi" },
            ...(args.cpuIdle !== undefined && { cpuIdle: args.cpuIdle }),
            ...(args.startupCpuBoost !== undefined && { startupCpuBoost: args.startupCpuBoost }),
          },
          ...(args.startupProbe && { startupProbe: probe(args.startupProbe) }),
          envs: [
            ...Object.entries(args.env ?? {}).map(([name, value]): Variable => ({ name, value })),
            ...Object.entries(args.secrets ?? {}).map(
              ([name, value]): Variable => ({ name, valueSource: { secretKeyRef: value } }),
            ),
          ],
        },
      ],
    },
  };
}

function probe({ path, port, initialDelay, timeout, period, failureThreshold }: StartupProbe) {
  return {
    initialDelaySeconds: initialDelay,
    timeoutSeconds: timeout,
    periodSeconds: period,
    failureThreshold,
    ...(path === undefined ? { tcpSocket: { port } } : { httpGet: { path, port } }),
  };
}

/** The final arguments: plain ones, overridden, then everything that is not up for change. */
export function serviceArgs(
  role: string,
  args: CloudRunServiceArgs,
  serviceAccount: pulumi.Output<string>,
): ServiceArgs {
  const plain = (args.override ?? ((same) => same))(plainArgs(args));
  const ours: Variable[] = [
    { name: "ENVIRONMENT", value: args.environment },
    ...jwtVariables(args.environment, args.jwt.references),
    ...(args.jwtVariables ?? []).map((name) => args.jwt.references.current.as(name)),
    ...(args.authServiceUrl === undefined ? [] : [{ name: "AUTH_SERVICE_URL", value: args.authServiceUrl }]),
  ];
  return {
    ...plain,
    name: args.name,
    project: args.project,
    location: args.region,
    template: {
      ...plain.template,
      serviceAccount,
      containers: withVariables(role, plain.template.containers, ours),
    },
  };
}
