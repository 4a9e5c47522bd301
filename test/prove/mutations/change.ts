/** What mutations are made of: picking services and variables, and changing what they refer to. */
import { jwtSecretName, literal, ownVariable, reference } from "../baseline.ts";
import type { Dice } from "../dice.ts";
import type { Case, Environment, Ref, Service, Variable } from "../model.ts";

/** Changes a case, for the most part one environment of it. */
export type Mutation = (subject: Case, environment: Environment, dice: Dice) => void;

export const jwtNames = (environment: Environment) => [
  ownVariable(environment.name),
  "JWT_SECRET_KEY",
  "JWT_SECRET",
];

/** One of auth and backend as they stand. */
export function oneOfThePair(environment: Environment, dice: Dice): Service {
  const found = pair(environment);
  return found.length > 0 ? dice.pick(found) : nobody();
}

/** Takes the changes meant for a service when an earlier mutation left none. */
export function nobody(): Service {
  return {
    kind: "service",
    resource: "nobody",
    name: "nobody",
    project: 0,
    region: "us-central1",
    account: null,
    containers: [],
    serving: "latest",
  };
}

export function pair(environment: Environment): Service[] {
  const found = environment.services.filter(({ resource }) => resource === "auth" || resource === "backend");
  return found.length > 0 ? found : environment.services;
}

export function jwtVariables(environment: Environment, service: Service): Variable[] {
  return service.containers.flatMap(({ variables }) =>
    variables.filter(({ name }) => jwtNames(environment).includes(name)),
  );
}

export function changeRef(variable: Variable, change: (ref: Ref) => Ref): void {
  if (variable.value.kind === "reference") {
    variable.value = { kind: "reference", ref: change(variable.value.ref) };
  }
}

export function currentRef(environment: Environment): Ref {
  for (const service of environment.services) {
    for (const { value } of jwtVariables(environment, service)) {
      if (value.kind === "reference") return value.ref;
    }
  }
  return { project: environment.home, secret: jwtSecretName(environment.name), version: "1" };
}

/** Sets a variable of the first container. */
export function set(service: Service, variable: Variable): void {
  const [main] = service.containers;
  if (!main) return;
  main.variables = [...main.variables.filter(({ name }) => name !== variable.name), variable];
}

export function drop(service: Service, names: readonly string[]): void {
  for (const container of service.containers) {
    container.variables = container.variables.filter(({ name }) => !names.includes(name));
  }
}

export function everyVariable(change: (ref: Ref, dice: Dice, environment: Environment) => Ref): Mutation {
  return (_, environment, dice) => {
    const service = oneOfThePair(environment, dice);
    for (const variable of jwtVariables(environment, service)) {
      changeRef(variable, (ref) => change(ref, dice, environment));
    }
    for (const { files } of service.containers) {
      files.forEach((file) => {
        file.ref = change(file.ref, dice, environment);
      });
    }
  };
}

export function oneVariable(change: (ref: Ref, dice: Dice, environment: Environment) => Ref): Mutation {
  return (_, environment, dice) => {
    const variables = jwtVariables(environment, oneOfThePair(environment, dice));
    if (variables.length > 0) changeRef(dice.pick(variables), (ref) => change(ref, dice, environment));
  };
}

export function everywhere(change: (ref: Ref, environment: Environment) => Ref): Mutation {
  return (_, environment) => {
    for (const service of environment.services) {
      for (const variable of jwtVariables(environment, service)) {
        changeRef(variable, (ref) => change(ref, environment));
      }
      for (const { files } of service.containers) {
        files.forEach((file) => {
          file.ref = change(file.ref, environment);
        });
      }
    }
  };
}

export const otherSecret = (ref: Ref, dice: Dice, environment: Environment): Ref => ({
  ...ref,
  secret: dice.pick([`jwt-secret-key-${environment.name}`, "jwt-secret", `${ref.secret}x`]),
});
export const otherVersion = (ref: Ref): Ref => ({ ...ref, version: ref.version === "1" ? "2" : "1" });
/** What a template leaves where a value has not been put in. */
export const placeholder = (name: string) => ["$", "{", name, "}"].join("");
export const version =
  (text: string | null) =>
  (ref: Ref): Ref => ({ ...ref, version: text });

/** Both services with exactly these JWT variables, as a row of the table of the field had them. */
export function row(
  backend: Record<string, string>,
  auth: Record<string, string>,
  pinned: boolean,
  reads?: Record<"auth" | "backend", string[]>,
): Mutation {
  return (subject, environment) => {
    for (const service of pair(environment)) {
      const names = service.resource === "auth" ? auth : backend;
      drop(service, jwtNames(environment));
      for (const [key, name] of Object.entries(names)) {
        const variable = key === "OWN" ? ownVariable(environment.name) : key;
        const secret = name.replace("$", environment.name);
        set(
          service,
          reference(variable, { project: environment.home, secret, version: pinned ? "1" : "latest" }),
        );
      }
    }
    if (reads) {
      subject.options.reads = {
        auth: reads.auth.map((name) => (name === "OWN" ? ownVariable(environment.name) : name)),
        backend: reads.backend.map((name) => (name === "OWN" ? ownVariable(environment.name) : name)),
      };
    }
  };
}

/** Also declares what the services of the environment refer to, so that only their disagreement is wrong. */
export function declareAll(environment: Environment): void {
  for (const service of environment.services) {
    for (const { value } of jwtVariables(environment, service)) {
      if (value.kind === "reference") declare(environment, value.ref);
    }
  }
}

export function declare(environment: Environment, ref: Ref): void {
  if (environment.source === "existing") return;
  let secret = environment.secrets.find(({ id, project }) => id === ref.secret && project === ref.project);
  if (!secret) {
    secret = {
      resource: `secret-${environment.secrets.length}`,
      project: ref.project,
      id: ref.secret,
      label: null,
      protect: true,
      ttl: false,
      versions: [],
    };
    environment.secrets = [...environment.secrets, secret];
    environment.grants = [
      ...environment.grants,
      ...environment.grants
        .filter((grant) => !grant.form.startsWith("project") && grant.secret.startsWith("jwt"))
        .map((grant) => ({ ...grant, secret: ref.secret, project: ref.project })),
    ];
  }
  const wanted = Number(ref.version ?? "1");
  for (let number = secret.versions.length + 1; number <= (Number.isNaN(wanted) ? 1 : wanted); number++) {
    secret.versions = [
      ...secret.versions,
      { number: String(number), enabled: true, deletionPolicy: "DISABLE" },
    ];
  }
}

export function inTurn(...steps: Mutation[]): Mutation {
  return (subject, environment, dice) => {
    for (const step of steps) step(subject, environment, dice);
  };
}

export const declared: Mutation = (_, environment) => declareAll(environment);

export function addFurther(
  kind: "service" | "job" | "workerPool",
  change: (ref: Ref) => Variable[],
): Mutation {
  return (_, environment) => {
    const name = `nightly-${environment.name}`;
    if (environment.services.some((service) => service.name === name)) return;
    environment.services = [
      ...environment.services,
      {
        kind,
        resource: "nightly",
        name,
        project: environment.home,
        region: "us-central1",
        account: "nightly",
        containers: [
          {
            name: "main",
            variables: [literal("ENVIRONMENT", environment.name), ...change(currentRef(environment))],
            files: [],
          },
        ],
        serving: "latest",
      },
    ];
  };
}

export function twice(environment: Environment, dice: Dice, change: (ref: Ref) => Ref): void {
  const service = oneOfThePair(environment, dice);
  const [variable] = jwtVariables(environment, service);
  if (variable?.value.kind !== "reference") return;
  const holder = service.containers.find(({ variables }) => variables.includes(variable));
  holder?.variables.push(reference(variable.name, change(variable.value.ref)));
}

export function memberIn(environment: Environment, dice: Dice): string {
  const members = environment.grants.flatMap((grant) => grant.members);
  return members.length > 0 ? dice.pick(members) : "";
}
