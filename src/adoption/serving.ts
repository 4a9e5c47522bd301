/** What keeps a service from being taken over as its description says. */
import type { Role } from "../environment/environment.ts";
import type { Service } from "../policy/facts.ts";
import type { Definition } from "./definition.ts";
import { type Problem, problem } from "./problem.ts";
import { branchesOf, branchOf, textOf } from "./tree.ts";

const latest = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST";

function trafficProblem(role: Role, { name, args }: Definition): Problem[] {
  const elsewhere = branchesOf(args.traffics).filter(
    ({ type, percent }) => type !== latest && typeof percent === "number" && percent > 0,
  );
  if (elsewhere.length === 0) return [];
  const revisions = elsewhere.map(({ revision }) => textOf(revision) ?? "a revision").join(", ");
  return [
    problem(
      `${role} (${name}) sends traffic to ${revisions}, which this file does not describe, so what serves is not known: gcloud run services update-traffic ${name} --to-latest, or deploy what shall serve, then adopt`,
    ),
  ];
}

function servingProblem(role: Role, { name }: Definition, { serving }: Service): Problem[] {
  const { latestCreated, latestReady, stale } = serving ?? {};
  if (stale !== undefined) return [problem(`${role} (${name}): ${stale}; wait, and describe it again`)];
  if (latestCreated === undefined || latestReady === undefined || latestCreated === latestReady) return [];
  return [
    problem(
      `${role} (${name}) serves ${latestReady}, while the file describes ${latestCreated}, which did not come up: mend it first, then adopt`,
    ),
  ];
}

/** A JWT secret in a file of the container would stay behind at the next rotation. */
function fileProblem(role: Role, { name }: Definition, jwtFiles: readonly string[]): Problem[] {
  return jwtFiles.map((file) =>
    problem(
      `${role} (${name}) has its key in the file ${file}; this program gives it in variables alone: let the service read JWT_SECRET_KEY, then adopt`,
    ),
  );
}

/** Everything that stands in the way of one service. `ignored` are paths the user gives up. */
export function obstacles(
  role: Role,
  definition: Definition,
  fact: Service,
  jwtFiles: readonly string[],
  ignored: readonly string[],
): Problem[] {
  const { name, lost, args } = definition;
  const unknown = [...new Set(lost)].filter((path) => !ignored.includes(path));
  const revision = textOf(branchOf(args, "template").revision);
  const elsewhere = trafficProblem(role, definition);
  return [
    ...unknown.map((path) =>
      problem(
        `${role} (${name}) has ${path}, which adopt does not know how to carry over: an update would drop it. Remove it from the service, or give it up with --ignore '${path}'`,
      ),
    ),
    ...(revision === undefined
      ? []
      : [
          problem(
            `${role} (${name}) names its revision itself (${revision}), so the first update would be refused for using that name again: deploy it once without a revision suffix, then adopt`,
          ),
        ]),
    ...(elsewhere.length > 0 ? elsewhere : servingProblem(role, definition, fact)),
    ...fileProblem(role, definition, jwtFiles),
  ];
}
