/** From the raw configuration of a stack to an Environment, or to everything that is wrong with it. */
import { cpuText, milliCpu } from "./compute.ts";
import type { Environment, Role, SecretSource, ServiceSettings } from "./environment.ts";
import { jointProblems } from "./joint.ts";
import * as names from "./names.ts";
import { ConfigurationError, keyText, type Problem, problemsOf } from "./problems.ts";
import { Configuration } from "./schema.ts";
import { weakness } from "./strength.ts";
import { suggest } from "./suggest.ts";

/** The raw configuration of a stack. */
export interface StackConfiguration {
  /** Name of the stack, which is the environment's. */
  readonly environment: string;
  /** Values by full key (`gcp:project`); lists and maps as JSON text, as Pulumi hands them to a program. */
  readonly values: Readonly<Record<string, string>>;
  /** The keys whose values are kept as Pulumi secrets. */
  readonly secretKeys: ReadonlySet<string>;
}

/** Cloud Run's public placeholder, for services whose pipeline brings the real image. */
const placeholderImage = "us-docker.pkg.dev/cloudrun/container/hello";

/** Settings of the gcp provider that this program leaves to it (https://www.pulumi.com/registry/packages/gcp/installation-configuration/). */
const providerSettings = [
  "accessToken",
  "addPulumiAttributionLabel",
  "batching",
  "billingProject",
  "credentials",
  "defaultLabels",
  "deletionPolicy",
  "disableGlobalProjectWarning",
  "disableGooglePartnerName",
  "externalCredentials",
  "googlePartnerName",
  "impersonateServiceAccount",
  "impersonateServiceAccountDelegates",
  "pollInterval",
  "preferGlobalEndpoints",
  "preferRegionalEndpoints",
  "pulumiAttributionLabelAdditionStrategy",
  "requestReason",
  "requestTimeout",
  "scopes",
  "skipRegionValidation",
  "terraformAttributionLabelAdditionStrategy",
  "universeDomain",
  "userProjectOverride",
  "zone",
];

/** Namespaces that belong to the engine and the other provider. */
const foreignNamespaces = ["pulumi", "random"];

const valuesKey = "jwt-secret:values";

/** Parses text that Pulumi made from a list, a map, a boolean; what is not JSON stays text. */
function parse(key: string, text: string): unknown {
  if (!key.startsWith("jwt-secret:") || key === "jwt-secret:projectNumber") return text;
  if (key === "jwt-secret:tokenLifetime" && /^\d+$/.test(text)) return Number(text);
  if (!/^[[{]|^(true|false)$/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The keys this program must understand, parsed; problems for keys of the provider that do not exist. */
function select(stack: StackConfiguration): { raw: Record<string, unknown>; problems: Problem[] } {
  const raw: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const [key, text] of Object.entries(stack.values)) {
    const [namespace = "", setting = ""] = key.split(/:(.*)/s);
    if (foreignNamespaces.includes(namespace)) continue;
    if (namespace === "gcp" && setting !== "project" && setting !== "region") {
      if (providerSettings.includes(setting) || /^[a-z]\w*CustomEndpoint$/.test(setting)) continue;
      const near = suggest(setting, ["project", "region", ...providerSettings]);
      const advice = near === undefined ? "remove it" : `did you mean gcp:${near}?`;
      problems.push({ key: keyText([key]), text: `is not a setting of the gcp provider; ${advice}` });
      continue;
    }
    raw[key] = parse(key, text);
  }
  return { raw, problems };
}

function environmentProblems(name: string): Problem[] {
  const key = "the stack's name";
  if (!names.environmentPattern.test(name)) {
    const text =
      "must be lower-case letters, digits and -, beginning with a letter; choose another for the stack";
    return [{ key, text: `${JSON.stringify(name)} ${text}` }];
  }
  if (names.forbiddenEnvironments.some((forbidden) => forbidden === name)) {
    const variable = names.jwtVariableNames(name)[0];
    return [
      {
        key,
        text: `${name} would make ${variable}, which means something else; choose another for the stack`,
      },
    ];
  }
  return [];
}

function projectProblems(stack: StackConfiguration): Problem[] {
  const project = stack.values["gcp:project"];
  if (project === undefined || !names.isPlaceholderProject(project)) return [];
  const command = `pulumi config set gcp:project PROJECT_ID --stack ${stack.environment}`;
  return [{ key: "gcp:project", text: `${project} is a placeholder; name your project with: ${command}` }];
}

/** What is wrong with the supplied keys. Speaks of values that zod has accepted or not: each is looked at by itself. */
function valueProblems(stack: StackConfiguration, raw: Record<string, unknown>): Problem[] {
  const secret = raw["jwt-secret:secret"];
  const setting = (name: string) =>
    typeof secret === "object" && secret !== null ? Reflect.get(secret, name) : undefined;
  const values = raw[valuesKey];
  const set = (generation: unknown) =>
    `pulumi config set --secret --path '${valuesKey}["${generation}"]' --stack ${stack.environment}`;
  if (setting("source") !== "supplied") {
    if (values === undefined) return [];
    return [{ key: valuesKey, text: "is for source: supplied only; remove it, or write source: supplied" }];
  }
  const problems: Problem[] = [];
  const given = typeof values === "object" && values !== null ? values : {};
  const live = [setting("current") ?? 1, setting("previous")].filter((one) => Number.isInteger(one));
  for (const generation of live) {
    if (!Object.hasOwn(given, String(generation))) {
      const text = `is missing, but generation ${generation} is in use; set it with: ${set(generation)}`;
      problems.push({ key: keyText([valuesKey, String(generation)]), text });
    }
  }
  const entries = Object.entries(given);
  if (entries.length > 0 && !stack.secretKeys.has(valuesKey)) {
    problems.push({
      key: valuesKey,
      text: `is stored in clear, so these keys are burnt; make new ones and set each with: ${set(entries[0]?.[0])}`,
    });
  }
  for (const [generation, value] of entries) {
    const weak = typeof value === "string" ? weakness(value) : undefined;
    if (weak !== undefined) {
      const text = `${weak}; make a key with: openssl rand -base64 64 | tr -d '\\n'`;
      problems.push({ key: keyText([valuesKey, generation]), text });
    }
  }
  const [current, previous] = live.map((generation) => Reflect.get(given, String(generation)));
  if (live.length === 2 && current !== undefined && current === previous && live[0] !== live[1]) {
    problems.push({ key: valuesKey, text: "gives current and previous generation one key; make a new one" });
  }
  return problems;
}

function serviceOf(
  role: Role,
  environment: string,
  settings: Configuration["jwt-secret:services"][Role],
): ServiceSettings {
  const { startupProbe, cpu, ...rest } = settings;
  const milli = milliCpu(cpu) ?? 1000;
  return {
    ...rest,
    name: settings.name ?? `${role}-${environment}`,
    account: settings.account ?? `${role}-${environment}`,
    image: settings.image ?? placeholderImage,
    // As it is written where Cloud Run writes it so: another spelling of the same would show as a change.
    cpu: cpu === `${milli}m` ? cpu : cpuText(milli),
    concurrency: settings.concurrency ?? (milli < 1000 ? 1 : 80),
    deletionProtection: settings.deletionProtection ?? environment === "production",
    ...(startupProbe && { startupProbe: { ...startupProbe, port: startupProbe.port ?? settings.port } }),
  };
}

function secretOf(
  environment: string,
  project: string,
  secret: Configuration["jwt-secret:secret"],
): SecretSource {
  if (secret.source !== "existing") return { ...secret, name: secret.name ?? `jwt-secret-${environment}` };
  const [, elsewhere, name = secret.name] = /^projects\/([^/]+)\/secrets\/(.+)$/.exec(secret.name) ?? [];
  return { ...secret, project: elsewhere ?? project, name };
}

function environmentOf(name: string, configuration: Configuration): Environment {
  const project = configuration["gcp:project"];
  const number = configuration["jwt-secret:projectNumber"];
  const lifetime = configuration["jwt-secret:tokenLifetime"];
  const { auth, backend } = configuration["jwt-secret:services"];
  return {
    name,
    project,
    ...(number !== undefined && { projectNumber: number }),
    region: configuration["gcp:region"],
    secret: secretOf(name, project, configuration["jwt-secret:secret"]),
    replication: configuration["jwt-secret:replication"],
    services: { auth: serviceOf("auth", name, auth), backend: serviceOf("backend", name, backend) },
    accessors: [...new Set(configuration["jwt-secret:accessors"])],
    enableApis: configuration["jwt-secret:enableApis"],
    grantRetry: configuration["jwt-secret:grantRetry"],
    ...(lifetime !== undefined && { tokenLifetime: lifetime }),
  };
}

/**
 * Reads the environment that a stack's configuration describes.
 *
 * @throws ConfigurationError with every problem found, each naming its key
 */
export function readEnvironment(stack: StackConfiguration): Environment {
  const { raw, problems } = select(stack);
  const parsed = Configuration.safeParse(raw);
  problems.unshift(...environmentProblems(stack.environment), ...projectProblems(stack));
  if (!parsed.success) problems.push(...problemsOf(parsed.error, raw));
  problems.push(...valueProblems(stack, raw));
  problems.push(...jointProblems(stack.environment, raw));
  if (!parsed.success || problems.length > 0) throw new ConfigurationError(stack.environment, problems);
  return environmentOf(stack.environment, parsed.data);
}
