/** Writes `overrides/<environment>.ts`, in the form the project's formatter gives it. */
import type { Role } from "../environment/environment.ts";
import { json } from "../reports/escape.ts";
import type { Difference } from "./override.ts";
import { isBranch, type Tree } from "./tree.ts";

const width = 110;

const count = (text: string, sign: string) => text.split(sign).length - 1;

/** Text in the quotes that need fewer escapes; what cannot be seen is spelled out. */
function quoted(text: string): string {
  const double = json(text);
  if (count(text, '"') <= count(text, "'")) return double;
  return `'${double.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

const key = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name));

/** Names that say what a thing is come first; the rest in alphabetical order, whatever order a document had. */
const leading = ["name", "type", "image", "path"];

function byImportance([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  const [left, right] = [leading.indexOf(a), leading.indexOf(b)];
  if (left !== right) return left === -1 ? 1 : right === -1 ? -1 : left - right;
  return a < b ? -1 : 1;
}

/** A literal. Maps are written one field to a line; a list of plain values on one line while it fits. */
function literal(value: Tree | undefined, indent: string, used: number): string {
  if (value === undefined) return "undefined";
  if (Array.isArray(value)) {
    const items = value.map((item) => literal(item, `${indent}  `, 0));
    const line = `[${items.join(", ")}]`;
    if (!value.some((item) => isBranch(item) || Array.isArray(item)) && used + line.length <= width - 1)
      return line;
    return `[\n${items.map((item) => `${indent}  ${item},\n`).join("")}${indent}]`;
  }
  if (typeof value === "string") return quoted(value);
  if (!isBranch(value)) return String(value);
  const entries = Object.entries(value).toSorted(byImportance);
  if (entries.length === 0) return "{}";
  return `{\n${entries.map((entry) => field(entry, `${indent}  `)).join("")}${indent}}`;
}

function field([name, value]: readonly [string, Tree | undefined], indent: string): string {
  const head = `${indent}${key(name)}: `;
  return `${head}${literal(value, indent, head.length)},\n`;
}

const fields = (values: Readonly<Record<string, Tree | undefined>>, indent: string) =>
  Object.entries(values)
    .toSorted(byImportance)
    .map((entry) => field(entry, indent))
    .join("");

function containerSource({ container, sidecars }: Difference): string {
  const { envs, ...others } = container;
  const first = "args.template.containers[0]";
  const pad = " ".repeat(10);
  const added = Array.isArray(envs) ? envs : [];
  const envLines =
    added.length === 0
      ? ""
      : `${pad}envs: [\n${pad}  ...(${first}.envs ?? []),\n${added
          .map((one) => `${pad}  ${literal(one, `${pad}  `, 0)},\n`)
          .join("")}${pad}],\n`;
  const serving =
    Object.keys(container).length === 0
      ? `${pad.slice(2)}${first},\n`
      : `${pad.slice(2)}{\n${pad}...${first},\n${fields(others, pad)}${envLines}${pad.slice(2)}},\n`;
  const rest = sidecars.map((one) => `${pad.slice(2)}${literal(one, pad.slice(2), 0)},\n`).join("");
  return `      containers: [\n${serving}${rest}      ],\n`;
}

function roleSource(role: Role, difference: Difference): string {
  const { args, template, container, sidecars } = difference;
  const inContainers = Object.keys(container).length > 0 || sidecars.length > 0;
  const inTemplate = inContainers || Object.keys(template).length > 0;
  const templateLines = inTemplate
    ? `    template: {\n      ...args.template,\n${fields(template, "      ")}${inContainers ? containerSource(difference) : ""}    },\n`
    : "";
  return `  ${role}: (args) => ({\n    ...args,\n${fields(args, "    ")}${templateLines}  }),\n`;
}

/** The file; undefined when no service needs one. */
export function overrideSource(
  environment: string,
  differences: Readonly<Partial<Record<Role, Difference>>>,
): string | undefined {
  const roles = (["auth", "backend"] as const).flatMap((role) => {
    const difference = differences[role];
    return difference === undefined ? [] : [roleSource(role, difference)];
  });
  if (roles.length === 0) return undefined;
  return `/**
 * What Pulumi.${environment}.yaml has no setting for, as the services had it when they were adopted. What stands here wins
 * over the configuration.
 */
import type { Overrides } from "../src/infrastructure/overrides.ts";

/** Changes to the arguments of each service, before the JWT variables are added. */
export const overrides: Overrides = {
${roles.join("")}};
`;
}
