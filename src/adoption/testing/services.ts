/** A pair of services in v1, as gcloud prints them: sound but for what a test changes. */
export const projectNumber = "424242424242";

/** What a test changes of one service. */
export interface Changes {
  name?: string;
  region?: string;
  namespace?: string;
  /** Variables after ENVIRONMENT. */
  env?: object[];
  environment?: string | null;
  annotations?: Record<string, string>;
  templateAnnotations?: Record<string, string>;
  templateName?: string;
  account?: string;
  traffic?: object[];
  container?: object;
  spec?: object;
  revisions?: { created: string; ready: string };
}

/** A variable that carries a secret. */
export const secretVariable = (name: string, secret = "jwt-secret-staging", version = "3") => ({
  name,
  valueFrom: { secretKeyRef: { name: secret, key: version } },
});

/** A service. */
export function service(role: "auth" | "backend", changes: Changes = {}) {
  const { name = `${role}-staging`, region = "us-central1", environment = "staging" } = changes;
  const own = changes.templateName ?? `${name}-00001-abc`;
  const revisions = changes.revisions ?? { created: own, ready: own };
  return {
    apiVersion: "serving.knative.dev/v1",
    kind: "Service",
    metadata: {
      name,
      namespace: changes.namespace ?? projectNumber,
      labels: { "cloud.googleapis.com/location": region },
      annotations: { "run.googleapis.com/ingress": "all", ...changes.annotations },
      generation: 1,
    },
    spec: {
      template: {
        metadata: {
          ...(changes.templateName !== undefined && { name: changes.templateName }),
          annotations: { "autoscaling.knative.dev/maxScale": "10", ...changes.templateAnnotations },
        },
        spec: {
          containerConcurrency: 80,
          timeoutSeconds: 300,
          serviceAccountName: changes.account ?? `${role}@shop-staging.iam.gserviceaccount.com`,
          containers: [
            {
              image: `${role}:1`,
              ports: [{ name: "http1", containerPort: 8080 }],
              resources: { limits: { cpu: "1", memory: "512Mi" } },
              env: [
                ...(environment === null ? [] : [{ name: "ENVIRONMENT", value: environment }]),
                ...(changes.env ?? [secretVariable("JWT_SECRET_KEY")]),
              ],
              ...changes.container,
            },
          ],
          ...changes.spec,
        },
      },
      traffic: changes.traffic ?? [{ latestRevision: true, percent: 100 }],
    },
    status: {
      observedGeneration: 1,
      conditions: [{ type: "Ready", status: "True", lastTransitionTime: "2025-08-20T00:00:00Z" }],
      latestCreatedRevisionName: revisions.created,
      latestReadyRevisionName: revisions.ready,
      traffic: [{ latestRevision: true, percent: 100, revisionName: revisions.ready }],
    },
  };
}
