import { accountExists } from "./accounts.ts";
import { asArray, asObject, asString, objectField } from "./context.ts";
import { ApiError } from "./errors.ts";
import type { CloudState, JsonObject, JsonValue } from "./state.ts";

/** What Cloud Run fills in and what it refuses in a service's settings before anything is made. */

/** Set by Cloud Run itself (https://cloud.google.com/run/docs/container-contract#services-env-vars). */
const reserved = ["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"];

/**
 * The settings with Cloud Run's defaults (https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services):
 * 300 seconds, 80 requests at once, one CPU, 512 MiB, port 8080, the project's default compute account.
 */
export function withDefaults(settings: JsonObject, projectNumber: string): JsonObject {
  const template = objectField(settings, "template");
  const traffic = asArray(settings.traffic);
  return {
    ingress: "INGRESS_TRAFFIC_ALL",
    launchStage: "GA",
    ...settings,
    traffic: traffic.length > 0 ? traffic : [{ type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 100 }],
    template: {
      timeout: "300s",
      maxInstanceRequestConcurrency: 80,
      serviceAccount: `${projectNumber}-compute@developer.gserviceaccount.com`,
      ...template,
      containers: asArray(template.containers).map((container, index, all) =>
        containerWithDefaults(asObject(container) ?? {}, all.length === 1 || index === 0),
      ),
    },
  };
}

function containerWithDefaults(container: JsonObject, serving: boolean): JsonObject {
  const resources = objectField(container, "resources");
  return {
    ...container,
    resources: {
      ...resources,
      limits: { cpu: "1000m", memory: "512Mi", ...objectField(resources, "limits") },
    },
    ...(serving && container.ports === undefined && { ports: [{ name: "http1", containerPort: 8080 }] }),
  };
}

/** Refuses what Cloud Run refuses at once; nothing is made then. */
export function checkSettings(state: CloudState, request: string, settings: JsonObject): void {
  const template = objectField(settings, "template");
  const where = `Violation in ${request}.service.template`;
  const containers = asArray(template.containers).map((container) => asObject(container) ?? {});
  if (containers.length === 0) throw invalid("spec.template.spec: Revision template was empty");
  const account = asString(template.serviceAccount) ?? "";
  if (!accountExists(state, account)) {
    throw new ApiError(
      "PERMISSION_DENIED",
      `Permission 'iam.serviceaccounts.actAs' denied on service account ${account} (or it may not exist).`,
    );
  }
  for (const [index, container] of containers.entries()) {
    const at = `${where}.containers[${index}]`;
    if (!asString(container.image)) {
      throw invalid(
        `${at}.image: must be a container image path in the form [hostname/]repo-path[:tag and/or @digest]`,
      );
    }
    checkEnv(container, `template.containers[${index}].env`, at);
  }
}

function checkEnv(container: JsonObject, path: string, at: string): void {
  const env = asArray(container.env).map((item) => asObject(item) ?? {});
  const taken = env.map(({ name }) => asString(name) ?? "").filter((name) => reserved.includes(name));
  if (taken.length > 0) {
    throw invalid(
      `${path}: The following reserved env names were provided: ${taken.join(", ")}. These values are automatically set by the system.`,
    );
  }
  for (const [index, item] of env.entries()) {
    const here = `${at}.env[${index}]`;
    if (!asString(item.name)) throw invalid(`${here}.name: must not be empty`);
    const source = asObject(item.valueSource);
    if (!source) continue;
    if (given(item.value)) throw invalid(`${here}: only one of value and value_source can be set`);
    const reference = objectField(source, "secretKeyRef");
    const secret = asString(reference.secret) ?? "";
    if (!/^(projects\/[a-z0-9-]+\/secrets\/)?[a-zA-Z0-9_-]{1,255}$/.test(secret)) {
      throw invalid(
        `${here}.value_source.secret_key_ref.secret: must be in the form {secret_name} or projects/{project_id_or_number}/secrets/{secret_name}: ${secret}`,
      );
    }
    const version = asString(reference.version);
    if (version !== undefined && !/^(latest|\d+|[a-zA-Z][a-zA-Z0-9_-]{0,62})$/.test(version)) {
      throw invalid(
        `${here}.value_source.secret_key_ref.version: must be latest, a number or an alias: ${version}`,
      );
    }
  }
}

/** An empty value beside a reference counts as absent: the provider sends one. */
function given(value: JsonValue | undefined): boolean {
  return typeof value === "string" && value !== "";
}

function invalid(message: string): ApiError {
  return new ApiError("INVALID_ARGUMENT", message);
}
