import { createHash } from "node:crypto";
import type { Mark } from "../cloud/state.ts";
import type { Api } from "./api.ts";
import type { Sameness } from "./diff.ts";
import { allWithoutDefaults, type Properties } from "./values.ts";

/** What the server needs to know of a resource type. To add a type, write one of these and list it in start.ts. */
export interface ResourceType {
  /** `gcp:secretmanager/secret:Secret`. */
  readonly token: string;
  /** Whether what it creates carries a mark (see `madeEarlier`). */
  readonly marked?: true;
  /** The input that is named after the resource when it is not given. */
  readonly autonamed?: string;
  /** Inputs filled in by `check` when they are not given. */
  readonly defaults?: Properties;
  /** Top-level inputs whose change replaces the resource; "all": any. */
  readonly replaceOn: readonly string[] | "all";
  /** Outputs that are secrets whatever the inputs are. */
  readonly secretOutputs?: readonly string[];
  /** Paths (`[]` for any item) the platform fills in when they are not given: leaving one out changes nothing. */
  readonly chosenByPlatform?: readonly string[];
  /** Top-level inputs that are never read back: they live in the provider alone, or hold only some of what is there. */
  readonly notReadBack?: readonly string[];
  /** Values that differ and mean the same. */
  readonly same?: Sameness;
  /** Refuses inputs the shape alone does not show to be wrong; one sentence each. */
  problems?(inputs: Properties): string[];
  /** The outputs as far as they are known before creation; the rest UNKNOWN. */
  preview(inputs: Properties, context: Context): Properties;
  /** @throws CreatedButFailed when something was made that is not as it should be. */
  create(inputs: Properties, context: Context): Promise<{ id: string; outputs: Properties }>;
  /** What is there now; undefined: nothing. `before` is what the state holds, empty in an import. */
  read(id: string, before: Before, context: Context): Promise<Found | undefined>;
  /** @throws CreatedButFailed when the change was made but did not work out. */
  update(id: string, inputs: Properties, before: Before, context: Context): Promise<Properties>;
  delete(id: string, outputs: Properties, context: Context): Promise<void>;
}

/** What the engine's state holds of a resource, secrets unwrapped. */
export interface Before {
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export interface Found {
  readonly id: string;
  /** Every input as it is now, defaults of the platform included. */
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** One operation on one resource. */
export interface Context {
  readonly urn: string;
  /** From the provider's configuration. */
  readonly project: string | undefined;
  readonly region: string | undefined;
  readonly api: Api;
  /** One run of the engine. */
  readonly session: string;
}

/** Something was made or changed but is not as it should be: the engine keeps it and tries an update next time. */
export class CreatedButFailed extends Error {
  readonly id: string;
  readonly outputs: Properties;

  constructor(message: string, id: string, outputs: Properties) {
    super(message);
    this.name = "CreatedButFailed";
    this.id = id;
    this.outputs = outputs;
  }
}

/** The mark of an operation: its resource and its exact inputs (docs/decisions/0010). */
export function markOf(inputs: Properties, context: Context): Mark {
  const canonical = JSON.stringify(allWithoutDefaults(inputs), (_key, value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
  return {
    urn: context.urn,
    inputs: createHash("sha256").update(canonical).digest("hex"),
    session: context.session,
  };
}

/**
 * The name of what this very operation made in an earlier run that ended before the engine could write it down;
 * undefined: there is none. Within one run nothing is taken over: a second attempt is refused as the real one is.
 */
export async function madeEarlier(mark: Mark, context: Context): Promise<string | undefined> {
  const marks = await context.api.marks(mark.urn);
  return marks.find(
    ({ inputs, session, destroyed }) => inputs === mark.inputs && session !== mark.session && !destroyed,
  )?.name;
}
