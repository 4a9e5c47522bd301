/** A deployed stack, as its outputs tell: what was deployed, not what the configuration asks for. */
import { z } from "zod";
import { StackError } from "./error.ts";

export interface DeployedStack {
  /** Without organisation and project. */
  name: string;
  /** Full name of the version that both services carry. */
  version: string;
  authUrl?: string;
  backendUrl?: string;
}

const Url = z.string().optional().catch(undefined);

const Outputs = z.object({ version: z.unknown(), authUrl: Url, backendUrl: Url });

/** `organisation/project/stack` is known by its last part. */
export const shortName = (stack: string): string => stack.split("/").at(-1) ?? stack;

/** @throws StackError for outputs that do not name the deployed version. */
export function stackOf(name: string, outputs: unknown, source: string): DeployedStack {
  const parsed = Outputs.safeParse(outputs);
  const version = parsed.success ? parsed.data.version : undefined;
  if (!parsed.success || version === undefined)
    throw new StackError(
      `${source} has no output \`version\`: deploy the stack with this project's index.ts, or name the version with ` +
        "--secret-version",
    );
  if (typeof version !== "string" || version === "[secret]")
    throw new StackError(
      `the output \`version\` of ${source} is not in clear: index.ts exports it as it is; no secret may be mixed into it`,
    );
  const { authUrl, backendUrl } = parsed.data;
  return {
    name: shortName(name),
    version,
    ...(authUrl === undefined ? {} : { authUrl }),
    ...(backendUrl === undefined ? {} : { backendUrl }),
  };
}
