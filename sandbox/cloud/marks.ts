import { z } from "zod";
import { type Call, param } from "./context.ts";
import { ApiError } from "./errors.ts";
import { secretName } from "./secrets.ts";
import { type CloudState, type JsonObject, type Mark, markSchema } from "./state.ts";

/**
 * The sandbox's own addition to the APIs: a client may leave a mark on what it creates (header
 * `x-sandbox-mark`), and ask later what carries it (docs/decisions/0010).
 */

export const markHeader = "x-sandbox-mark";

interface Marked {
  mark?: Mark | undefined;
}

/** Reads the header; a malformed one is refused. */
export function markFromHeader(header: string | undefined): Mark | undefined {
  if (header === undefined) return undefined;
  const parsed = z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(Buffer.from(text, "base64").toString("utf8"));
      } catch {
        context.addIssue("not base64 of JSON");
        return z.NEVER;
      }
    })
    .pipe(markSchema)
    .safeParse(header);
  if (!parsed.success) throw new ApiError("INVALID_ARGUMENT", `The header ${markHeader} is not a mark.`);
  return parsed.data;
}

export function markToHeader(mark: Mark): string {
  return Buffer.from(JSON.stringify(mark)).toString("base64");
}

/** Everything that still carries a mark with this URN, and the session that left it. */
export function findMarks(call: Call): JsonObject {
  const urn = call.query.get("urn");
  const found = all(call.state).filter(({ holder }) => holder.mark?.urn === urn);
  return {
    marks: found.map(({ name, destroyed, holder }) => ({
      name,
      destroyed,
      inputs: holder.mark?.inputs ?? "",
      session: holder.mark?.session ?? "",
    })),
  };
}

/** Removes the mark of a URN from what `name` says: its client has written down that it made it. */
export function removeMarks(call: Call): JsonObject {
  const urn = param(call, "urn");
  const wanted = call.query.get("name");
  for (const { name, holder } of all(call.state)) {
    if (holder.mark?.urn === urn && name === wanted) delete holder.mark;
  }
  return {};
}

function all(state: CloudState): { name: string; destroyed: boolean; holder: Marked }[] {
  return [
    ...Object.entries(state.secrets).flatMap(([name, secret]) => [
      { name, destroyed: false, holder: secret },
      ...secret.versions.map((version) => ({
        name: `${secretName(state, secret.project, secret.secretId)}/versions/${version.number}`,
        destroyed: version.state === "DESTROYED",
        holder: version,
      })),
    ]),
    ...Object.entries(state.accounts).map(([email, account]) => ({
      name: `projects/${account.project}/serviceAccounts/${email}`,
      destroyed: false,
      holder: account,
    })),
    ...Object.entries(state.services).map(([name, service]) => ({ name, destroyed: false, holder: service })),
  ];
}
