/** What only shows when several settings are seen together, or with the defaults that stand in for them. */
import { computeProblem, mebibytes, milliCpu } from "./compute.ts";
import { type Role, roles } from "./environment.ts";
import * as names from "./names.ts";
import type { Problem } from "./problems.ts";
import { Configuration } from "./schema.ts";
import { serviceSettings } from "./schema-service.ts";

/** A property of what may be anything. */
function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

/** The settings of a service that are right by themselves, defaults included; the others are undefined. */
function soundSettings(raw: unknown, role: Role) {
  const { shape } = serviceSettings[role];
  const one = <Output>(
    schema: { safeParse(value: unknown): { success: true; data: Output } | { success: false } },
    name: string,
  ): Output | undefined => {
    const parsed = schema.safeParse(property(raw, name));
    return parsed.success ? parsed.data : undefined;
  };
  return {
    image: property(raw, "image"),
    name: one(shape.name, "name"),
    account: one(shape.account, "account"),
    deployedBy: one(shape.deployedBy, "deployedBy"),
    cpu: one(shape.cpu, "cpu"),
    memory: one(shape.memory, "memory"),
    concurrency: one(shape.concurrency, "concurrency"),
    minInstances: one(shape.minInstances, "minInstances"),
    maxInstances: one(shape.maxInstances, "maxInstances"),
    public: one(shape.public, "public"),
    invokers: one(shape.invokers, "invokers"),
    env: one(shape.env, "env"),
    secrets: one(shape.secrets, "secrets"),
    jwtVariables: one(shape.jwtVariables, "jwtVariables"),
  };
}

function serviceProblems(environment: string, role: Role, raw: unknown): Problem[] {
  const settings = soundSettings(raw, role);
  const problems: Problem[] = [];
  const key = `jwt-secret:services.${role}`;
  const problem = (name: string, text: string) => problems.push({ key: `${key}.${name}`, text });
  if (settings.image === undefined && settings.deployedBy === "pulumi") {
    problem("image", "is missing; write the container image, or deployedBy: pipeline");
  }
  const { minInstances, maxInstances } = settings;
  if (minInstances !== undefined && maxInstances !== undefined && minInstances > maxInstances) {
    problem("minInstances", `is ${minInstances}, more than maxInstances (${maxInstances}); lower it`);
  }
  problems.push(...variableProblems(settings).map(([name, text]) => ({ key: `${key}.${name}`, text })));
  if (settings.public === true && (settings.invokers?.length ?? 0) > 0) {
    problem("invokers", "means nothing on a public service; remove it, or write public: false");
  }
  const milli = settings.cpu === undefined ? undefined : milliCpu(settings.cpu);
  const memory = settings.memory === undefined ? undefined : mebibytes(settings.memory);
  if (milli !== undefined && memory !== undefined) {
    const compute = computeProblem(milli, memory, settings.concurrency ?? 1);
    if (compute !== undefined) problem(compute.setting, compute.text);
  }
  const defaultName = `${role}-${environment}`;
  if (property(raw, "name") === undefined && !names.servicePattern.test(defaultName)) {
    problem("name", `would be ${defaultName}, over 49 characters; write a shorter one`);
  }
  if (property(raw, "account") === undefined && !names.accountPattern.test(defaultName)) {
    problem("account", `would be ${defaultName}, which is not 6 to 30 characters; write another`);
  }
  return problems;
}

/** A variable can be one thing only. */
function variableProblems({
  env = {},
  secrets = {},
  jwtVariables = [],
}: Pick<ReturnType<typeof soundSettings>, "env" | "secrets" | "jwtVariables">): [string, string][] {
  const taken = (name: string) => Object.hasOwn(env, name) || Object.hasOwn(secrets, name);
  return [
    ...Object.keys(secrets)
      .filter((name) => Object.hasOwn(env, name))
      .map((name): [string, string] => [`secrets.${name}`, "is set in env too; remove one of them"]),
    ...jwtVariables
      .filter((name, index) => taken(name) || jwtVariables.indexOf(name) !== index)
      .map((name): [string, string] => ["jwtVariables", `names ${name}, which is set elsewhere; remove one`]),
  ];
}

function sameName(environment: string, services: unknown, setting: "name" | "account"): Problem[] {
  const [auth, backend] = roles.map(
    (role) => property(property(services, role), setting) ?? `${role}-${environment}`,
  );
  if (auth !== backend) return [];
  // Two services may run as one account that exists; one that is made can be made only once.
  if (setting === "account" && typeof auth === "string" && names.isAccountEmail(auth)) return [];
  return [{ key: `jwt-secret:services.backend.${setting}`, text: "is auth's too; write another" }];
}

function secretProblems(environment: string, raw: Readonly<Record<string, unknown>>): Problem[] {
  const { data: secret } = Configuration.shape["jwt-secret:secret"].safeParse(raw["jwt-secret:secret"]);
  if (secret === undefined) return [];
  const problems: Problem[] = [];
  if (secret.previous === secret.current) {
    const text = "is the current one; remove it, or raise current";
    problems.push({ key: "jwt-secret:secret.previous", text });
  }
  const url = property(property(raw["jwt-secret:services"], "backend"), "authServiceUrl");
  const given = raw["jwt-secret:projectNumber"] !== undefined || url !== undefined;
  if (secret.source === "existing" && !given) {
    const command = `gcloud projects describe PROJECT_ID --format='value(projectNumber)'`;
    const text = `is missing, and source: existing leaves nowhere to read it; write what this prints: ${command}`;
    problems.push({ key: "jwt-secret:projectNumber", text });
  }
  const name = `jwt-secret-${environment}`;
  if (secret.source !== "existing" && secret.name === undefined && !names.secretPattern.test(name)) {
    problems.push({
      key: "jwt-secret:secret.name",
      text: "would be over 255 characters; write a shorter one",
    });
  }
  return problems;
}

/** Who can read the key can be anybody: a test gets staging's. */
function accessorProblems(environment: string, raw: Readonly<Record<string, unknown>>): Problem[] {
  const { data: accessors } = Configuration.shape["jwt-secret:accessors"].safeParse(
    raw["jwt-secret:accessors"],
  );
  if (accessors === undefined || !names.isProductionName(environment)) return [];
  if (raw["jwt-secret:testAccess"] !== undefined) return [];
  return accessors.flatMap((member, index) =>
    names.isTestIdentity(member)
      ? [
          {
            key: `jwt-secret:accessors[${index}]`,
            text: `is a test's account by its name (${member}), and ${environment} is production; remove it, or say why in jwt-secret:testAccess`,
          },
        ]
      : [],
  );
}

/** Problems that no single setting shows. Settings that are wrong by themselves are passed over. */
export function jointProblems(environment: string, raw: Readonly<Record<string, unknown>>): Problem[] {
  const services = raw["jwt-secret:services"];
  const present = roles.filter((role) => typeof property(services, role) === "object");
  const problems = present.flatMap((role) => serviceProblems(environment, role, property(services, role)));
  if (present.length === roles.length) {
    problems.push(...sameName(environment, services, "name"), ...sameName(environment, services, "account"));
  }
  return [...problems, ...secretProblems(environment, raw), ...accessorProblems(environment, raw)];
}
