/** What the guard watches. */
import { types } from "../documents/pulumi/resource.ts";

/** Services of both versions, jobs and worker pools. */
export const cloudRunTypes: ReadonlySet<string> = new Set([
  types.serviceV2,
  types.serviceV1,
  types.job,
  types.workerPool,
]);

/** Where variables and mounted secrets stand in the inputs of any of them, `*` for any item of a list. */
const watched = ["template", "template.template", "template.spec"].flatMap((pod) =>
  ["envs", "volumeMounts"]
    .map((field) => `${pod}.containers.*.${field}`)
    .concat(`${pod}.volumes`, "template.metadata.annotations"),
);

/** `template.containers[0]["envs"]` as `template`, `containers`, `0`, `envs`. */
function segments(path: string): string[] {
  return path.split(/[.[\]"]+/).filter((segment) => segment !== "");
}

/**
 * The first of the ignored paths that covers a JWT variable: changes there are not deployed, so what the program says
 * is not what the service will have.
 */
export function ignoredVariables(ignoreChanges: readonly string[]): string | undefined {
  return ignoreChanges.find((path) => {
    const ignored = segments(path);
    return watched.some((place) => {
      const parts = place.split(".");
      return ignored.every((one, at) => {
        const part = parts[at];
        return part === undefined || one === "*" || part === "*" || one === part;
      });
    });
  });
}
