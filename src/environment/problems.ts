/** Turns what zod found into one line per problem: the key as the user writes it, what is wrong, what to write instead. */
import type { z } from "zod";
import { suggest } from "./suggest.ts";
import { configurationTree, type Node } from "./tree.ts";

/** One thing wrong with a configuration. `text` never holds a value of `jwt-secret:values` or of a variable. */
export interface Problem {
  /** Dotted path, such as `jwt-secret:services.auth.cpu`. */
  readonly key: string;
  /** What is wrong; what to write instead. */
  readonly text: string;
}

/** A configuration that was refused, with everything wrong with it. */
export class ConfigurationError extends Error {
  readonly environment: string;
  readonly problems: readonly Problem[];

  constructor(environment: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    const lines = problems.map(({ key, text }) => `  ${key}: ${text}`);
    super([`The configuration of ${environment} has ${count}:`, ...lines].join("\n"));
    this.name = "ConfigurationError";
    this.environment = environment;
    this.problems = problems;
  }
}

let tree: Node | undefined;

/** The schema's nodes for a path; a union has several. */
function nodesAt(path: readonly PropertyKey[]): Node[] {
  tree ??= configurationTree();
  let nodes: Node[] = [tree];
  for (const step of path) {
    nodes = nodes.flatMap(alternatives).flatMap((node) => {
      const child =
        typeof step === "number"
          ? node.items
          : (node.properties?.[String(step)] ??
            (typeof node.additionalProperties === "object" ? node.additionalProperties : undefined));
      return child === undefined ? [] : [child];
    });
  }
  return nodes;
}

function alternatives(node: Node): Node[] {
  return [node, ...(node.oneOf ?? []), ...(node.anyOf ?? [])];
}

/** The cases of a union that the input may mean: those whose distinguishing literal it does not contradict. */
function casesOf(node: Node, input: unknown): Node[] {
  return alternatives(node).filter((one) =>
    Object.entries(one.properties ?? {}).every(
      ([name, child]) => child.const === undefined || child.const === valueAt(input, [name]),
    ),
  );
}

/** The path as in `pulumi config set --path`; names that could be mistaken are quoted. */
export function keyText(path: readonly PropertyKey[]): string {
  const [first = "", ...rest] = path;
  const plain = /^[A-Za-z_][A-Za-z0-9_-]*$/;
  const step = (part: PropertyKey) => {
    if (typeof part === "number") return `[${part}]`;
    const text = String(part);
    return plain.test(text) ? `.${text}` : `[${JSON.stringify(text)}]`;
  };
  const head = /^[\w:.-]+$/.test(String(first)) ? String(first) : JSON.stringify(String(first));
  return head + rest.map(step).join("");
}

const kinds: Record<string, string> = {
  object: "a map",
  record: "a map",
  array: "a list",
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

/** `name: value` in YAML's flow style, which is what a user can paste. */
function sample(key: string, value: unknown): string {
  const flow = (part: unknown): string =>
    typeof part === "object" && part !== null
      ? `{ ${Object.entries(part)
          .map(([name, inner]) => `${name}: ${flow(inner)}`)
          .join(", ")} }`
      : String(part);
  return `${key}: ${flow(value)}`;
}

function unknownKey(path: readonly PropertyKey[], name: string, input: unknown): Problem {
  const known = [
    ...new Set(
      nodesAt(path)
        .flatMap((node) => casesOf(node, input))
        .flatMap((node) => Object.keys(node.properties ?? {})),
    ),
  ];
  const near = suggest(name, known);
  const text =
    near === undefined
      ? `is not a setting; remove it, or write one of ${known.join(", ")}`
      : `is not a setting; did you mean ${near}?`;
  return { key: keyText([...path, name]), text };
}

function wrongKind(issue: z.core.$ZodIssue, input: unknown): string {
  const last = String(issue.path.at(-1) ?? "");
  const example = nodesAt(issue.path).flatMap((node) => node.examples ?? [])[0];
  const hint = example === undefined ? "" : `; write ${sample(last, example)}`;
  const expected =
    "expected" in issue ? (kinds[String(issue.expected)] ?? String(issue.expected)) : "another kind of value";
  return input === undefined ? `is missing${hint}` : `must be ${expected}${hint}`;
}

/** The value at a path of the raw configuration. */
function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, step)
        ? Reflect.get(value, step)
        : undefined,
    raw,
  );
}

/** One problem per line of what zod found. */
export function problemsOf(error: z.ZodError, raw: unknown): Problem[] {
  return error.issues.flatMap((issue): Problem[] => {
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((name) => unknownKey(issue.path, name, valueAt(raw, issue.path)));
    const key = keyText(issue.path);
    const input = valueAt(raw, issue.path);
    const generic = issue.code === "invalid_type" && /^Invalid input/.test(issue.message);
    const union = issue.code === "invalid_union" && /^Invalid input/.test(issue.message);
    if (input === undefined && issue.code !== "custom") return [{ key, text: wrongKind(issue, undefined) }];
    if (generic || union) return [{ key, text: wrongKind(issue, input) }];
    if (issue.code === "invalid_key") return [{ key, text: issue.issues[0]?.message ?? "is not a name" }];
    return [{ key, text: issue.message }];
  });
}
