/** What a document leaves open, as questions with all answers that could be true. */
import type { Case } from "../model.ts";
import {
  environmentOf,
  type SeenEnvironment,
  type SeenRef,
  type SeenService,
  type View,
} from "../view/view.ts";
import { allServices, atomsOf, refsOf, visibleContainers } from "./visible.ts";

/** One open question with its possible answers; answers are chosen by index. */
export interface Question {
  key: string;
  answers: readonly string[];
}

/** Every question a document leaves open. The first answer of each is the kindest one. */
export function ask(subject: Case, view: View, environments: readonly SeenEnvironment[]): Question[] {
  const questions: Question[] = [];
  const atoms = atomsOf(environments);
  // Which project is a number, or a file that names none? Each may be any other, or one of its own.
  atoms.forEach((atom, index) => {
    if (atom.startsWith("id:")) return;
    const before = atoms
      .slice(0, index)
      .concat(atom.startsWith("file:") ? atoms.filter((other) => other.startsWith("number:")) : [])
      .filter(
        (other) => !other.startsWith("id:") && (atom.startsWith("file:") || !other.startsWith("file:")),
      );
    const ids = atoms.filter((other) => other.startsWith("id:"));
    const match = view.matches.find(({ number }) => atom === `number:${number}`);
    if (match) {
      questions.push({
        key: `project ${atom}`,
        answers: [ids.find((id) => id === `id:${match.id}`) ?? atom],
      });
      return;
    }
    questions.push({ key: `project ${atom}`, answers: [...new Set([...ids, ...before, atom])] });
  });
  const numbers = new Set<string>();
  const named = new Set<string>();
  for (const service of allServices(environments)) {
    for (const { secret, version } of refsOf(service)) {
      if (version.kind === "known" && version.text !== null && /^\d+$/.test(version.text)) {
        numbers.add(version.text);
      }
      if (secret.kind === "known") named.add(`${secret.project} ${secret.secret}`);
    }
  }
  for (const { secrets } of environments) {
    for (const { versions, urn } of secrets) {
      named.add(`urn ${urn}`);
      for (const version of versions) if (version.number !== null) numbers.add(version.number);
    }
  }
  for (const { secrets } of environments) {
    for (const { versions } of secrets) {
      const taken = new Set(versions.map(({ number }) => number));
      for (const { urn, number } of versions) {
        if (number !== null) continue;
        const free = [...numbers].filter((other) => !taken.has(other));
        questions.push({ key: `number ${urn}`, answers: [`new ${urn}`, ...free] });
      }
    }
  }
  // Two secrets that nothing names: an unknown may always be one of them.
  const elsewhere = ["some-other-secret", "yet-another-secret"].map(
    (secret) => `${atoms[0] ?? "id:nowhere"} ${secret}`,
  );
  environments.forEach((environment, e) => {
    environment.services.forEach((service, s) => {
      const place = `${e}.${s}`;
      if (service.containers === "hidden") {
        questions.push({ key: `containers ${place}`, answers: ["mirror", "nothing", "astray"] });
        return;
      }
      visibleContainers(service).forEach(({ variables, files }, c) => {
        variables.forEach(({ name, value }, v) => {
          const key = `${place}.${c}.v${v}`;
          if (name === "ENVIRONMENT" && (value.kind === "placeholder" || value.kind === "reference")) {
            questions.push({ key: `environment ${key}`, answers: namesFor(subject, environment, service) });
          } else if (value.kind === "reference") {
            askRef(questions, key, value.ref, named, numbers, elsewhere);
          }
        });
        files.forEach(({ ref }, f) => {
          askRef(questions, `${place}.${c}.f${f}`, ref, named, numbers, elsewhere);
        });
      });
    });
    environment.grants.forEach(({ members, candidates, opaque }, g) => {
      if (opaque) {
        questions.push({ key: `policy ${e}.${g}`, answers: ["everybody", "nobody"] });
        return;
      }
      members.forEach((member, m) => {
        if (member === null) questions.push({ key: `member ${e}.${g}.${m}`, answers: candidates });
      });
    });
  });
  return questions;
}

/** What an unknown ENVIRONMENT may be: the right one, one that a variable is named after, something else. */
function namesFor(subject: Case, environment: SeenEnvironment, service: SeenService): string[] {
  const others = environment.services.flatMap((other) => environmentOf(other) ?? []);
  const variables = visibleContainers(service).flatMap(({ variables: list }) =>
    list.flatMap(({ name }) => {
      const match = /^JWT_SECRET_([A-Z0-9_]+)$/.exec(name)?.[1];
      // No environment can be called that.
      if (match === undefined || ["KEY", "PREVIOUS", "FINGERPRINT"].includes(match)) return [];
      return [match.toLowerCase().replaceAll("_", "-")];
    }),
  );
  const right = environment.name ?? others[0] ?? subject.world.environments[0]?.name ?? "staging";
  return [...new Set([right, ...others, ...variables, "nowhere"])];
}

function askRef(
  questions: Question[],
  key: string,
  { secret, version }: SeenRef,
  named: ReadonlySet<string>,
  numbers: ReadonlySet<string>,
  elsewhere: readonly string[],
): void {
  if (secret.kind === "one-of") {
    questions.push({ key: `secret ${key}`, answers: secret.urns.map((urn) => `urn ${urn}`) });
  } else if (secret.kind === "free") {
    questions.push({ key: `secret ${key}`, answers: [...named, ...elsewhere] });
  }
  if (version.kind === "one-of") {
    questions.push({ key: `version ${key}`, answers: version.urns.map((urn) => `urn ${urn}`) });
  } else if (version.kind === "free") {
    questions.push({ key: `version ${key}`, answers: [...numbers, "7777", "latest"] });
  }
}
