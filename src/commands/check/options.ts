/** The arguments of `check`. */
import { parseArgs } from "node:util";
import { z } from "zod";
import { type Role, roles } from "../../policy/facts.ts";
import { formats } from "../../reports/writer.ts";
import { UsageError } from "../command.ts";

const projectId = /^[a-z0-9](?:[a-z0-9.:-]*[a-z0-9])?$/u;

/** `ROLE=REST`, split. */
const forRole = (what: string, names: RegExp) =>
  z.string().transform((text, context): { role: Role; value: string } => {
    const equals = text.indexOf("=");
    const role = roles.find((each) => each === text.slice(0, Math.max(0, equals)));
    const value = text.slice(equals + 1).trim();
    if (role !== undefined && names.test(value)) return { role, value };
    context.addIssue({
      code: "custom",
      message: `takes ROLE=${what} with ROLE ${roles.join(" or ")}, not "${text}"`,
    });
    return z.NEVER;
  });

const Project = z.string().transform((text, context): { id: string; number?: string } => {
  const [id = "", number, ...rest] = text.split("=");
  const isId = projectId.test(id) && !(number !== undefined && /^\d+$/u.test(id));
  if (isId && rest.length === 0 && (number === undefined || /^\d+$/u.test(number))) {
    return number === undefined ? { id } : { id, number };
  }
  context.addIssue({ code: "custom", message: `takes ID or ID=NUMBER, not "${text}"` });
  return z.NEVER;
});

const Values = z.object({
  environment: z.string().min(1, "takes the name of an environment").optional(),
  service: z.array(forRole("NAME", /^[^\s,]+$/u)).default([]),
  reads: z.array(forRole("VAR,VAR", /^[^\s,=]+(?:\s*,\s*[^\s,=]+)*$/u)).default([]),
  project: z.array(Project).default([]),
  format: z
    .enum(formats, { error: (issue) => `takes one of ${formats.join(", ")}, not "${String(issue.input)}"` })
    .default("text"),
  output: z.string().min(1, "takes a file").optional(),
  waivers: z.string().min(1, "takes a file").optional(),
});

/** All of them take a value. */
export const valued: readonly string[] = Object.keys(Values.shape).map((name) => `--${name}`);

type PerRole = Partial<Record<Role, string[]>>;

export interface CheckOptions {
  files: string[];
  environment?: string;
  named: PerRole;
  reads: PerRole;
  project?: string;
  projects: { id: string; number: string }[];
  format: (typeof formats)[number];
  output?: string;
  waivers?: string;
}

function perRole(
  pairs: readonly { role: Role; value: string }[],
  split: (value: string) => string[],
): PerRole {
  const result: PerRole = {};
  for (const { role, value } of pairs) result[role] = [...(result[role] ?? []), ...split(value)];
  return result;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        environment: { type: "string" },
        service: { type: "string", multiple: true },
        reads: { type: "string", multiple: true },
        project: { type: "string", multiple: true },
        format: { type: "string" },
        output: { type: "string" },
        waivers: { type: "string" },
      },
    });
  } catch (error) {
    const message = error instanceof Error ? (error.message.split(/\.\s/u)[0] ?? "") : "wrong options";
    throw new UsageError(message.charAt(0).toLowerCase() + message.slice(1));
  }
}

/** @throws UsageError for the first argument that cannot be meant. */
export function readOptions(args: readonly string[]): CheckOptions {
  const { values, positionals } = parsed(args);
  const result = Values.safeParse(values);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new UsageError(`--${String(issue?.path[0])} ${issue?.message ?? ""}`);
  }
  const { service, reads, project, environment, output, waivers, format } = result.data;
  const named = perRole(service, (name) => [name]);
  const both = named.auth?.find((name) => named.backend?.includes(name));
  if (both !== undefined) throw new UsageError(`--service gives ${both} both roles`);
  const [defaultProject, ...others] = new Set(
    project.flatMap(({ id, number }) => (number === undefined ? [id] : [])),
  );
  if (others.length > 0) throw new UsageError("--project ID is given twice with different IDs");
  if (positionals.filter((file) => file === "-").length > 1)
    throw new UsageError("standard input (-) is named twice");
  if (positionals.includes("")) throw new UsageError("a FILE is empty: is a variable of the shell unset?");
  if (waivers === "-") throw new UsageError("--waivers takes a file, not standard input");
  const projects = project.flatMap(({ id, number }) => (number === undefined ? [] : [{ id, number }]));
  const twice = projects.find((one) =>
    projects.some((two) => (one.id === two.id) !== (one.number === two.number)),
  );
  if (twice !== undefined) {
    throw new UsageError(`--project matches ${twice.id} or ${twice.number} with two`);
  }
  return {
    files: positionals,
    named,
    reads: perRole(reads, (list) =>
      list
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== ""),
    ),
    projects,
    format,
    ...(environment === undefined ? {} : { environment }),
    ...(defaultProject === undefined ? {} : { project: defaultProject }),
    // As with FILE, `-` is the standard stream.
    ...(output === undefined || output === "-" ? {} : { output }),
    ...(waivers === undefined ? {} : { waivers }),
  };
}
