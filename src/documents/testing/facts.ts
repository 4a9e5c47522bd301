/** Short ways from a document to what it tells. */
import type { Environment, Reference, Service, Variable } from "../../policy/facts.ts";
import { readValue } from "../document.ts";
import { type EnvironmentOptions, gather } from "../environments.ts";

/** The facts of documents given together, each under a name of its own. */
export function environmentsOf(values: readonly unknown[], options: EnvironmentOptions = {}): Environment[] {
  const documents = values.map((value, index) => readValue(value, { file: `file-${index}.json` }));
  return gather(documents, options).environments;
}

export function onlyEnvironment(value: unknown, options: EnvironmentOptions = {}): Environment {
  const [environment, ...others] = environmentsOf([value], options);
  if (environment === undefined || others.length > 0) throw new Error("expected one environment");
  return environment;
}

export function serviceNamed(environment: Environment, name: string): Service {
  const service = environment.services.find(({ label }) => label === name);
  if (service === undefined) throw new Error(`no service ${name}`);
  return service;
}

export function variablesOf(service: Service): Variable[] {
  if (!Array.isArray(service.containers)) throw new Error(service.containers.reason);
  return service.containers.flatMap(({ variables }) => variables);
}

export function variableValue(service: Service, name: string): Variable["value"] {
  const variable = variablesOf(service).find((one) => one.name === name);
  if (variable === undefined) throw new Error(`no variable ${name}`);
  return variable.value;
}

export function referenceOf(service: Service, name = "JWT_SECRET_KEY"): Reference {
  const value = variableValue(service, name);
  if (value.kind !== "reference") throw new Error(`${name} is no reference`);
  return value.reference;
}
