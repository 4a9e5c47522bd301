/**
 * What is deployed, as far as a rotation needs it, from the stack's state. It is the only witness of when auth began to
 * sign with a key: whatever the state does not hold is undetermined, and nothing is guessed from the file or the clock.
 */
import { z } from "zod";
import { readValue } from "../../documents/document.ts";
import { DocumentError } from "../../documents/error.ts";
import { parseUrn } from "../../documents/pulumi/urn.ts";
import { isObject } from "../../documents/text.ts";
import { jwtVariableNames, previousVariable } from "../../environment/names.ts";
import { type Declared, type Role, roles, type Service } from "../../policy/facts.ts";
import { Failure } from "../command.ts";
import { commandsOf, type Place } from "./places.ts";
import type { StackSettings } from "./stack-file.ts";

/** A version of the secret that a service carries, and the generation it is. */
export interface Carried {
  /** The version's number in Secret Manager. */
  readonly version: string;
  /** Undefined for a version that this stack's generations do not account for. */
  readonly generation: number | undefined;
}

/** What a deployed service carries. */
export interface DeployedService {
  /** What it finds under every JWT variable. */
  readonly current: Carried;
  /** What it finds in JWT_SECRET_PREVIOUS. */
  readonly previous?: Carried;
}

/** What the state says. */
export interface Deployed {
  readonly services: Readonly<Record<Role, DeployedService>>;
  /** When auth was last changed, and so the latest moment at which it can have begun to sign with its key. */
  readonly authChanged: Date;
  /** Seconds a request to auth may last, as deployed. */
  readonly authTimeout: number | undefined;
}

const Traffic = z
  .array(z.looseObject({ type: z.string().nullish(), percent: z.number().nullish() }))
  .nullish();
const latest = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST";

/**
 * What the facts of a check do not hold. `modified` is set by the engine when the provider has answered the update
 * (pulumi 3.259, pkg/resource/deploy/step.go, UpdateStep.Apply); `updateTime` is Google's own.
 */
const Times = z.looseObject({
  urn: z.string(),
  modified: z.iso.datetime({ offset: true }).optional(),
  initErrors: z.array(z.string()).nullish(),
  inputs: z
    .looseObject({
      traffics: Traffic,
      template: z.looseObject({ timeout: z.string().optional() }).optional().catch(undefined),
    })
    .optional(),
  outputs: z
    .looseObject({
      updateTime: z.string().nullish(),
      reconciling: z.boolean().nullish(),
      latestReadyRevision: z.string().nullish(),
      latestCreatedRevision: z.string().nullish(),
      trafficStatuses: Traffic,
    })
    .optional(),
});

const Operation = z.looseObject({ type: z.string(), resource: z.looseObject({ urn: z.string() }) });
const Deployment = z.object({
  resources: z.array(z.unknown()).nullish(),
  pending_operations: z.array(z.unknown()).nullish(),
});
const State = z.object({
  deployment: Deployment.optional(),
  checkpoint: z.object({ latest: Deployment.optional() }).optional(),
});

/** Reads a state that says nothing of its services as a failure with the way out. */
class Reader {
  readonly file: string;
  readonly place: Place;
  readonly settings: StackSettings;

  constructor(file: string, place: Place, settings: StackSettings) {
    this.file = file;
    this.place = place;
    this.settings = settings;
  }

  fail(what: string, todo: string): never {
    throw new Failure(`${this.file}: ${what}: ${todo}`);
  }

  /** The raw resource of a service, whose last change must have ended well and serve all traffic. */
  settled(value: unknown, service: Service, role: Role): z.output<typeof Times> {
    const { deployment, checkpoint } = State.parse(value);
    const state = deployment ?? checkpoint?.latest;
    // One about another resource says nothing of what the services carry. A creation that was cut off stays noted after
    // a later update has made the resource, until a refresh clears it.
    const open = (state?.pending_operations ?? []).map((one) => Operation.safeParse(one).data);
    if (open.some((one) => one === undefined || one.resource.urn === service.location.urn)) {
      this.fail(
        `an update of ${role} was cut off, so it is not known what is deployed`,
        `${this.again()}; if it stays, \`pulumi refresh --stack ${this.place.environment} --clear-pending-creates\``,
      );
    }
    const raw = (state?.resources ?? []).find((one) => isObject(one) && one.urn === service.location.urn);
    const times = Times.safeParse(raw);
    if (!times.success) return this.fail(`${role} is not written as the engine writes it`, this.export());
    const { initErrors, inputs, outputs } = times.data;
    const serving = outputs?.latestReadyRevision;
    if (typeof serving !== "string" || serving === "") {
      this.fail(`does not say which revision of ${role} serves`, this.export());
    }
    if ((initErrors ?? []).length > 0 || serving !== outputs?.latestCreatedRevision) {
      this.fail(`the newest revision of ${role} is not ready, so an older one serves`, this.again());
    }
    if (outputs?.reconciling === true) this.fail(`${role} was still being changed`, this.export());
    const targets = [...(inputs?.traffics ?? []), ...(outputs?.trafficStatuses ?? [])];
    if (targets.some(({ type, percent }) => type !== latest || percent !== 100)) {
      this.fail(
        `${role}'s traffic does not all go to its newest revision, so an older one may sign or verify`,
        "send all traffic to the newest revision, `pulumi refresh`, and run this again",
      );
    }
    return times.data;
  }

  /** The one version that these variables carry, in all containers; undefined when none is there. */
  carried(service: Service, role: Role, names: readonly string[], declared: Declared): Carried | undefined {
    if (!Array.isArray(service.containers)) {
      return this.fail(`${role}'s variables are hidden (${service.containers.reason})`, this.export());
    }
    const found = service.containers
      .flatMap(({ variables }) => variables)
      .filter(({ name, via }) => via === "variable" && names.includes(name));
    const versions = new Set<string>();
    for (const { name, value } of found) {
      if (value.kind !== "reference") {
        return this.fail(`${name} of ${role} is no reference to a secret`, "see jwt-secret check");
      }
      const { secret, version } = value.reference;
      if (secret.kind !== "known" || version.kind !== "known" || !/^\d+$/u.test(version.value)) {
        return this.fail(`${name} of ${role} shows no version's number`, "see jwt-secret check");
      }
      if (secret.value !== this.settings.secretName) {
        this.fail(
          `${name} of ${role} reads the secret ${secret.value}, the configuration says ${this.settings.secretName}`,
          this.deploy(),
        );
      }
      versions.add(version.value);
    }
    const [version, ...others] = versions;
    if (others.length > 0)
      this.fail(`the JWT variables of ${role} carry several versions`, "see jwt-secret check");
    return version === undefined ? undefined : { version, generation: this.generation(version, declared) };
  }

  /** With `existing` a generation is a version's number; otherwise the state says which version it became. */
  generation(version: string, declared: Declared): number | undefined {
    if (this.settings.secret.source === "existing") return Number(version);
    const made = declared.versions.filter(
      (one) => one.version.kind === "known" && one.version.value === version,
    );
    const [generation, ...others] = made.flatMap(({ urn }) => {
      const number = /^jwt-secret-g(\d+)$/u.exec(parseUrn(urn)?.logicalName ?? "")?.[1];
      return number === undefined ? [] : [Number(number)];
    });
    return others.length === 0 ? generation : undefined;
  }

  again = (): string => `run \`${commandsOf(this.place).deploy}\` until it ends well, then this again`;
  deploy = (): string => `deploy first, \`${commandsOf(this.place).deploy}\``;
  export = (): string => `export the state again, \`${commandsOf(this.place).export}\``;
}

/**
 * Reads what is deployed.
 *
 * @param value the state: `pulumi stack export`, parsed
 * @param file how messages call it
 * @throws Failure for whatever the state does not tell, with the reason
 */
export function readDeployed(value: unknown, file: string, place: Place, settings: StackSettings): Deployed {
  const { environment } = place;
  const reader = new Reader(file, place, settings);
  if (!isObject(value) || !("deployment" in value || "checkpoint" in value)) {
    return reader.fail("is not a state", reader.export());
  }
  const { services, declared, stack } = factsOf(value, file);
  if (stack !== undefined && stack !== environment) {
    reader.fail(`is the state of ${stack}, not of ${environment}`, reader.export());
  }
  const of = (role: Role) => {
    const [service, ...others] = services.filter((one) => one.role === role && one.kind === "service");
    if (service === undefined || others.length > 0) {
      return reader.fail(`holds no ${role} that this project deployed`, reader.deploy());
    }
    const current = reader.carried(service, role, jwtVariableNames(environment), declared);
    if (current === undefined) return reader.fail(`${role} carries no JWT variable`, reader.deploy());
    const previous = reader.carried(service, role, [previousVariable], declared);
    return {
      times: reader.settled(value, service, role),
      carried: { current, ...(previous && { previous }) },
    };
  };
  const [auth, backend] = roles.map(of);
  if (auth === undefined || backend === undefined) return reader.fail("lacks a service", reader.deploy());
  return {
    services: { auth: auth.carried, backend: backend.carried },
    authChanged:
      changed(auth.times) ?? reader.fail("does not say when auth was last changed", reader.export()),
    authTimeout: seconds(auth.times.inputs?.template?.timeout),
  };
}

function factsOf(value: object, file: string) {
  try {
    const document = readValue(value, { file });
    if (document.kind === "pulumi") return document;
  } catch (error) {
    if (error instanceof DocumentError) throw new Failure(error.describe());
    throw error;
  }
  throw new Failure(`${file} is not a state`);
}

/** The later of the engine's time and Google's: two clocks, and the careful one counts. */
function changed({ modified, outputs }: z.output<typeof Times>): Date | undefined {
  if (modified === undefined) return undefined;
  const times = [modified, outputs?.updateTime ?? modified].map((text) => Date.parse(text));
  return times.some(Number.isNaN) ? undefined : new Date(Math.max(...times));
}

function seconds(timeout: string | undefined): number | undefined {
  const text = /^(\d+(?:\.\d+)?)s$/u.exec(timeout ?? "")?.[1];
  return text === undefined ? undefined : Math.ceil(Number(text));
}
