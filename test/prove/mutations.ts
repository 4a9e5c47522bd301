/**
 * Named changes to a right world: the mistakes of the field, near-misses that are right, and traps for a checker.
 * None says what the verdict should be; that is the oracle's to find out.
 */
import { accessor, elsewhere, jwtSecretName, literal, ownVariable, reference } from "./baseline.ts";
import type { Dice } from "./dice.ts";
import { type Case, type Environment, email, type Ref, type Service, type Variable } from "./model.ts";

type Mutation = (subject: Case, environment: Environment, dice: Dice) => void;

const jwtNames = (environment: Environment) => [
  ownVariable(environment.name),
  "JWT_SECRET_KEY",
  "JWT_SECRET",
];

/** One of auth and backend as they stand. */
function oneOfThePair(environment: Environment, dice: Dice): Service {
  const found = pair(environment);
  return found.length > 0 ? dice.pick(found) : nobody();
}

/** Takes the changes meant for a service when an earlier mutation left none. */
function nobody(): Service {
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

function pair(environment: Environment): Service[] {
  const found = environment.services.filter(({ resource }) => resource === "auth" || resource === "backend");
  return found.length > 0 ? found : environment.services;
}

function jwtVariables(environment: Environment, service: Service): Variable[] {
  return service.containers.flatMap(({ variables }) =>
    variables.filter(({ name }) => jwtNames(environment).includes(name)),
  );
}

function changeRef(variable: Variable, change: (ref: Ref) => Ref): void {
  if (variable.value.kind === "reference") {
    variable.value = { kind: "reference", ref: change(variable.value.ref) };
  }
}

function currentRef(environment: Environment): Ref {
  for (const service of environment.services) {
    for (const { value } of jwtVariables(environment, service)) {
      if (value.kind === "reference") return value.ref;
    }
  }
  return { project: environment.home, secret: jwtSecretName(environment.name), version: "1" };
}

/** Sets a variable of the first container. */
function set(service: Service, variable: Variable): void {
  const [main] = service.containers;
  if (!main) return;
  main.variables = [...main.variables.filter(({ name }) => name !== variable.name), variable];
}

function drop(service: Service, names: readonly string[]): void {
  for (const container of service.containers) {
    container.variables = container.variables.filter(({ name }) => !names.includes(name));
  }
}

function everyVariable(change: (ref: Ref, dice: Dice, environment: Environment) => Ref): Mutation {
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

function oneVariable(change: (ref: Ref, dice: Dice, environment: Environment) => Ref): Mutation {
  return (_, environment, dice) => {
    const variables = jwtVariables(environment, oneOfThePair(environment, dice));
    if (variables.length > 0) changeRef(dice.pick(variables), (ref) => change(ref, dice, environment));
  };
}

function everywhere(change: (ref: Ref, environment: Environment) => Ref): Mutation {
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

const otherSecret = (ref: Ref, dice: Dice, environment: Environment): Ref => ({
  ...ref,
  secret: dice.pick([`jwt-secret-key-${environment.name}`, "jwt-secret", `${ref.secret}x`]),
});
const otherVersion = (ref: Ref): Ref => ({ ...ref, version: ref.version === "1" ? "2" : "1" });
/** What a template leaves where a value has not been put in. */
const placeholder = (name: string) => ["$", "{", name, "}"].join("");
const version =
  (text: string | null) =>
  (ref: Ref): Ref => ({ ...ref, version: text });

/** Both services with exactly these JWT variables, as a row of the table of the field had them. */
function row(
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
function declareAll(environment: Environment): void {
  for (const service of environment.services) {
    for (const { value } of jwtVariables(environment, service)) {
      if (value.kind === "reference") declare(environment, value.ref);
    }
  }
}

function declare(environment: Environment, ref: Ref): void {
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

function then(...steps: Mutation[]): Mutation {
  return (subject, environment, dice) => {
    for (const step of steps) step(subject, environment, dice);
  };
}

const declared: Mutation = (_, environment) => declareAll(environment);

function addFurther(kind: "service" | "job" | "workerPool", change: (ref: Ref) => Variable[]): Mutation {
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

export const mutations: Readonly<Record<string, Mutation>> = {
  // The field, row by row.
  "field 08-21": row({}, { JWT_SECRET: "jwt-secret" }, false),
  "field 08-22": row({ JWT_SECRET_KEY: "jwt-secret-key-$" }, { JWT_SECRET_KEY: "jwt-secret-$" }, false),
  "field 08-22, pinned and declared": then(
    row({ JWT_SECRET_KEY: "jwt-secret-key-$" }, { JWT_SECRET_KEY: "jwt-secret-$" }, true),
    declared,
  ),
  "field 08-24": row(
    { JWT_SECRET_KEY: "jwt-secret-key-$" },
    { JWT_SECRET_KEY: "jwt-secret-key-$", JWT_SECRET: "jwt-secret-$" },
    false,
  ),
  "field 08-31": row(
    { OWN: "jwt-secret-$", JWT_SECRET_KEY: "jwt-secret-key" },
    { OWN: "jwt-secret-$", JWT_SECRET_KEY: "jwt-secret-key" },
    true,
    { auth: ["OWN"], backend: ["JWT_SECRET_KEY"] },
  ),
  "field 09-07": row(
    { JWT_SECRET_KEY: "jwt-secret-$", OWN: "jwt-secret-$", JWT_SECRET: "jwt-secret-$" },
    { JWT_SECRET_KEY: "jwt-secret-$", OWN: "jwt-secret-$", JWT_SECRET: "jwt-secret-$" },
    false,
  ),
  "field 09-07, pinned": row(
    { JWT_SECRET_KEY: "jwt-secret-$", OWN: "jwt-secret-$", JWT_SECRET: "jwt-secret-$" },
    { JWT_SECRET_KEY: "jwt-secret-$", OWN: "jwt-secret-$", JWT_SECRET: "jwt-secret-$" },
    true,
  ),

  // References.
  "another secret on one service": everyVariable(otherSecret),
  "another secret on one service, declared": then(everyVariable(otherSecret), declared),
  "another secret in one variable": oneVariable(otherSecret),
  "another project on one service": everyVariable((ref) => ({ ...ref, project: elsewhere })),
  "another project in one variable": oneVariable((ref) => ({ ...ref, project: elsewhere })),
  "another project everywhere": everywhere((ref) => ({ ...ref, project: elsewhere })),
  "another secret everywhere": everywhere((ref) => ({ ...ref, secret: "jwt-signing" })),
  "another secret everywhere, declared": then(
    everywhere((ref) => ({ ...ref, secret: "jwt-signing" })),
    declared,
  ),
  "another version on one service": everyVariable(otherVersion),
  "another version on one service, declared": then(everyVariable(otherVersion), declared),
  "another version in one variable": oneVariable(otherVersion),
  "a version that does not exist": everywhere(version("9")),
  "latest everywhere": everywhere(version("latest")),
  "latest on one service": everyVariable(version("latest")),
  "latest in one variable": oneVariable(version("latest")),
  "a version alias everywhere": everywhere(version("current")),
  "a version alias on one service": everyVariable(version("current")),
  "no version everywhere": everywhere(version(null)),
  "no version on one service": everyVariable(version(null)),
  "a placeholder for the secret everywhere": everywhere((ref) => ({
    ...ref,
    secret: placeholder("JWT_SECRET_NAME"),
  })),
  "a placeholder for the version everywhere": everywhere(version(placeholder("VERSION"))),
  "a placeholder for the secret on one service": everyVariable((ref) => ({
    ...ref,
    secret: placeholder("JWT_SECRET_NAME"),
  })),

  // Variables.
  "a literal in one variable": (_, environment, dice) => {
    const variables = jwtVariables(environment, oneOfThePair(environment, dice));
    if (variables.length > 0) dice.pick(variables).value = { kind: "literal", text: "not-a-real-key" };
  },
  "literals on both services": (_, environment) => {
    for (const service of pair(environment)) {
      for (const variable of jwtVariables(environment, service)) {
        variable.value = { kind: "literal", text: "not-a-real-key" };
      }
    }
  },
  "an empty literal in one variable": (_, environment, dice) => {
    const variables = jwtVariables(environment, oneOfThePair(environment, dice));
    if (variables.length > 0) dice.pick(variables).value = { kind: "literal", text: "" };
  },
  "no JWT variable on one service": (_, environment, dice) => {
    drop(oneOfThePair(environment, dice), jwtNames(environment));
  },
  "no JWT variable on both": (_, environment) => {
    for (const service of pair(environment)) drop(service, jwtNames(environment));
  },
  "one variable less": (_, environment, dice) => {
    drop(oneOfThePair(environment, dice), [dice.pick(jwtNames(environment))]);
  },
  "one variable more": (_, environment, dice) => {
    set(
      oneOfThePair(environment, dice),
      reference(dice.pick(jwtNames(environment)), currentRef(environment)),
    );
  },
  "one variable more, to another secret": (_, environment, dice) => {
    const service = oneOfThePair(environment, dice);
    const missing = jwtNames(environment).filter(
      (name) => !jwtVariables(environment, service).some((variable) => variable.name === name),
    );
    if (missing.length > 0) {
      set(service, reference(dice.pick(missing), otherSecret(currentRef(environment), dice, environment)));
    }
  },
  "a variable of another environment, same reference": (_, environment, dice) => {
    set(oneOfThePair(environment, dice), reference("JWT_SECRET_ELSEWHERE", currentRef(environment)));
  },
  "a variable of another environment, another reference": (_, environment, dice) => {
    set(
      oneOfThePair(environment, dice),
      reference("JWT_SECRET_ELSEWHERE", otherSecret(currentRef(environment), dice, environment)),
    );
  },
  "a variable of another environment, literal": (_, environment, dice) => {
    set(oneOfThePair(environment, dice), literal("JWT_SECRET_ELSEWHERE", "not-a-real-key"));
  },
  "only a variable of another environment": (_, environment, dice) => {
    const service = oneOfThePair(environment, dice);
    drop(service, jwtNames(environment));
    set(service, reference("JWT_SECRET_ELSEWHERE", currentRef(environment)));
  },
  "one name twice, equal": (_, environment, dice) => twice(environment, dice, (ref) => ref),
  "one name twice, different": (_, environment, dice) =>
    twice(environment, dice, (ref) => otherSecret(ref, dice, environment)),
  "a sidecar with another secret": (_, environment, dice) => {
    const service = oneOfThePair(environment, dice);
    service.containers = [
      ...service.containers,
      {
        name: "proxy",
        variables: [
          literal("ENVIRONMENT", environment.name),
          reference(
            dice.pick(jwtNames(environment)),
            otherSecret(currentRef(environment), dice, environment),
          ),
        ],
        files: [],
      },
    ];
  },
  "a sidecar with the same secret": (_, environment, dice) => {
    const service = oneOfThePair(environment, dice);
    service.containers = [
      ...service.containers,
      {
        name: "proxy",
        variables: [
          literal("ENVIRONMENT", environment.name),
          reference(dice.pick(jwtNames(environment)), currentRef(environment)),
        ],
        files: [],
      },
    ];
  },
  "a sidecar without ENVIRONMENT": (_, environment, dice) => {
    const service = oneOfThePair(environment, dice);
    service.containers = [
      ...service.containers,
      {
        name: "proxy",
        variables: [literal("PORT", "9090"), reference("JWT_SECRET_KEY", currentRef(environment))],
        files: [],
      },
    ];
  },
  "the secret only in a sidecar": (_, environment, dice) => {
    const service = oneOfThePair(environment, dice);
    const moved = jwtVariables(environment, service);
    drop(service, jwtNames(environment));
    service.containers = [...service.containers, { name: "proxy", variables: moved, files: [] }];
  },
  "a file with another secret": (_, environment, dice) => {
    const [main] = oneOfThePair(environment, dice).containers;
    main?.files.push({
      file: "JWT_SECRET",
      ref: otherSecret(currentRef(environment), dice, environment),
    });
  },
  "a file with another version": (_, environment, dice) => {
    const [main] = oneOfThePair(environment, dice).containers;
    main?.files.push({ file: "JWT_SECRET", ref: version("latest")(currentRef(environment)) });
  },
  "a file of an unrelated secret": (_, environment, dice) => {
    const [main] = oneOfThePair(environment, dice).containers;
    main?.files.push({
      file: "tls.key",
      ref: { project: environment.home, secret: "tls-key", version: "3" },
    });
  },

  // Read order.
  "read order given": (subject, environment) => {
    subject.options.reads = { auth: ["JWT_SECRET"], backend: [ownVariable(environment.name)] };
  },
  "a variable of its own, same reference": (subject, environment) => {
    subject.options.reads = { ...subject.options.reads, auth: ["AUTH_SIGNING_KEY"] };
    for (const service of pair(environment)) {
      if (service.resource === "auth") set(service, reference("AUTH_SIGNING_KEY", currentRef(environment)));
    }
  },
  "a variable of its own, another reference": (subject, environment, dice) => {
    subject.options.reads = { ...subject.options.reads, auth: ["AUTH_SIGNING_KEY"] };
    for (const service of pair(environment)) {
      if (service.resource !== "auth") continue;
      drop(service, jwtNames(environment));
      set(service, reference("AUTH_SIGNING_KEY", otherSecret(currentRef(environment), dice, environment)));
    }
  },
  "only a variable of its own": (subject, environment) => {
    const ref = currentRef(environment);
    subject.options.reads = { ...subject.options.reads, backend: ["VERIFY_KEY"] };
    for (const service of pair(environment)) {
      if (service.resource !== "backend") continue;
      drop(service, jwtNames(environment));
      set(service, reference("VERIFY_KEY", ref));
    }
  },
  "a variable of its own, literal": (subject, environment) => {
    subject.options.reads = { ...subject.options.reads, backend: ["VERIFY_KEY"] };
    for (const service of pair(environment)) {
      if (service.resource === "backend") set(service, literal("VERIFY_KEY", "not-a-real-key"));
    }
  },

  // ENVIRONMENT.
  "ENVIRONMENT missing": (_, environment, dice) => drop(oneOfThePair(environment, dice), ["ENVIRONMENT"]),
  "ENVIRONMENT missing on both": (_, environment) => {
    for (const service of pair(environment)) drop(service, ["ENVIRONMENT"]);
  },
  "ENVIRONMENT of another environment": (_, environment, dice) =>
    set(oneOfThePair(environment, dice), literal("ENVIRONMENT", "elsewhere")),
  "ENVIRONMENT of another environment on both": (_, environment) => {
    for (const service of pair(environment)) set(service, literal("ENVIRONMENT", "elsewhere"));
  },
  "ENVIRONMENT in capitals": (_, environment, dice) =>
    set(oneOfThePair(environment, dice), literal("ENVIRONMENT", environment.name.toUpperCase())),
  "ENVIRONMENT empty": (_, environment, dice) =>
    set(oneOfThePair(environment, dice), literal("ENVIRONMENT", "")),
  "ENVIRONMENT from a secret": (_, environment, dice) =>
    set(
      oneOfThePair(environment, dice),
      reference("ENVIRONMENT", { project: environment.home, secret: "environment-name", version: "1" }),
    ),
  "ENVIRONMENT a placeholder on both": (_, environment) => {
    for (const service of pair(environment)) set(service, literal("ENVIRONMENT", placeholder("ENVIRONMENT")));
  },

  // Previous version and fingerprint.
  "a previous version on one": (_, environment, dice) => {
    const ref = { ...currentRef(environment), version: "1" };
    drop(oneOfThePair(environment, dice), ["JWT_SECRET_PREVIOUS"]);
    const [first] = pair(environment);
    if (first) set(first, reference("JWT_SECRET_PREVIOUS", ref));
  },
  "different previous versions": (_, environment, dice) => {
    const service = oneOfThePair(environment, dice);
    set(service, reference("JWT_SECRET_PREVIOUS", version("7")(currentRef(environment))));
  },
  "previous versions of different secrets": (_, environment, dice) => {
    for (const service of pair(environment)) {
      set(service, reference("JWT_SECRET_PREVIOUS", version("7")(currentRef(environment))));
    }
    const service = oneOfThePair(environment, dice);
    set(
      service,
      reference("JWT_SECRET_PREVIOUS", version("7")(otherSecret(currentRef(environment), dice, environment))),
    );
  },
  "the previous version is the current one": (_, environment) => {
    for (const service of pair(environment)) {
      set(service, reference("JWT_SECRET_PREVIOUS", currentRef(environment)));
    }
  },
  "different fingerprints": (_, environment) => {
    pair(environment).forEach((service, index) => {
      set(service, literal("JWT_SECRET_FINGERPRINT", (index === 0 ? "3f" : "4e").repeat(32)));
    });
  },
  "a fingerprint on one": (_, environment, dice) =>
    set(oneOfThePair(environment, dice), literal("JWT_SECRET_FINGERPRINT", "3f".repeat(32))),

  // Services.
  "a service missing": (_, environment, dice) => {
    const gone = oneOfThePair(environment, dice);
    environment.services = environment.services.filter((service) => service !== gone);
  },
  "no services": (_, environment) => {
    environment.services = [];
  },
  "a second candidate": (_, environment, dice) => {
    const service = oneOfThePair(environment, dice);
    if (!environment.services.includes(service)) return;
    environment.services = [
      ...environment.services,
      { ...structuredClone(service), resource: `${service.resource}-2`, name: `${service.name}-canary` },
    ];
  },
  "the same service in another region": (_, environment, dice) => {
    const service = oneOfThePair(environment, dice);
    if (!environment.services.includes(service)) return;
    environment.services = [
      ...environment.services,
      { ...structuredClone(service), resource: `${service.resource}-eu`, region: "europe-west1" },
    ];
  },
  "one service given twice": (subject, environment, dice) => {
    if (subject.rendering.family === "pulumi" || environment.services.length === 0) return;
    environment.services = [...environment.services, structuredClone(oneOfThePair(environment, dice))];
  },
  "one service given twice, differently": (subject, environment, dice) => {
    if (subject.rendering.family === "pulumi" || environment.services.length === 0) return;
    const copy = structuredClone(oneOfThePair(environment, dice));
    for (const variable of jwtVariables(environment, copy)) {
      changeRef(variable, (ref) => otherSecret(ref, dice, environment));
    }
    environment.services = [...environment.services, copy];
  },
  "a name with both words": (_, environment, dice) => {
    const service = oneOfThePair(environment, dice);
    service.name = `auth-backend-${environment.name}`;
  },
  "a name without the word": (_, environment, dice) => {
    const service = oneOfThePair(environment, dice);
    service.name = dice.pick(["authority", "oauth-gateway", "gateway", "backends"]);
  },
  "a role by flag": (subject, environment, dice) => {
    const service = oneOfThePair(environment, dice);
    if (service.resource !== "auth" && service.resource !== "backend") return;
    service.name = `gateway-${service.resource === "auth" ? "one" : "two"}`;
    subject.options.services = { ...subject.options.services, [service.resource]: service.name };
  },
  "a bystander with a near name": (_, environment, dice) => {
    const name = dice.pick(["authority", "oauth-gateway", "backends", "frontend"]);
    if (environment.services.some((service) => service.name === name)) return;
    environment.services = [
      ...environment.services,
      {
        kind: "service",
        resource: "bystander",
        name,
        project: environment.home,
        region: "us-central1",
        account: "bystander",
        containers: [{ name: "main", variables: [literal("LOG_LEVEL", "debug")], files: [] }],
        serving: "latest",
      },
    ];
  },
  "a leaving service with another secret": (_, environment, dice) => {
    const service = structuredClone(oneOfThePair(environment, dice));
    service.resource = `old-${service.resource}`;
    service.name = `${service.name}-old`;
    for (const variable of jwtVariables(environment, service)) {
      changeRef(variable, (ref) => otherSecret(ref, dice, environment));
    }
    environment.leaving = [...environment.leaving, service];
  },
  "a further service, right": addFurther("service", (ref) => [reference("JWT_SECRET_KEY", ref)]),
  "a further service with another secret": addFurther("service", (ref) => [
    reference("JWT_SECRET_KEY", { ...ref, secret: "jwt-secret-other" }),
  ]),
  "a job with another secret": addFurther("job", (ref) => [
    reference("JWT_SECRET", { ...ref, secret: "jwt-secret-other" }),
  ]),
  "a worker pool with another secret": addFurther("workerPool", (ref) => [
    reference("JWT_SECRET_KEY", { ...ref, secret: "jwt-secret-other" }),
  ]),
  "a further service with another version": addFurther("service", (ref) => [
    reference("JWT_SECRET_KEY", otherVersion(ref)),
  ]),
  "a further service with a literal": addFurther("service", () => [
    literal("JWT_SECRET_KEY", "not-a-real-key"),
  ]),
  "a further service with two secrets": addFurther("service", (ref) => [
    reference("JWT_SECRET_KEY", ref),
    reference("JWT_SECRET", { ...ref, secret: "jwt-secret-other" }),
  ]),
  "not all traffic on the latest": (_, environment, dice) => {
    oneOfThePair(environment, dice).serving = dice.pick(["split", "pinned-old", "not-ready", "behind"]);
  },
  "traffic said differently": (_, environment, dice) => {
    oneOfThePair(environment, dice).serving = dice.pick(["latest-by-name", "tagged", "wish"]);
  },

  // Resources around the services.
  "the label of another environment": (_, environment) => {
    for (const secret of environment.secrets) secret.label = "elsewhere";
  },
  "no label": (_, environment) => {
    for (const secret of environment.secrets) secret.label = null;
  },
  "the secret not protected": (_, environment, dice) => {
    if (environment.secrets.length > 0) dice.pick(environment.secrets).protect = false;
  },
  "the secret expires": (_, environment, dice) => {
    if (environment.secrets.length > 0) dice.pick(environment.secrets).ttl = true;
  },
  "a version destroyed on replacement": (_, environment, dice) => {
    const [secret] = environment.secrets;
    if (secret && secret.versions.length > 0) {
      dice.pick(secret.versions).deletionPolicy = dice.pick(["DELETE", null]);
    }
  },
  "a version disabled": (_, environment, dice) => {
    const [secret] = environment.secrets;
    if (secret && secret.versions.length > 0) dice.pick(secret.versions).enabled = false;
  },
  "a version not declared": (_, environment) => {
    const [secret] = environment.secrets;
    if (secret) secret.versions = secret.versions.slice(0, -1);
  },
  "the secret not declared": (_, environment) => {
    environment.secrets = environment.secrets.filter(({ id }) => !id.startsWith("jwt"));
  },
  "one account not granted": (_, environment, dice) => {
    const member = memberIn(environment, dice);
    environment.grants = environment.grants.map((grant) => ({
      ...grant,
      members: grant.members.filter((other) => other !== member),
    }));
  },
  "no grants": (_, environment) => {
    environment.grants = [];
  },
  "the wrong role granted": (_, environment, dice) => {
    const role = dice.pick([
      "roles/secretmanager.viewer",
      "roles/viewer",
      "roles/secretmanager.secretVersionAdder",
    ]);
    environment.grants = environment.grants.map((grant) => ({ ...grant, role }));
  },
  "a stronger role granted": (_, environment, dice) => {
    const role = dice.pick(["roles/secretmanager.admin", "roles/owner"]);
    environment.grants = environment.grants.map((grant) => ({ ...grant, role }));
  },
  "granted on another secret": (_, environment) => {
    environment.grants = environment.grants.map((grant) => ({ ...grant, secret: "db-password" }));
  },
  "granted on another project": (_, environment) => {
    environment.grants = environment.grants.map((grant) => ({ ...grant, project: elsewhere }));
  },
  "granted with a condition": (_, environment) => {
    environment.grants = environment.grants.map((grant) => ({ ...grant, conditional: true }));
  },
  "everybody granted": (_, environment, dice) => {
    const [grant] = environment.grants;
    if (!grant) return;
    const members = [dice.pick(["allUsers", "allAuthenticatedUsers"])];
    environment.grants = [
      ...environment.grants,
      { ...grant, form: "member", role: accessor, members, project: environment.home },
    ];
  },
  "everybody may view": (_, environment) => {
    const [grant] = environment.grants;
    if (!grant) return;
    environment.grants = [
      ...environment.grants,
      { ...grant, form: "member", role: "roles/secretmanager.viewer", members: ["allUsers"] },
    ];
  },
  "everybody granted on an unrelated secret": (_, environment) => {
    const [grant] = environment.grants;
    const database = environment.secrets.find(({ id }) => id.startsWith("db"));
    if (!grant || !database) return;
    environment.grants = [
      ...environment.grants,
      { ...grant, form: "member", role: accessor, members: ["allUsers"], secret: database.id },
    ];
  },
  "a group granted instead": (_, environment) => {
    environment.grants = environment.grants.map((grant) => ({
      ...grant,
      members: ["group:ops@example.com"],
    }));
  },
  "the default account": (_, environment, dice) => {
    oneOfThePair(environment, dice).account = null;
  },
  "the default account, granted": (subject, environment, dice) => {
    const service = oneOfThePair(environment, dice);
    service.account = null;
    const [grant] = environment.grants;
    if (!grant) return;
    environment.grants = [
      ...environment.grants,
      { ...grant, members: [`serviceAccount:${email(subject.world, service)}`] },
    ];
  },
  "another account": (_, environment, dice) => {
    oneOfThePair(environment, dice).account = "somebody";
  },

  // Between environments.
  "environments share a secret": (subject) => {
    const [first, ...others] = subject.world.environments;
    if (!first) return;
    for (const other of others) {
      const own = jwtSecretName(other.name);
      for (const service of other.services) {
        for (const variable of jwtVariables(other, service)) {
          changeRef(variable, (ref) => (ref.secret === own ? currentRef(first) : ref));
        }
      }
    }
  },
  "environments use the same secret name": (subject) => {
    for (const environment of subject.world.environments) {
      for (const secret of environment.secrets) {
        if (secret.id === jwtSecretName(environment.name)) secret.id = "jwt-secret-shared";
      }
      environment.grants = environment.grants.map((grant) =>
        grant.secret === jwtSecretName(environment.name) ? { ...grant, secret: "jwt-secret-shared" } : grant,
      );
      for (const service of environment.services) {
        for (const container of service.containers) {
          for (const variable of container.variables) {
            changeRef(variable, (ref) =>
              ref.secret === jwtSecretName(environment.name) ? { ...ref, secret: "jwt-secret-shared" } : ref,
            );
          }
          container.files = container.files.map((file) =>
            file.ref.secret === jwtSecretName(environment.name)
              ? { ...file, ref: { ...file.ref, secret: "jwt-secret-shared" } }
              : file,
          );
        }
      }
    }
  },
};

function twice(environment: Environment, dice: Dice, change: (ref: Ref) => Ref): void {
  const service = oneOfThePair(environment, dice);
  const [variable] = jwtVariables(environment, service);
  if (variable?.value.kind !== "reference") return;
  const holder = service.containers.find(({ variables }) => variables.includes(variable));
  holder?.variables.push(reference(variable.name, change(variable.value.ref)));
}

function memberIn(environment: Environment, dice: Dice): string {
  const members = environment.grants.flatMap((grant) => grant.members);
  return members.length > 0 ? dice.pick(members) : "";
}
