/** Changes to ENVIRONMENT, the previous version and the fingerprint. */
import { literal, reference } from "../baseline.ts";
import {
  currentRef,
  drop,
  type Mutation,
  oneOfThePair,
  otherSecret,
  pair,
  placeholder,
  set,
  version,
} from "./change.ts";

export const environment: Readonly<Record<string, Mutation>> = {
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
};
