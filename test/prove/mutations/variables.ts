/** Changes to the variables of a service, and to what the user says of their order. */
import { literal, ownVariable, reference } from "../baseline.ts";
import {
  currentRef,
  drop,
  jwtNames,
  jwtVariables,
  type Mutation,
  oneOfThePair,
  otherSecret,
  pair,
  set,
  twice,
  version,
} from "./change.ts";

export const variables: Readonly<Record<string, Mutation>> = {
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
};
