/** All combinations of answers, or a sample of them. */
import { stream } from "../dice.ts";
import type { Question } from "./questions.ts";

/** How many completions are looked at before they are sampled, and how large the sample is. */
const limit = 256;
const sampleSize = 64;

/** All combinations of answers, or a sample that holds every "all first", "all second" and so on. */
export function* assignments(questions: readonly Question[]): Generator<Map<string, string>> {
  const open = questions.filter(({ answers }) => answers.length > 0);
  const total = open.reduce((product, { answers }) => product * answers.length, 1);
  const choose = (index: (question: Question, position: number) => number) =>
    new Map(
      open.map((question, position) => [question.key, question.answers[index(question, position)] ?? ""]),
    );
  if (total <= limit) {
    for (let number = 0; number < total; number++) {
      let rest = number;
      yield choose(({ answers }) => {
        const index = rest % answers.length;
        rest = Math.floor(rest / answers.length);
        return index;
      });
    }
    return;
  }
  const widest = Math.max(...open.map(({ answers }) => answers.length));
  for (let diagonal = 0; diagonal < widest; diagonal++) {
    // What is a project is asked apart: most answers about that contradict each other.
    for (const project of [0, diagonal, widest]) {
      yield choose(({ key, answers }) =>
        Math.min(key.startsWith("project ") ? project : diagonal, answers.length - 1),
      );
    }
  }
  for (let single = 0; single < open.length; single++) {
    yield choose(({ answers }, position) => (position === single ? answers.length - 1 : 0));
  }
  const next = stream(total);
  for (let sample = 0; sample < sampleSize; sample++) {
    yield choose(({ answers }) => Math.floor(next() * answers.length));
  }
}
