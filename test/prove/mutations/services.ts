/** Changes to the services themselves. */
import { literal, reference } from "../baseline.ts";
import type { Environment, Service } from "../model.ts";
import {
  addFurther,
  changeRef,
  jwtVariables,
  type Mutation,
  oneOfThePair,
  otherSecret,
  otherVersion,
} from "./change.ts";

/** Whether a service is there, and no other has the name its copy would have: a stack has each resource once. */
function isNew({ services: all }: Environment, service: Service, suffix: string): boolean {
  return all.includes(service) && all.every(({ resource }) => resource !== `${service.resource}${suffix}`);
}

export const services: Readonly<Record<string, Mutation>> = {
  "a service missing": (_, environment, dice) => {
    const gone = oneOfThePair(environment, dice);
    environment.services = environment.services.filter((service) => service !== gone);
  },
  "no services": (_, environment) => {
    environment.services = [];
  },
  "a second candidate": (_, environment, dice) => {
    const service = oneOfThePair(environment, dice);
    if (!isNew(environment, service, "-2")) return;
    environment.services = [
      ...environment.services,
      { ...structuredClone(service), resource: `${service.resource}-2`, name: `${service.name}-canary` },
    ];
  },
  "the same service in another region": (_, environment, dice) => {
    const service = oneOfThePair(environment, dice);
    if (!isNew(environment, service, "-eu")) return;
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
    if (environment.services.some(({ resource }) => resource === "bystander")) return;
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
};
