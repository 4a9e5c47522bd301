/** Survivors in `src/documents` that are left alive, each with the reason; those of Pulumi documents have their own list. */
import { type Accepted, aliveIn } from "./accepted.ts";
import { reasons } from "./reasons.ts";

const { anyKey, narrowing, never, noNumber, noText, property, shortCut } = reasons;
const groups = "for the type checker: an expression that matches has all of these groups";
const inGroups = "only the elements behind the first, the groups, are read";
const declared = "stacks come first and are declared, so only the second of two may not be";
const byName = "a part without a name is neither kept nor looked up by it, and one of the two would do";
const noSet = "without a set there is nothing to delete";
const list = '["Stryker was here"]';
const text = '"Stryker was here!"';

const alive = aliveIn("src/documents");

export const acceptedInDocuments: readonly Accepted[] = [
  ...alive("cloud-run/document.ts", [never, "return one === undefined ? [] : [one]", "false", list]),
  ...alive("cloud-run/document.ts", [
    "a list has no such keys",
    "if (!isObject(value)) return undefined;",
    "false",
  ]),
  ...alive(
    "cloud-run/v1-serving.ts",
    [anyKey, "z.array(z.looseObject({ type: anything", "{}"],
    [noText, 'return text.kind === "text" && /^', "true"],
    [
      noNumber,
      "if (wanted !== undefined && observed !== undefined",
      "true",
      "wanted !== undefined || observed !== undefined",
    ],
  ),
  ...alive("cloud-run/v1.ts", [never, 'kinds[String(value.kind)] ?? "service"', '""']),
  ...alive(
    "cloud-run/v2.ts",
    [anyKey, "PodShape.extend({ revision: anything })", "{}"],
    [narrowing, 'typeof value.name === "string" && ofRun', "true"],
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
    [declared, "if (declared !== undefined) before.declared", "true"],
    [property, "if (one === undefined) return {};", "false"],
    [byName, "const before = part.name === undefined", "false"],
    [byName, "if (part.name !== undefined) byName", "true"],
  ),
  ...alive("traffic.ts", [noText, "if (own !== undefined && own === to)", "true"]),
  ...alive(
    "merge.ts",
    [
      "where neither shows it, the next line takes the first all the same",
      "const [one, other] = shown.length > 0",
      "true",
      "shown.length >= 0",
      "[]",
    ],
    [property, "...(sourceUnseen === undefined ? {}", "false"],
    [property, "...(source === undefined ? {}", "false"],
    [declared, "if (a === undefined || b === undefined) return", "false", "a && b"],
  ),
  ...alive(
    "moments.ts",
    [narrowing, 'part.kind === "known" ? part.value', "true"],
    ["a key that is as unique without its colons", 'urn.split("::", 2).join("::")', '""'],
    ["no resource is of that stack", "location.urn ?? []", list],
  ),
  ...alive("variables.ts", [never, 'const [name = "", ...value]', text]),
  ...alive("volumes.ts", [noText, 'return driver.kind === "text" && driver.text', "true"]),
  ...alive("pod.ts", [anyKey, "z.looseObject({ name: anything, mountPath: anything", "{}"]),
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
];
