/** Everything a document leaves open, filled in in every way that could be true: environments without unknowns. */
import { stream } from "./dice.ts";
import { type Case, type Role, roles } from "./model.ts";
import {
  environmentOf,
  mayBe,
  type ProjectAtom,
  type SeenContainer,
  type SeenEnvironment,
  type SeenRef,
  type SeenService,
  type View,
} from "./view.ts";

export interface FullRef {
  /** The project and the secret, as one text: equal texts are one secret. */
  secret: string;
  project: string;
  name: string;
  version: string | null;
}

export type FullValue = { kind: "reference"; ref: FullRef } | { kind: "literal"; text: string };

export interface FullContainer {
  variables: { name: string; value: FullValue }[];
  files: { file: string; ref: FullRef }[];
}

export interface FullService {
  seen: SeenService;
  role: Role | undefined;
  containers: FullContainer[];
  environment: string | undefined;
  /** Whether its containers were made up. */
  invented: boolean;
}

export interface FullGrant {
  project: string;
  /** Null for a grant on the whole project. */
  secret: string | null;
  role: string;
  /** Members, an account known by its URN only as that URN. */
  members: string[];
  conditional: boolean;
}

export interface FullEnvironment {
  seen: SeenEnvironment;
  services: FullService[];
  secrets: {
    urn: string;
    secret: string;
    label: string | null;
    protect: boolean;
    ttl: boolean;
    versions: { number: string; known: boolean; enabled: boolean; destroyed: boolean }[];
  }[];
  grants: FullGrant[];
  /** Default accounts by project, where the number is known. */
  defaultAccount(project: string): string | undefined;
  projectOf(atom: ProjectAtom): string;
}

/** One open question with its possible answers; answers are chosen by index. */
interface Question {
  key: string;
  answers: readonly string[];
}

/** How many completions are looked at before they are sampled, and how large the sample is. */
const limit = 256;
const sampleSize = 64;

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

function allServices(environments: readonly SeenEnvironment[]): SeenService[] {
  return environments.flatMap(({ services }) => services);
}

function visibleContainers({ containers }: SeenService): SeenContainer[] {
  return containers === "hidden" ? [] : containers;
}

function refsOf(service: SeenService): SeenRef[] {
  return visibleContainers(service).flatMap(({ variables, files }) => [
    ...variables.flatMap(({ value }) => (value.kind === "reference" ? [value.ref] : [])),
    ...files.map(({ ref }) => ref),
  ]);
}

function atomsOf(environments: readonly SeenEnvironment[]): ProjectAtom[] {
  const atoms = environments.flatMap(({ services, secrets, grants }) => [
    ...services.map(({ project }) => project),
    ...services.flatMap((service) =>
      refsOf(service).flatMap(({ secret }) => (secret.kind === "known" ? [secret.project] : [])),
    ),
    ...secrets.map(({ project }) => project),
    ...grants.map(({ project }) => project),
  ]);
  return [...new Set(atoms)].sort();
}

/** Every question a document leaves open. The first answer of each is the kindest one. */
function ask(subject: Case, view: View, environments: readonly SeenEnvironment[]): Question[] {
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

/** All combinations of answers, or a sample that holds every "all first", "all second" and so on. */
function* assignments(questions: readonly Question[]): Generator<Map<string, string>> {
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

/** Which atoms are one project, or undefined when the answers contradict each other. */
function joinProjects(
  view: View,
  environments: readonly SeenEnvironment[],
  answers: ReadonlyMap<string, string>,
): Map<ProjectAtom, string> | undefined {
  const labels = new Map<ProjectAtom, string>();
  const atoms = atomsOf(environments);
  const resolve = (atom: ProjectAtom, depth = 0): string => {
    const answer = answers.get(`project ${atom}`);
    return answer === undefined || answer === atom || depth > atoms.length
      ? atom
      : resolve(answer, depth + 1);
  };
  for (const atom of atoms) labels.set(atom, resolve(atom));
  // One project has one ID and one number.
  const idOf = new Map<string, string>();
  const numberOf = new Map<string, string>();
  for (const [atom, label] of labels) {
    const table = atom.startsWith("id:") ? idOf : atom.startsWith("number:") ? numberOf : undefined;
    if (!table) continue;
    const other = table.get(label);
    if (other !== undefined && other !== atom) return undefined;
    table.set(label, atom);
  }
  for (const { id, number } of view.matches) {
    const left = labels.get(`id:${id}`);
    const right = labels.get(`number:${number}`);
    if (left !== undefined && right !== undefined && left !== right) return undefined;
    // A known project does not go by another number or another ID.
    if (left !== undefined && (numberOf.get(left) ?? `number:${number}`) !== `number:${number}`)
      return undefined;
    if (right !== undefined && (idOf.get(right) ?? `id:${id}`) !== `id:${id}`) return undefined;
  }
  return labels;
}

/** Two versions of one secret have two numbers. */
function distinctNumbers(
  environments: readonly SeenEnvironment[],
  answers: ReadonlyMap<string, string>,
): boolean {
  return environments.every(({ secrets }) =>
    secrets.every(({ versions }) => {
      const numbers = versions.map(({ urn, number }) => number ?? answers.get(`number ${urn}`));
      return new Set(numbers).size === numbers.length;
    }),
  );
}

function fill(
  subject: Case,
  environment: SeenEnvironment,
  place: number,
  answers: ReadonlyMap<string, string>,
  projects: ReadonlyMap<ProjectAtom, string>,
  view: View,
): FullEnvironment {
  const projectOf = (atom: ProjectAtom) => projects.get(atom) ?? atom;
  const declared = new Map<string, { project: string; name: string }>();
  const numbers = new Map<string, string>();
  for (const { secrets } of view.environments) {
    for (const { urn, project, secret, versions } of secrets) {
      declared.set(urn, { project: projectOf(project), name: secret.id });
      for (const version of versions) {
        numbers.set(
          version.urn,
          version.number ??
            (answers.get(`number ${version.urn}`) ?? "").replace(/^new .*/, `new ${version.urn}`),
        );
      }
    }
  }
  const fillRef = ({ secret, version }: SeenRef, key: string): FullRef => {
    let target: { project: string; name: string };
    if (secret.kind === "known") {
      target = { project: projectOf(secret.project), name: secret.secret };
    } else {
      const answer = answers.get(`secret ${key}`) ?? "nowhere nothing";
      const space = answer.indexOf(" ");
      const [first, rest] = [answer.slice(0, space), answer.slice(space + 1)];
      target =
        first === "urn"
          ? (declared.get(rest) ?? { project: "nowhere", name: rest })
          : { project: projectOf(first), name: rest };
    }
    let text: string | null;
    if (version.kind === "known") text = version.text;
    else {
      const answer = answers.get(`version ${key}`) ?? "unknown";
      text = answer.startsWith("urn ") ? (numbers.get(answer.slice(4)) ?? `new ${answer.slice(4)}`) : answer;
    }
    return { ...target, secret: `${target.project} ${target.name}`, version: text };
  };
  const services = environment.services.map((seen, s): FullService => {
    const containers = visibleContainers(seen).map(
      ({ variables, files }, c): FullContainer => ({
        variables: variables.map(({ name, value }, v) => {
          const key = `${place}.${s}.${c}.v${v}`;
          const asked = answers.get(`environment ${key}`);
          if (asked !== undefined) return { name, value: { kind: "literal", text: asked } };
          return {
            name,
            value:
              value.kind === "reference"
                ? { kind: "reference", ref: fillRef(value.ref, key) }
                : { kind: "literal", text: value.kind === "literal" ? value.text : "unknown" },
          };
        }),
        files: files.map(({ file, ref }, f) => ({ file, ref: fillRef(ref, `${place}.${s}.${c}.f${f}`) })),
      }),
    );
    return {
      seen,
      role: roles.find((role) => mayBe(subject, seen, role)),
      containers,
      environment: literalEnvironment(containers),
      invented: false,
    };
  });
  const everybody = environment.services.map(({ account }) =>
    account.kind === "member" ? account.member : account.kind === "urn" ? account.urn : "",
  );
  const secrets = environment.secrets.map(({ urn, project, secret, versions }) => ({
    urn,
    secret: `${projectOf(project)} ${secret.id}`,
    label: secret.label,
    protect: secret.protect,
    ttl: secret.ttl,
    versions: versions.map((version) => ({
      number: numbers.get(version.urn) ?? "",
      known: version.number !== null,
      enabled: version.enabled,
      destroyed: version.destroyed,
    })),
  }));
  const full: FullEnvironment = {
    seen: environment,
    services,
    secrets,
    grants: environment.grants.map((grant, g): FullGrant => {
      const target = grant.urn === null ? undefined : declared.get(grant.urn);
      const onProject = grant.grant.form.startsWith("project-");
      return {
        project: target?.project ?? projectOf(grant.project),
        secret: onProject ? null : (target?.name ?? grant.secret ?? ""),
        role: grant.grant.role,
        conditional: grant.grant.conditional,
        members: grant.opaque
          ? answers.get(`policy ${place}.${g}`) === "nobody"
            ? []
            : everybody
          : grant.members.map(
              (member, m) =>
                member ??
                (grant.opaque ? grant.candidates[m] : answers.get(`member ${place}.${g}.${m}`)) ??
                "",
            ),
      };
    }),
    defaultAccount: (project) => {
      const match = view.matches.find(
        ({ id, number }) => projectOf(`id:${id}`) === project || projectOf(`number:${number}`) === project,
      );
      return match && `serviceAccount:${match.number}-compute@developer.gserviceaccount.com`;
    },
    projectOf,
  };
  invent(full, answers, place);
  return full;
}

function literalEnvironment(containers: readonly FullContainer[]): string | undefined {
  for (const { variables } of containers) {
    for (const { name, value } of variables) {
      if (name === "ENVIRONMENT" && value.kind === "literal") return value.text;
    }
  }
  return undefined;
}

/** Containers for services that hide theirs: what the other one has, nothing, or something that is astray. */
function invent(full: FullEnvironment, answers: ReadonlyMap<string, string>, place: number): void {
  const visible = full.services.find(({ seen, role }) => seen.containers !== "hidden" && role !== undefined);
  const newest = full.secrets.find(({ secret }) => secret.includes("jwt"));
  const usual: FullContainer = {
    variables: [
      { name: "ENVIRONMENT", value: { kind: "literal", text: full.seen.name ?? "staging" } },
      {
        name: "JWT_SECRET_KEY",
        value: {
          kind: "reference",
          ref: {
            project: newest?.secret.split(" ")[0] ?? "nowhere",
            name: newest?.secret.split(" ")[1] ?? "made-up",
            secret: newest?.secret ?? "nowhere made-up",
            version: newest?.versions.at(-1)?.number ?? "1",
          },
        },
      },
    ],
    files: [],
  };
  full.services.forEach((service, s) => {
    const answer = answers.get(`containers ${place}.${s}`);
    if (answer === undefined) return;
    service.invented = true;
    if (answer === "mirror") service.containers = visible?.containers ?? [usual];
    if (answer === "nothing") service.containers = [];
    if (answer === "astray") {
      service.containers = [
        {
          variables: usual.variables.map(({ name, value }) => ({
            name,
            value:
              value.kind === "reference"
                ? { kind: "reference", ref: { ...value.ref, secret: "nowhere astray", name: "astray" } }
                : value,
          })),
          files: [],
        },
      ];
    }
    service.environment = literalEnvironment(service.containers);
  });
}
