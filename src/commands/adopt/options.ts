/** The arguments of `adopt`. */
import { parseArgs } from "node:util";
import { z } from "zod";
import { environmentPattern, forbiddenEnvironments } from "../../environment/names.ts";
import { type Role, roles } from "../../policy/facts.ts";
import { UsageError } from "../command.ts";

type PerRole = Partial<Record<Role, string[]>>;

/** What the user asks for. */
export interface AdoptOptions {
  readonly files: readonly string[];
  readonly environment: string;
  readonly output?: string;
  readonly force: boolean;
  readonly named: PerRole;
  readonly reads: PerRole;
  readonly project?: string;
  readonly projects: readonly { readonly id: string; readonly number: string }[];
  readonly policies: readonly { readonly secret: string; readonly file: string }[];
  readonly ignore: readonly string[];
}

const Environment = z
  .string({ error: "names the environment; write --environment staging, for example" })
  .regex(environmentPattern, "must be lower-case letters, digits and -, beginning with a letter")
  .refine(
    (name) => !forbiddenEnvironments.some((one) => one === name),
    "would make a variable that means something else; choose another name",
  );

function parsed(args: readonly string[]) {
  const several = { type: "string", multiple: true } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        environment: { type: "string" },
        output: { type: "string" },
        force: { type: "boolean" },
        service: several,
        reads: several,
        project: several,
        policy: several,
        ignore: several,
      },
    });
  } catch (error) {
    const message = error instanceof Error ? (error.message.split(/\.\s/u)[0] ?? "") : "wrong options";
    throw new UsageError(message.charAt(0).toLowerCase() + message.slice(1));
  }
}

/** `LEFT=RIGHT`, both there. */
function pair(option: string, text: string, form: string): [string, string] {
  const at = text.indexOf("=");
  const [left, right] = [text.slice(0, Math.max(0, at)).trim(), text.slice(at + 1).trim()];
  if (left === "" || right === "") throw new UsageError(`--${option} takes ${form}, not "${text}"`);
  return [left, right];
}

function perRole(
  option: string,
  texts: readonly string[],
  form: string,
  split: (text: string) => string[],
): PerRole {
  const result: PerRole = {};
  for (const text of texts) {
    const [left, right] = pair(option, text, form);
    const role = roles.find((one) => one === left);
    if (role === undefined)
      throw new UsageError(`--${option} takes ${form} with ROLE ${roles.join(" or ")}, not "${text}"`);
    result[role] = [...(result[role] ?? []), ...split(right)];
  }
  return result;
}

const names = (text: string) =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

/** @throws UsageError for the first argument that cannot be meant. */
export function readOptions(args: readonly string[]): AdoptOptions {
  const { values, positionals } = parsed(args);
  if (positionals.length === 0) {
    throw new UsageError("no FILE is given: name what gcloud run services describe prints of both services");
  }
  if (positionals.filter((file) => file === "-").length > 1)
    throw new UsageError("standard input (-) is named twice");
  const environment = Environment.safeParse(values.environment);
  if (!environment.success)
    throw new UsageError(`--environment ${environment.error.issues[0]?.message ?? ""}`);
  const given = values.project ?? [];
  const ids = [...new Set(given.filter((text) => !text.includes("=")))];
  if (ids.length > 1) throw new UsageError("--project ID is given twice with different IDs");
  const projects = given
    .filter((text) => text.includes("="))
    .map((text) => {
      const [id, number] = pair("project", text, "ID or ID=NUMBER");
      if (!/^\d+$/.test(number)) throw new UsageError(`--project takes ID or ID=NUMBER, not "${text}"`);
      return { id, number };
    });
  const [project] = ids;
  return {
    files: positionals,
    environment: environment.data,
    force: values.force === true,
    named: perRole("service", values.service ?? [], "ROLE=NAME", (name) => [name]),
    reads: perRole("reads", values.reads ?? [], "ROLE=VAR,VAR", names),
    projects,
    policies: (values.policy ?? []).map((text) => {
      const [secret, file] = pair("policy", text, "SECRET=FILE");
      return { secret, file };
    }),
    ignore: values.ignore ?? [],
    ...(values.output !== undefined && { output: values.output }),
    ...(project !== undefined && { project }),
  };
}
