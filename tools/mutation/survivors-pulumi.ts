/** Survivors in `src/documents/pulumi` that are left alive, each with the reason. */
import { type Accepted, aliveIn } from "./accepted.ts";
import { reasons } from "./reasons.ts";

const { anyKey, cutDown, narrowing, never, noNumber, noText, property, shortCut } = reasons;
const onlyKnown = "a part of which only the value of a known one is read";
const onlyUrn = "of a resource of another type only its URN and whether it changes are read";
const noObject = "of what is no object everything is kept either way";
const list = '["Stryker was here"]';
const text = '"Stryker was here!"';

const alive = aliveIn("src/documents");

export const acceptedInPulumi: readonly Accepted[] = [
  ...alive("pulumi/accessors.ts", ["a function that returns nothing returns undefined", "} catch {", "{}"]),
  ...alive("pulumi/accounts.ts", [property, "...(doubt === undefined ? {}", "false"]),
  ...alive(
    "pulumi/grants.ts",
    [
      "only what is unknown can be computed",
      'if (text.kind !== "unknown" || !text.computed) return part',
      "false",
    ],
    ["the ID of a project holds no slash", "project.value.replace(", "/projects\\//u"],
  ),
  ...alive("pulumi/own-names.ts", ["no package and no type is called so", "u.exec(type) ?? []", list, text]),
  ...alive(
    "pulumi/outline.ts",
    [cutDown, '"steps", "deployment.resources"', "[]", '""'],
    [cutDown, 'key: "urn"', '""'],
    [cutDown, "return urn === undefined || relevant", "true"],
    [noObject, "op: true", "false"],
    [noObject, "newState: { custom: true", "false"],
    [noObject, "delete: true", "false"],
    [noObject, "pendingReplacement: true", "false"],
  ),
  ...alive(
    "pulumi/preview.ts",
    ["what is undefined is filtered out", "if (step.missing !== undefined) missing.push", "true"],
    [property, "...(incomplete === undefined ?", "false"],
  ),
  ...alive(
    "pulumi/projects.ts",
    ["any text without `::` names no provider", 'providerUrn(resource.provider ?? "")', text],
    ["no provider is called so", "const isDefault = urn ===", text],
    ["a stack with a resource has a name", 'stack.name ?? ""', text],
    [noText, 'if (text.kind !== "text") return { kind: "absent" }', "false"],
    [onlyKnown, 'if (text.kind !== "text") return { kind: "absent" }', "{}", '""'],
    [onlyKnown, 'return readSecretName(text.text, { kind: "absent" }).project', "{}", '""'],
  ),
  ...alive(
    "pulumi/resource.ts",
    [onlyUrn, "const nothing = {", "{}"],
    [onlyUrn, "dependencies: [],", list],
    ...["protect", "retainOnDelete", "external", "failed"].map((key): [string, string, string] => [
      onlyUrn,
      `${key}: false,`,
      "true",
    ]),
    ["the steps of a preview are gathered by URN before", "{ once = false }", "true"],
    [shortCut, "source.outputsFrom === undefined || source.outputsFrom === source.raw", "false"],
    [
      "saves memory: of what is kept in vain nothing is read",
      "if (!source.changing && !relevant.has(urn.type)) continue;",
      "false",
    ],
    [property, "...(name === undefined ? {} : { name })", "false"],
  ),
  ...alive(
    "pulumi/services.ts",
    [property, "...(serving === undefined ? {} : { serving })", "false"],
    [anyKey, "const Named = { name: anything", "{}"],
    [narrowing, "return text.computed && context.settler !== undefined", "true"],
    [property, "return role === undefined || parents", "false"],
    [property, "...(aliases === undefined ?", "false"],
    [
      "the project of what the outputs refer to is not looked at",
      "const context = { project, ...(aliases",
      "{}",
    ],
    [
      "the places of variables in the outputs are not looked at",
      "readContainers(pod, context, () =>",
      "() => undefined",
    ],
    [never, "} catch (error) {", "{}"],
    [never, "if (error instanceof DocumentError) return undefined;", "true"],
  ),
  ...alive("pulumi/secrets.ts", ["a text has no labels", "const seen = settled ?", list]),
  ...alive(
    "pulumi/serving.ts",
    ["what is not ready is told of by the next lines", "const latest = resource.settled &&", "true"],
    ["a text is no target and no condition", ".data ?? [];", list],
    ["the path of a file begins with its folder", "const namesKey =", "true"],
  ),
  ...alive(
    "pulumi/step.ts",
    ["what is neither kept nor new nor of a copy leaves none", 'delete: "none"', '""'],
    ["what is neither kept nor new nor of a copy leaves none", 'discard: "none"', '""'],
    ["of what stands only a new version's number is not read", "outputsFrom: raw, fresh: false", "true"],
    ["whatever is there has an ID", 'if (op !== "same" || newState.custom', "false"],
    ["of what leaves nothing the URN is not read", "...(ofCopy ? { urn }", "{}"],
    [never, 'isUsed(parseUrn(urn)?.type ?? "")', text],
    [never, 'relevant.has(parseUrn(urn)?.type ?? "")', text],
    [never, '?.logicalName ?? "a resource"', '""', "parseUrn(urn).logicalName"],
    [property, "...(left === undefined ? {}", "false"],
    [property, "...(outputsFrom === undefined ?", "false"],
  ),
  ...alive(
    "pulumi/settle.ts",
    [noText, 'return name.kind === "text" ? readSecretName(name.text', "true"],
    [onlyKnown, 'return name.kind === "text" ? readSecretName(name.text', "{}", '""'],
  ),
  ...alive(
    "pulumi/source.ts",
    ["a function that returns nothing returns undefined", "} catch {", "{}"],
    [noText, 'if (configured.kind === "text")', "true"],
  ),
  ...alive(
    "pulumi/state.ts",
    [never, '?.logicalName ?? "it"', '""'],
    [property, "return incomplete === undefined ? stack", "false"],
    ["no resource is called so", "const urns = new Set(pending.flatMap(", list],
    [shortCut, "function isPlain(raw: unknown)", "{}"],
    [shortCut, "isObject(raw) &&", "false"],
    [shortCut, 'typeof raw.urn === "string" &&', '""'],
    [
      narrowing,
      "if (version === undefined || version === null ||",
      "false",
      "version === undefined && version === null",
    ],
    [noNumber, 'typeof version === "number" && version > 4', "true"],
    [
      "version 4 is readable and does not come here",
      'typeof version === "number" && version > 4',
      "version >= 4",
    ],
  ),
  ...alive("pulumi/urn.ts", [shortCut, "typeStart === 0 ? chain : chain.slice(typeStart)", "false"]),
];
