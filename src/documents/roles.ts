/** Which service is auth and which is backend. */
import { type Role, roles, type Service } from "../policy/facts.ts";

export interface RoleOptions {
  /** Names given to a role by the user: `--service auth=NAME`. Several where several environments are checked. */
  named?: Readonly<Partial<Record<Role, readonly string[]>>>;
  /** Variables a role reads first: `--reads auth=A,B`. */
  reads?: Readonly<Partial<Record<Role, readonly string[]>>>;
}

/** The name to look at; in Pulumi documents the logical name when the name is not known, which the label then is. */
function nameOf(service: Service): string {
  return service.name.kind === "known" ? service.name.value : service.label;
}

/** The roles whose name is a word, between `-`s, of a service's name. */
function roleByWord(name: string): Role | undefined {
  const words = name.toLowerCase().split("-");
  const [first, ...others] = roles.filter((role) => words.includes(role));
  return others.length === 0 ? first : undefined;
}

function roleOf(service: Service, { named = {} }: RoleOptions): Role | undefined {
  const name = nameOf(service);
  const given = roles.find((role) => named[role]?.includes(name));
  if (given !== undefined) return given;
  // Tokens are signed and verified by what answers requests; a job of that name is another service.
  if (service.kind !== "service" && service.kind !== "revision") return undefined;
  const role = service.role ?? roleByWord(name);
  return role === undefined || named[role] !== undefined ? undefined : role;
}

/** The service with its role and its read order. */
export function withRole(service: Service, options: RoleOptions): Service {
  const { role: _, ...rest } = service;
  const role = roleOf(service, options);
  if (role === undefined) return rest;
  return { ...rest, role, reads: [...(options.reads?.[role] ?? [])] };
}
