/** Small sound Cloud Run services, as gcloud and the API print them, for tests to change in one place. */

const secretVariable = {
  name: "JWT_SECRET_KEY",
  valueFrom: { secretKeyRef: { name: "jwt-secret-staging", key: "1" } },
};

export const v1 = (name: string, environment: string | undefined = "staging") => ({
  apiVersion: "serving.knative.dev/v1",
  kind: "Service",
  metadata: {
    name,
    namespace: "123456789012",
    generation: 4,
    labels: { "cloud.googleapis.com/location": "us-central1" },
  } as Record<string, unknown>,
  spec: {
    template: {
      metadata: { annotations: {} as Record<string, string> },
      spec: {
        containers: [
          {
            env: [
              ...(environment === undefined ? [] : [{ name: "ENVIRONMENT", value: environment }]),
              secretVariable,
            ],
          },
        ],
        serviceAccountName: `${name}@netra-staging.iam.gserviceaccount.com`,
      },
    },
  },
  status: {
    observedGeneration: 4,
    latestCreatedRevisionName: `${name}-00002-abc`,
    latestReadyRevisionName: `${name}-00002-abc`,
    conditions: [{ type: "Ready", status: "True" }],
    traffic: [{ latestRevision: true, percent: 100, revisionName: `${name}-00002-abc` }],
  },
});

export const v2 = (name: string, environment = "staging") => {
  const fullName = `projects/netra-staging/locations/us-central1/services/${name}`;
  return {
    name: fullName,
    generation: "4",
    observedGeneration: "4",
    latestCreatedRevision: `${fullName}/revisions/${name}-00002-abc`,
    latestReadyRevision: `${fullName}/revisions/${name}-00002-abc`,
    trafficStatuses: [{ type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 100 }],
    template: {
      serviceAccount: `${name}@netra-staging.iam.gserviceaccount.com`,
      containers: [
        {
          env: [
            { name: "ENVIRONMENT", value: environment },
            {
              name: "JWT_SECRET_KEY",
              valueSource: { secretKeyRef: { secret: "jwt-secret-staging", version: "1" } },
            },
          ],
        },
      ],
    },
  };
};
