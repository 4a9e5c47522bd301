/** Which of the sandbox's programs runs for a service: its image cannot be had here, so its role decides. */
import { fileURLToPath } from "node:url";

/** The programs: issuer, verifier, and what stands for Google's hello image. */
export const programs = ["auth", "backend", "hello"] as const;
export type Program = (typeof programs)[number];

/** A plain variable of a service that makes it answer as Google's hello container does. */
export const placeholderVariable = "SANDBOX_PLACEHOLDER";

/** A service's variables by name; undefined for one that comes from a secret. */
type Variables = ReadonlyMap<string, string | undefined>;

/**
 * What a service does: the role in its name between `-`s; else whoever is told where auth is is a backend, and whoever
 * else carries a JWT variable an auth. Undefined for a service that is none of these.
 */
export function roleOf(name: string, variables: Variables): "auth" | "backend" | undefined {
  const words = name.split("-");
  const [only, ...more] = (["auth", "backend"] as const).filter((role) => words.includes(role));
  if (only !== undefined && more.length === 0) return only;
  if (variables.has("AUTH_SERVICE_URL")) return "backend";
  return [...variables.keys()].some((variable) => variable.startsWith("JWT_SECRET")) ? "auth" : undefined;
}

/** The program for a service: that of its role. A service without one, or that asks for it, is a placeholder. */
export function programFor(name: string, variables: Variables): Program {
  return variables.get(placeholderVariable) === "1" ? "hello" : (roleOf(name, variables) ?? "hello");
}

/** The file to run. */
export function fileOf(program: Program): string {
  return fileURLToPath(new URL(`../programs/${program}.ts`, import.meta.url));
}
