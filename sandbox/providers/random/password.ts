/** Random passwords, made once and kept in the state as secrets. */
import { randomInt } from "node:crypto";
import type { ResourceType } from "../resource.ts";
import { type Properties, UNKNOWN } from "../values.ts";

const classes = {
  lower: "abcdefghijklmnopqrstuvwxyz",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  numeric: "0123456789",
  special: "!@#$%&*()-_=+[]{}<>:?",
};

/**
 * random:index/randomPassword:RandomPassword: characters from a cryptographic source. Unlike the real provider's
 * it has no output `bcryptHash`: nothing here hashes passwords.
 */
export const randomPasswordType: ResourceType = {
  token: "random:index/randomPassword:RandomPassword",
  replaceOn: "all",
  secretOutputs: ["result"],
  notReadBack: ["keepers"],

  problems(inputs) {
    if ([inputs.length, ...minima(inputs)].some((value) => value === UNKNOWN)) return [];
    const length = Number(inputs.length);
    if (!Number.isInteger(length) || length < 1) return ["Attribute length value must be at least 1"];
    const least = minima(inputs).reduce<number>((sum, value) => sum + Number(value ?? 0), 0);
    if (least > length) {
      return [
        `Attribute length value must be at least sum of min_upper + min_lower + min_numeric + min_special (${least}), got: ${length}`,
      ];
    }
    if (alphabet(inputs) === "") return ["At least one character set must be enabled"];
    return [];
  },

  preview: (inputs) => ({ ...defaults(inputs), result: UNKNOWN }),
  create: async (inputs) => ({ id: "none", outputs: { ...defaults(inputs), result: generate(inputs) } }),

  async read(id, before) {
    // The real provider's import takes the password itself as the ID, which would show it everywhere.
    if (before.outputs.result === undefined) {
      throw new Error(
        "the sandbox does not import a RandomPassword: its ID in an import is the password itself",
      );
    }
    return { id, inputs: before.inputs, outputs: before.outputs };
  },
  update: async (_id, inputs, before) => ({ ...before.outputs, ...defaults(inputs) }),
  delete: async () => {},
};

function minima(inputs: Properties) {
  return [inputs.minUpper, inputs.minLower, inputs.minNumeric, inputs.minSpecial];
}

function sets(inputs: Properties): Record<keyof typeof classes, string> {
  const special =
    typeof inputs.overrideSpecial === "string" && inputs.overrideSpecial !== ""
      ? inputs.overrideSpecial
      : classes.special;
  return {
    lower: inputs.lower === false ? "" : classes.lower,
    upper: inputs.upper === false ? "" : classes.upper,
    numeric: (inputs.numeric ?? inputs.number) === false ? "" : classes.numeric,
    special: inputs.special === false ? "" : special,
  };
}

function alphabet(inputs: Properties): string {
  return Object.values(sets(inputs)).join("");
}

function generate(inputs: Properties): string {
  const { special } = { special: sets(inputs).special || classes.special };
  const chosen = [
    ...draw(classes.lower, Number(inputs.minLower ?? 0)),
    ...draw(classes.upper, Number(inputs.minUpper ?? 0)),
    ...draw(classes.numeric, Number(inputs.minNumeric ?? 0)),
    ...draw(special, Number(inputs.minSpecial ?? 0)),
  ];
  chosen.push(...draw(alphabet(inputs), Number(inputs.length) - chosen.length));
  // Fisher and Yates: the required characters must not all come first.
  for (let at = chosen.length - 1; at > 0; at -= 1) {
    const other = randomInt(at + 1);
    [chosen[at], chosen[other]] = [chosen[other] ?? "", chosen[at] ?? ""];
  }
  return chosen.join("");
}

function draw(characters: string, count: number): string[] {
  return Array.from({ length: count }, () => characters.charAt(randomInt(characters.length)));
}

function defaults(inputs: Properties): Properties {
  const numeric = inputs.numeric ?? inputs.number ?? true;
  return {
    length: inputs.length ?? null,
    lower: inputs.lower ?? true,
    upper: inputs.upper ?? true,
    numeric,
    number: numeric,
    special: inputs.special ?? true,
    minLower: inputs.minLower ?? 0,
    minUpper: inputs.minUpper ?? 0,
    minNumeric: inputs.minNumeric ?? 0,
    minSpecial: inputs.minSpecial ?? 0,
    overrideSpecial: inputs.overrideSpecial ?? null,
    keepers: inputs.keepers ?? null,
  };
}
