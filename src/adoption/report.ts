/** The report of an adoption, as text for people. Values of variables appear nowhere. */
import { printReference, printSecret } from "../policy/describe.ts";
import type { ReportedReference, ReportedService } from "../policy/report.ts";
import { visible } from "../reports/escape.ts";
import type { Adoption } from "./adoption.ts";
import { adviceOf } from "./advice.ts";
import type { Change } from "./changes.ts";
import type { Key } from "./key.ts";
import { namesOf } from "./override.ts";
import type { Place } from "./place.ts";
import type { Plan } from "./plan.ts";

const heading = (text: string) => ["", text];
const width = 110;

/** Text in lines of at most `width`, the later ones indented as far as the first one's text. */
function wrapped(first: string, text: string): string {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(" ")) {
    if (line.length > first.length && line.length + word.length + 1 > width) {
      lines.push(line);
      line = " ".repeat(first.length) + word;
    } else line += line.length === first.length ? word : ` ${word}`;
  }
  return [...lines, line].join("\n");
}

const item = (text: string) => wrapped("  - ", visible(text));

function referenceText(reference: ReportedReference | null): string {
  if (reference === null) return "not known";
  const { project, secret, version } = reference;
  return `${project === null ? "" : `${project}/`}${secret ?? "(unknown secret)"}@${version ?? "(no version)"}`;
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    });
  }
  return rows.map((row) =>
    `  ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ")}`.trimEnd(),
  );
}

function serviceLines({ role, name, variables, reference }: ReportedService): string[] {
  const rows = variables.map((variable) => [
    `  ${visible(variable.name)}`,
    visible(variable.state === "reference" ? referenceText(variable.reference) : `(${variable.state})`),
  ]);
  const effective =
    reference === null ? "what it reads is not decided by this" : `reads ${referenceText(reference)}`;
  return [`  ${role ?? "further"} (${visible(name)}): ${visible(effective)}`, ...columns(rows)];
}

function today({ today: report }: Adoption): string[] {
  const environment = report?.environments[0];
  if (environment === undefined) return [];
  const wrong = environment.findings
    .filter(({ severity }) => severity === "mandatory")
    .map(({ rule, message }) => item(`${rule}: ${message}`));
  return [
    ...heading("Today"),
    ...environment.services.flatMap(serviceLines),
    ...heading(wrong.length === 0 ? "Nothing is wrong by the rules" : "What is wrong, by rule"),
    ...wrong,
  ];
}

function keyLines({ reference, secret, current, previous, notes }: Key): string[] {
  return [
    ...heading("Which secret stays"),
    item(
      `${printSecret(reference)}, version ${current}: auth signs with it today (${printReference(reference)}), so tokens that are out there stay good.`,
    ),
    ...(previous === undefined ? [] : [item(`Version ${previous} of ${secret} stays readable beside it.`)]),
    ...notes.map(item),
  ];
}

const settingNames: Readonly<Record<string, string>> = {
  labels: "labels",
  "template.labels": "labels of its revisions",
  deletionProtection: "deletion protection",
  "template.containers": "order of containers",
};

function changeLine({ path, from, to, note }: Change): string[] {
  const name = path.startsWith("envs.") ? path.slice("envs.".length) : (settingNames[path] ?? path);
  const sign = from === undefined ? "+" : to === undefined ? "-" : "~";
  const what = [from, to].filter((one) => one !== undefined).join(" -> ");
  return [`  ${sign} ${visible(name)}`, visible(note === undefined ? what : `${what} (${note})`)];
}

function changeLines(plan: Plan): string[] {
  const services = (["backend", "auth"] as const).flatMap((role) => [
    `  ${role} (${visible(plan.existing.services[role])})`,
    ...columns(plan.changes.filter((change) => change.role === role).map(changeLine)),
  ]);
  const grants = plan.grants
    .filter(({ exists }) => !exists)
    .map(({ member }) => wrapped("  + ", visible(`a grant: ${member} may read ${plan.secretName}`)));
  return [
    ...heading("What the first update changes, and nothing else"),
    ...services,
    ...grants,
    "  Nothing is replaced and nothing deleted. Each service gets one new revision.",
  ];
}

/** Secrets that carry JWT variables today and will not any more. */
function leftOver({ today: report, key }: Adoption): string[] {
  const all = (report?.environments[0]?.services ?? []).flatMap(({ variables }) =>
    variables.flatMap(({ reference }) => reference?.secret ?? []),
  );
  return [...new Set(all)].filter((secret) => secret !== key?.secret);
}

function steps(adoption: Adoption, plan: Plan, { project, region }: Place): string[] {
  const { environment } = adoption;
  const { auth, backend } = plan.existing.services;
  const describe = (name: string) =>
    `gcloud run services describe ${name} --region ${region} --project ${project} --format=json`;
  const lines = [
    `Write the files into the project's folder: adopt ... --output . (${fileNames(environment, plan).join(", ")}); read and commit them.`,
    `pulumi stack init ${environment} (unless it is there), then pulumi import --stack ${environment} --file ${importName(environment)} --protect=false --generate-code=false: the state learns what runs, and nothing is changed.`,
    `pulumi preview --stack ${environment} --diff: it must show the changes above and no others. If a replace or a delete is among them, stop.`,
    `npm run up -- ${environment}: backend first, so that it accepts what auth signs; then auth, pinned to the key it signs with already. No token of auth is refused on the way.`,
    `Check what runs: ${describe(auth)} > auth.json, the same for ${backend}, then jwt-secret check auth.json backend.json.`,
  ];
  return [
    ...heading("Steps, in this order"),
    ...lines.map((line, index) => wrapped(`  ${index + 1}. `, visible(line))),
  ];
}

function later(adoption: Adoption): string[] {
  const old = leftOver(adoption);
  if (old.length === 0) return [];
  return [
    ...heading("When the old secrets may go"),
    item(
      `${old.join(", ")}: not read by auth or backend after step 4. Leave ${old.length > 1 ? "them" : "it"} until no revision that reads ${old.length > 1 ? "them" : "it"} is needed for a rollback or reachable by a tag, and nothing else signs or verifies with ${old.length > 1 ? "them" : "it"}. Then disable the versions, wait a week, and delete.`,
    ),
    item("Tokens that something other than auth signed with an old secret are refused from step 4 on."),
  ];
}

/** The name of the import file. */
export const importName = (environment: string): string => `import.${environment}.json`;
/** The name of the report's file. */
export const reportName = (environment: string): string => `adoption.${environment}.txt`;

/** The files that are written, by their paths from the project's folder. */
export function fileNames(environment: string, plan: Plan): string[] {
  return [
    `Pulumi.${environment}.yaml`,
    ...(plan.overrides === undefined ? [] : [`overrides/${environment}.ts`]),
    importName(environment),
    reportName(environment),
  ];
}

function overrideLines({ differences }: Plan, environment: string): string[] {
  const lines = Object.entries(differences).map(([role, difference]) =>
    item(`${role}: ${namesOf(difference).join(", ")}`),
  );
  return lines.length === 0
    ? []
    : [...heading(`What the configuration has no setting for (overrides/${environment}.ts)`), ...lines];
}

/** The whole report. */
export function reportText(adoption: Adoption): string {
  const { environment, problems, plan, place, key } = adoption;
  const lines = [`Adopting ${visible(environment)}`, ...today(adoption)];
  if (key !== undefined) lines.push(...keyLines(key));
  if (plan !== undefined && place !== undefined) {
    const advice = adviceOf(adoption, plan, place);
    lines.push(
      ...changeLines(plan),
      ...overrideLines(plan, environment),
      ...steps(adoption, plan, place),
      ...later(adoption),
      ...(advice.length === 0 ? [] : [...heading("Worth knowing"), ...advice.map(item)]),
    );
  }
  if (problems.length > 0) {
    lines.push(...heading("It cannot be adopted yet"), ...problems.map(({ text }) => item(text)));
  }
  return `${lines.join("\n")}\n`;
}
