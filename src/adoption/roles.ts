/** Which of the services given is auth and which is backend: one each, of one environment. */
import { ownEnvironment } from "../documents/environments.ts";
import type { Environment, Role, Service } from "../policy/facts.ts";
import { roles } from "../policy/facts.ts";
import type { Definition } from "./definition.ts";
import { type Problem, problem } from "./problem.ts";
import { same } from "./tree.ts";

/** Both services, as facts and in full. */
export interface Pair {
  readonly facts: Readonly<Record<Role, Service>>;
  readonly definitions: Readonly<Record<Role, Definition>>;
}

/** A definition given twice and alike counts once. */
function distinct(definitions: readonly Definition[]): Definition[] {
  const kept: Definition[] = [];
  for (const one of definitions) {
    const equal = (other: Definition) =>
      other.name === one.name && other.region === one.region && same(other.args, one.args);
    if (!kept.some(equal)) kept.push(one);
  }
  return kept;
}

/** Finds both, or says which is missing, doubtful or of another environment. */
export function pairOf(
  environment: Environment,
  definitions: readonly Definition[],
  wanted: string,
): Pair | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const found: Partial<Record<Role, { fact: Service; definition: Definition }>> = {};
  const all = distinct(definitions);
  for (const role of roles) {
    const facts = environment.services.filter((one) => one.role === role);
    const candidates = all.filter((one) =>
      facts.some((fact) => fact.label === one.name && fact.region === one.region),
    );
    const [definition, ...others] = candidates;
    const fact = facts.find((one) => one.label === definition?.name);
    if (definition === undefined || fact === undefined) {
      const given = all.map(({ name }) => name).join(", ");
      const text =
        given === ""
          ? "no service is given"
          : `none of the services given (${given}) is known to be ${role}; if one is, say it with --service ${role}=NAME`;
      problems.push(problem(`${text}: give the files of auth and of backend`));
    } else if (others.length > 0) {
      const list = candidates.map(({ name, file }) => `${name} (${file})`).join(", ");
      const advice = candidates.some((one) => one.name !== definition.name)
        ? `say which is with --service ${role}=NAME`
        : "they differ, so give one of them, the newer";
      problems.push(problem(`several services could be ${role}: ${list}; ${advice}`));
    } else found[role] = { fact, definition };
  }
  const { auth, backend } = found;
  if (auth === undefined || backend === undefined) return { problems };
  if (auth.definition === backend.definition) {
    return { problems: [problem(`${auth.definition.name} is given both roles: give two services`)] };
  }
  for (const { fact, definition } of [auth, backend]) {
    const own = ownEnvironment(fact);
    if (own === undefined || own === wanted) continue;
    problems.push(
      problem(
        `${definition.name} says ENVIRONMENT=${own}, not ${wanted}: it is another environment's, or adopt it with --environment ${own}`,
      ),
    );
  }
  if (problems.length > 0) return { problems };
  return {
    facts: { auth: auth.fact, backend: backend.fact },
    definitions: { auth: auth.definition, backend: backend.definition },
  };
}
