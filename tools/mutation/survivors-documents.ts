/** Survivors in `src/documents` that are left alive, each with the reason. */
import { type Accepted, aliveIn } from "./accepted.ts";

const shortCut = "a short cut: the longer way gives the same answer";
const never = "a case that cannot come up, written for the type checker";
const narrowing = "a condition that the type checker asks for and that cannot be otherwise";
const noText = "for the type checker: what holds no text has `undefined` there, which matches nothing";
const noNumber = "for the type checker: a comparison with what is no number is false";
const groups = "for the type checker: an expression that matches has all of these groups";
const property = "a property that is undefined is to every reader as good as none";
const onlyKnown = "a part of which only the value of a known one is read";
const anyKey = "keys that may hold anything: they come through whether the shape names them or not";
const inGroups = "only the elements behind the first, the groups, are read";
const declared = "stacks come first and are declared, so only the second of two may not be";
const byName = "a part without a name is neither kept nor looked up by it, and one of the two would do";
const cutDown = "a short cut: what is not cut down is read whole, and says the same";
const noObject = "of what is no object everything is kept either way";
const noSet = "without a set there is nothing to delete";

const alive = aliveIn("src/documents");

const list = '["Stryker was here"]';
const text = '"Stryker was here!"';

export const acceptedInDocuments: readonly Accepted[] = [
  ...alive("cloud-run/document.ts", [never, "return one === undefined ? [] : [one]", "false", list]),
  ...alive(
    "cloud-run/v1.ts",
    [anyKey, "z.array(z.looseObject({ type: anything", "{}"],
    [noText, 'return text.kind === "text" && /^', "true"],
    [
      noNumber,
      "if (wanted !== undefined && observed !== undefined",
      "true",
      "wanted !== undefined || observed !== undefined",
    ],
    [never, 'kinds[String(value.kind)] ?? "service"', '""'],
  ),
  ...alive(
    "cloud-run/v2.ts",
    [groups, "match?.groups?.revision", "match?.groups.revision"],
    [groups, "match?.groups?.collection", "match?.groups.collection"],
    [groups, "match?.groups?.name", "match?.groups.name"],
    [groups, "match?.groups?.project", "match?.groups.project"],
    [groups, "match?.groups?.region", "match?.groups.region"],
    [
      noNumber,
      'wanted.kind === "text" && observed.kind === "text"',
      "true",
      'wanted.kind === "text" || observed.kind === "text"',
    ],
    [noText, 'const match = text.kind === "text"', "true"],
    [
      "only a revision has a service, so that the name counts either way",
      '(kind === "revision" ? (lastSegment(service)',
      "true",
    ],
  ),
  ...alive("containers.ts", [
    "three lines above, the same call would have thrown",
    'shown(pod, "the template") ?? {}',
    '""',
  ]),
  ...alive(
    "document.ts",
    ["`parse` gives one value at least", "if (only !== undefined &&", "true"],
    [
      "what is no object has neither key, and null does not come here",
      "return isObject(value) && typeof value.kind",
      "true",
    ],
  ),
  ...alive(
    "environments.ts",
    [narrowing, "return project !== undefined && part.kind", "true"],
    [shortCut, "if (project === undefined) return service", "false"],
    ["only a literal has a text", '(value.kind === "literal" ? value.text', "true"],
    [declared, "if (a === undefined || b === undefined) return", "false", "a && b"],
    [declared, "if (declared !== undefined) before.declared", "true"],
    [
      "where neither shows it, the next line takes the first all the same",
      "const [one, other] = shown.length > 0",
      "true",
      "shown.length >= 0",
      "[]",
    ],
    [property, "if (one === undefined) return {};", "false"],
    [property, "...(sourceUnseen === undefined ? {}", "false"],
    [property, "...(source === undefined ? {}", "false"],
    [byName, "const before = part.name === undefined", "false"],
    [byName, "if (part.name !== undefined) byName", "true"],
  ),
  ...alive("mounts.ts", [noText, 'subPath.kind === "text" ? subPath.text', "true"]),
  ...alive("pod.ts", [
    noText,
    'const equal = first.kind === "text"',
    "true",
    'first.kind === "text" || second.kind === "text"',
  ]),
  ...alive(
    "reference.ts",
    [inGroups, "full.exec(text) ?? []", list],
    [inGroups, "short.exec(text) ?? []", list],
    [groups, "if (inProject !== undefined && name", "true", "inProject !== undefined || name !== undefined"],
    [
      groups,
      "if (shortName !== undefined && shortVersion",
      "true",
      "shortName !== undefined || shortVersion !== undefined",
    ],
    [
      noText,
      'return a.kind === "known" && b.kind === "known" && a.value',
      "true",
      'a.kind === "known" || b.kind === "known"',
    ],
    [narrowing, "context.settler && (() =>", "context.settler.version", '""'],
  ),
  ...alive("roles.ts", [
    "no role is no role either way",
    "return role === undefined || named[role]",
    "false",
  ]),
  ...alive(
    "shape.ts",
    ["of an issue only the message and the path are read", "context.addIssue({ code:", '""'],
    [never, "const path = [at, pathText(issue?.path ?? [])]", "issue.path", list],
    [never, 'plain(issue?.message ?? "is not as expected")', "issue.message", '""'],
    [
      "zod writes these words at the start alone",
      'message.replace(/^Invalid input: /u, "")',
      "/Invalid input: /u",
    ],
  ),
  ...alive("text.ts", [narrowing, 'if (typeof value === "number" && Number.isSafeInteger', "true"]),
  ...alive("input/decode.ts", [
    "takes a text of half a gigabyte to see",
    "if (content.length / unit > longestText)",
    "false",
    "content.length * unit",
    "content.length / unit >= longestText",
  ]),
  ...alive("input/json-keys.ts", [
    noSet,
    "if (this.#count - this.#base >= manyKeys)",
    "true",
    "this.#count - this.#base > manyKeys",
  ]),
  ...alive("input/json-scan.ts", [never, "const outer = this.#around[level - 1] ?? -1", "+1"]),
  ...alive(
    "input/yaml.ts",
    [never, "(isNode(key) ? key.range : range) ?? []", list],
    [never, 'names.add(name ?? "")', text],
    [never, 'index === undefined ? (key ?? "")', text],
    [never, "if (!Array.isArray(documents)) return []", list, "false"],
    [
      "only where the library's own stack ends, which depends on the machine",
      "if (cause instanceof RangeError) throw new",
      "{}",
      "false",
    ],
  ),
  ...alive("pulumi/accessors.ts", ["a function that returns nothing returns undefined", "} catch {", "{}"]),
  ...alive("pulumi/grants.ts", [
    "only what is unknown can be computed",
    'if (text.kind !== "unknown" || !text.computed) return part',
    "false",
  ]),
  ...alive(
    "pulumi/outline.ts",
    [cutDown, '"steps", "deployment.resources"', "[]", '""'],
    [cutDown, 'key: "urn"', '""'],
    [cutDown, "return urn === undefined || relevant", "true"],
    [noObject, "op: true", "false"],
    [noObject, "delete: true", "false"],
    [noObject, "pendingReplacement: true", "false"],
  ),
  ...alive(
    "pulumi/preview.ts",
    ["where an old copy is, other steps show that the stack existed", 'return { urn, op: "none" }', "{}"],
    [property, "...(outputsFrom === undefined ?", "false"],
    [property, "...(incomplete === undefined ?", "false"],
  ),
  ...alive(
    "pulumi/projects.ts",
    ["any text without `::` names no provider", 'providerUrn(resource.provider ?? "")', text],
    ["a stack with a resource has a name", 'stack.name ?? ""', text],
    [noText, 'if (text.kind !== "text") return { kind: "absent" }', "false"],
    [onlyKnown, 'if (text.kind !== "text") return { kind: "absent" }', "{}", '""'],
    [onlyKnown, 'return readSecretName(text.text, { kind: "absent" }).project', "{}", '""'],
  ),
  ...alive(
    "pulumi/resource.ts",
    [
      "of a resource of another type only its URN and whether it changes are read",
      "const nothing = { inputs: {}",
      "{}",
      list,
      "true",
    ],
    [shortCut, "source.outputsFrom === undefined || source.outputsFrom === source.raw", "false"],
    [
      "saves memory: of what is kept in vain nothing is read",
      "if (resource.changing || relevant.has",
      "true",
    ],
    [property, "...(name === undefined ? {} : { name })", "false"],
  ),
  ...alive(
    "pulumi/services.ts",
    [anyKey, "const Named = { name: anything", "{}"],
    [narrowing, "return text.computed && context.settler !== undefined", "true"],
    [property, "return role === undefined || parents", "false"],
    [property, "...(aliases === undefined ?", "false"],
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
