/** Everything a document leaves open, filled in in every way that could be true. */
import type { Case } from "../model.ts";
import type { SeenEnvironment, View } from "../view/view.ts";
import { assignments } from "./assignments.ts";
import { distinctNumbers, joinProjects } from "./consistent.ts";
import { fill } from "./fill.ts";
import type { FullEnvironment } from "./full.ts";
import { ask } from "./questions.ts";

/** All completions of some environments of a view that are judged together. */
export function complete(
  subject: Case,
  view: View,
  environments: readonly SeenEnvironment[],
): FullEnvironment[][] {
  const questions = ask(subject, view, environments);
  const made: FullEnvironment[][] = [];
  for (const answers of assignments(questions)) {
    const projects = joinProjects(view, environments, answers);
    if (!projects) continue;
    if (!distinctNumbers(environments, answers)) continue;
    made.push(
      environments.map((environment, place) => fill(subject, environment, place, answers, projects, view)),
    );
  }
  return made;
}
