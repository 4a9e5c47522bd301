/** Which variables and mounted files carry the JWT secret, and in which order a service looks at them. */
import type { Container, Service, Variable } from "./facts.ts";

/** A variable or mounted file that counts, with the container it stands in. */
export interface Carried {
  container: Container;
  variable: Variable;
  /** The variable's name; for a file, the name its base name stands for. */
  name: string;
}

/** The key that was current before a rotation, still accepted by the verifier. */
export const previousVariable = "JWT_SECRET_PREVIOUS";
/** Tells which key a service holds without telling the key. */
export const fingerprintVariable = "JWT_SECRET_FINGERPRINT";

/** `/secrets/jwt-secret-key` stands for `JWT_SECRET_KEY`; a variable stands for itself. */
export function nameOf(variable: Variable): string {
  if (variable.via === "variable") return variable.name;
  const base = variable.name.split("/").findLast((part) => part !== "") ?? "";
  return base.toUpperCase().replaceAll(/[-.]/g, "_");
}

function isJwtName(name: string): boolean {
  if (name === previousVariable || name === fingerprintVariable) return false;
  return name === "JWT_SECRET" || /^JWT_SECRET_./s.test(name);
}

/** Whether a variable counts as a JWT variable on a service: by its name, or because the service is said to read it. */
export function isJwtVariable(variable: Variable, service: Service): boolean {
  const name = nameOf(variable);
  return isJwtName(name) || service.reads.includes(name) || service.reads.includes(variable.name);
}

/** The containers of a service, or none where the document hides them. */
export function containersOf(service: Service): readonly Container[] {
  return Array.isArray(service.containers) ? service.containers : [];
}

/** Why the containers cannot be seen; undefined when they can. */
export function hiddenBecause(service: Service): string | undefined {
  return Array.isArray(service.containers) ? undefined : service.containers.reason.replace(/\.\s*$/, "");
}

function carried(service: Service, counts: (variable: Variable) => boolean): Carried[] {
  return containersOf(service).flatMap((container) =>
    container.variables.filter(counts).map((variable) => ({ container, variable, name: nameOf(variable) })),
  );
}

/** The JWT variables and files of a service, over all its containers, in document order. */
export function jwtVariables(service: Service): Carried[] {
  return carried(service, (variable) => isJwtVariable(variable, service));
}

/** The previous key of a service, as variables and files. */
export function previousVariables(service: Service): Carried[] {
  return carried(service, (variable) => nameOf(variable) === previousVariable);
}

/** Whether a service carries the key, or the one before it, as far as its document shows. */
export function carriesAnyKey(service: Service): boolean {
  return jwtVariables(service).length > 0 || previousVariables(service).length > 0;
}

/** The fingerprint variables of a service. */
export function fingerprintVariables(service: Service): Carried[] {
  return carried(service, (variable) => variable.via === "variable" && variable.name === fingerprintVariable);
}

/** What a container says of its ENVIRONMENT. */
export type OwnEnvironment =
  | { kind: "known"; text: string; variable: Variable }
  | { kind: "absent" }
  | { kind: "empty"; variable: Variable }
  | { kind: "unknown"; reason: string; variable: Variable };

/** The ENVIRONMENT of a container: only a literal that is there once, or always the same, is known. */
export function environmentOf(container: Container): OwnEnvironment {
  const found = container.variables.filter((one) => one.via === "variable" && one.name === "ENVIRONMENT");
  const [first] = found;
  if (first === undefined) return { kind: "absent" };
  const texts = new Set<string>();
  for (const variable of found) {
    const { value } = variable;
    if (value.kind === "unknown") return { kind: "unknown", reason: value.reason, variable };
    if (value.kind === "reference") return { kind: "unknown", reason: "it comes from a secret", variable };
    if (value.empty) texts.add("");
    else if (value.text === undefined) return { kind: "unknown", reason: "its text is not kept", variable };
    else texts.add(value.text);
  }
  const [text = ""] = texts;
  if (texts.size > 1) return { kind: "unknown", reason: "it is set more than once", variable: first };
  return text === "" ? { kind: "empty", variable: first } : { kind: "known", text, variable: first };
}

/** The variables a service in an environment looks at after those it is said to read, first one first. */
export function defaultOrder(environment: string): string[] {
  const suffix = environment.toUpperCase().replaceAll("-", "_");
  return [`JWT_SECRET_${suffix}`, "JWT_SECRET_KEY", "JWT_SECRET"];
}
