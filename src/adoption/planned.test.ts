/** What adoption expects of the program is what the program does. */
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { roles } from "../environment/environment.ts";
import { readEnvironment } from "../environment/read.ts";
import { JwtEnvironment } from "../infrastructure/jwt-environment.ts";
import { recordPreview } from "../infrastructure/monitor.ts";
import { programVariables } from "./changes.ts";
import { plannedArgs } from "./planned.ts";
import { variablesOf } from "./settings.ts";
import { branchesOf, branchOf, isBranch, type Tree, tidy, treeOf } from "./tree.ts";

const baseline = { image: "x:1" };
const cases: [string, object][] = [
  ["the defaults", baseline],
  [
    "everything set",
    {
      ...baseline,
      env: { A: "1" },
      secrets: { DB: "db@latest", SHARED: "projects/other-project/secrets/s@2" },
      jwtVariables: ["SIGNING_KEY"],
      authServiceUrl: "https://auth.example.com",
      port: 9000,
      cpu: "2000m",
      memory: "1Gi",
      cpuIdle: true,
      startupCpuBoost: true,
      minInstances: 1,
      maxInstances: 7,
      concurrency: 20,
      timeout: 42,
      sessionAffinity: true,
      ingress: "internal",
      public: true,
      deletionProtection: true,
      startupProbe: { path: "/up", initialDelay: 3, timeout: 2, period: 4, failureThreshold: 5 },
    },
  ],
  [
    "less than a CPU, and a probe by TCP",
    { ...baseline, cpu: 0.5, startupProbe: { port: 9 }, authServiceUrl: false },
  ],
];

const withoutOurs = (args: Tree | undefined, ours: readonly string[]): Tree | undefined => {
  if (!isBranch(args)) return args;
  const { name: _n, project: _p, location: _l, ...rest } = args;
  const { serviceAccount: _s, ...template } = branchOf(rest, "template");
  const containers = branchesOf(template.containers).map((one) => ({
    ...one,
    envs: branchesOf(one.envs).filter(({ name }) => typeof name !== "string" || !ours.includes(name)),
  }));
  return tidy({ ...rest, template: { ...template, containers } });
};

test.each(cases)("with %s", async (_, settings) => {
  const config = {
    "gcp:project": "shop-staging",
    "gcp:region": "us-central1",
    "jwt-secret:secret": JSON.stringify({ source: "existing", name: "jwt", current: 3, previous: 2 }),
    "jwt-secret:projectNumber": "424242424242",
    "jwt-secret:services": JSON.stringify({ auth: settings, backend: settings }),
  };
  const environment = readEnvironment({ environment: "staging", values: config, secretKeys: new Set() });
  const recording = await recordPreview("jwt-secret", "staging");
  await pulumi.runtime.runInPulumiStack(async () => {
    new JwtEnvironment("environment", { environment });
  });
  await pulumi.runtime.disconnect();
  const unknown = { kind: "unknown", reason: "" } as const;
  const key = { project: "shop-staging", secret: "jwt", current: 3, previous: 2, notes: [] };
  const said = {
    environment: "staging",
    key: { ...key, reference: { project: unknown, secret: unknown, version: unknown } },
    secretName: "jwt",
    authUrl: `https://${environment.services.auth.name}-424242424242.us-central1.run.app`,
  };
  for (const role of roles) {
    const registered = recording.registrations.find(
      ({ type, name }) => type === "gcp:cloudrunv2/service:Service" && name === role,
    );
    const inputs = treeOf(registered?.inputs);
    const ours = programVariables(role, environment.services[role], said);
    expect(
      withoutOurs(
        inputs,
        ours.map(({ name }) => name),
      ),
    ).toEqual(tidy(plannedArgs("staging", environment.services[role])));
    const [container] = branchesOf(branchOf(inputs, "template").containers);
    const set = variablesOf(container).filter(({ name }) => ours.some((one) => one.name === name));
    expect(set).toEqual(ours.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
  }
});
