/** Where an environment is: project, number and region, which both services must share. */
import type { Role } from "../environment/environment.ts";
import { isPlaceholderProject, projectPattern } from "../environment/names.ts";
import type { Definition } from "./definition.ts";
import { type Problem, problem } from "./problem.ts";

/** What the user said of projects. */
export interface ProjectOptions {
  /** `--project ID` */
  readonly project?: string | undefined;
  /** `--project ID=NUMBER` */
  readonly projects: readonly { readonly id: string; readonly number: string }[];
}

/** Where both services are. */
export interface Place {
  readonly project: string;
  readonly number: string | undefined;
  readonly region: string;
}

const isNumber = (project: string) => /^\d+$/.test(project);

/** Cloud Run's deterministic URL holds the project's number: https://cloud.google.com/run/docs/triggering/https-request#deterministic. */
function numberInUrl({ name, region, urls }: Definition): string | undefined {
  const [start, end] = [`https://${name}-`, `.${region ?? ""}.run.app`];
  return urls
    .filter((url) => url.startsWith(start) && url.endsWith(end))
    .map((url) => url.slice(start.length, -end.length))
    .find(isNumber);
}

/** Finds the place, or says what keeps it from being one. */
export function placeOf(
  services: Readonly<Record<Role, Definition>>,
  options: ProjectOptions,
): { readonly place: Place } | { readonly problems: readonly Problem[] } {
  const both = [services.auth, services.backend];
  const problems: Problem[] = [];
  const regions = new Set(both.map(({ region }) => region));
  const [region] = regions;
  if (regions.size > 1) {
    const where = both.map((one) => `${one.name} is in ${one.region ?? "a region the file does not name"}`);
    problems.push(
      problem(
        `${where.join(", ")}: this program keeps both services of an environment in one region; move one first`,
      ),
    );
  } else if (region === undefined) {
    problems.push(
      problem(
        `${services.auth.file} does not say which region ${services.auth.name} is in (label cloud.googleapis.com/location): give what gcloud run services describe prints`,
      ),
    );
  }
  const named = both.flatMap(({ project }) => project ?? []);
  const numbers = new Set([...named.filter(isNumber), ...both.flatMap((one) => numberInUrl(one) ?? [])]);
  const ids = new Set(named.filter((one) => !isNumber(one)));
  if (options.project !== undefined) ids.add(options.project);
  const paired = options.projects.filter(({ number, id }) => numbers.has(number) || ids.has(id));
  for (const { id, number } of paired) {
    ids.add(id);
    numbers.add(number);
  }
  if (numbers.size > 1 || ids.size > 1) {
    const list = [...ids, ...numbers].join(", ");
    problems.push(
      problem(
        `the services are not in one project (${list}): this program keeps both services of an environment in one`,
      ),
    );
  }
  const [id] = ids;
  const [number] = numbers;
  if (id === undefined) {
    problems.push(
      problem(
        `the files name the project by its number alone${number === undefined ? "" : ` (${number})`}: give its ID with --project ID`,
      ),
    );
  } else if (!projectPattern.test(id) || isPlaceholderProject(id)) {
    problems.push(problem(`${id} is not the ID of a project: give it with --project ID`));
  }
  if (problems.length > 0 || id === undefined || region === undefined) return { problems };
  return { place: { project: id, number, region } };
}
