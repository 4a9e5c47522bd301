/** The variables an instance starts with: secrets are read at that moment, as the revision's runtime account. */
import { z } from "zod";
import { StartFailure } from "./failure.ts";
import type { TemplateVariable } from "./template.ts";

const Answer = z.looseObject({
  payload: z.looseObject({ data: z.base64() }).optional(),
  error: z.looseObject({ message: z.string().default("no message") }).optional(),
});

/** Whose variables they are. */
export interface Reader {
  /** The sandbox's cloud, `http://127.0.0.1:PORT`. */
  readonly cloud: string;
  /** Project of the service: a secret named without one is in it. */
  readonly project: string;
  /** E-mail of the runtime account. */
  readonly account: string;
}

/**
 * Reads every variable; one secret version named several times is read once. The last of two of one name counts.
 * Throws a `StartFailure` that names the version that cannot be read.
 */
export async function resolveVariables(
  variables: readonly TemplateVariable[],
  reader: Reader,
): Promise<Record<string, string>> {
  const reads = new Map<string, Promise<string>>();
  const values = variables.map(async ({ name, value, reference }): Promise<[string, string]> => {
    if (reference === undefined) return [name, value ?? ""];
    const secret = reference.secret.includes("/")
      ? reference.secret
      : `projects/${reader.project}/secrets/${reference.secret}`;
    const version = `${secret}/versions/${reference.version}`;
    const read = reads.get(version) ?? access(version, reader);
    reads.set(version, read);
    return [name, await read];
  });
  return Object.fromEntries(await Promise.all(values));
}

async function access(version: string, { cloud, account }: Reader): Promise<string> {
  let answer: z.infer<typeof Answer>;
  try {
    const response = await fetch(`${cloud}/v1/${version}:access`, {
      headers: { authorization: `Bearer member:serviceAccount:${account}` },
    });
    answer = Answer.parse(await response.json());
  } catch {
    throw new StartFailure(`${version} could not be read: Secret Manager gave no answer.`);
  }
  if (answer.payload === undefined) {
    throw new StartFailure(
      `${version} could not be read as ${account}: ${answer.error?.message ?? "no payload"}`,
    );
  }
  return Buffer.from(answer.payload.data, "base64").toString("utf8");
}
