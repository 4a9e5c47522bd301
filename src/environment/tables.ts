/** Markdown tables of the configuration and the outputs, made from the schema so that they cannot disagree with it. */
import { outputs } from "./outputs.ts";
import { configurationTree, type Node } from "./tree.ts";

interface Row {
  key: string;
  description: string;
  /** Default by role; one role for settings that are not a service's. */
  defaults: Map<string, string>;
}

function defaultOf(node: Node, required: boolean): string {
  if (node.note !== undefined) return node.note;
  if (node.default !== undefined) return `\`${JSON.stringify(node.default).replaceAll('"', "")}\``;
  return required ? "required" : "none";
}

function collect(node: Node, key: string, required: boolean, role: string, rows: Map<string, Row>): void {
  if (node.oneOf !== undefined) {
    for (const variant of node.oneOf) collectVariant(node, variant, key, required, role, rows);
    return;
  }
  if (node.properties !== undefined) {
    for (const [name, child] of Object.entries(node.properties)) {
      const isRole = key === "jwt-secret:services";
      const path = key === "" ? name : `${key}.${isRole ? "<role>" : name}`;
      const childRole = isRole ? name : role;
      collect(child, path, node.required?.includes(name) ?? false, childRole, rows);
    }
    return;
  }
  if (node.items?.properties !== undefined) {
    collect(node.items, `${key}[]`, false, role, rows);
    return;
  }
  add(rows, key, node.description ?? "", role, defaultOf(node, required));
}

/** One case of a union: the literal that chooses it becomes a row of its own. */
function collectVariant(
  union: Node,
  variant: Node,
  key: string,
  required: boolean,
  role: string,
  rows: Map<string, Row>,
): void {
  const entries = Object.entries(variant.properties ?? {});
  const tag = entries.find(([, child]) => child.const !== undefined);
  const value = String(tag?.[1].const);
  for (const [name, child] of entries) {
    const chosen = name === tag?.[0];
    const path = `${key}.${name}${chosen ? `: ${value}` : ""}`;
    if (chosen) {
      const preset = union.default;
      const isDefault = typeof preset === "object" && preset !== null && Reflect.get(preset, name) === value;
      add(
        rows,
        path,
        child.description ?? "",
        role,
        isDefault ? "the default" : required ? "one is required" : "",
      );
    } else if (rows.has(path)) {
      const row = rows.get(path);
      const text = child.description ?? "";
      if (row !== undefined && !row.description.includes(text))
        row.description += ` With \`${value}\`: ${text}`;
    } else {
      collect(child, path, variant.required?.includes(name) ?? false, role, rows);
    }
  }
}

function add(rows: Map<string, Row>, key: string, description: string, role: string, preset: string): void {
  const row = rows.get(key) ?? { key, description, defaults: new Map() };
  row.defaults.set(role, preset);
  rows.set(key, row);
}

function defaultsText(defaults: Map<string, string>): string {
  const different = new Set(defaults.values());
  if (different.size === 1) return [...different].join("");
  return [...defaults].map(([role, preset]) => `${preset} (${role})`).join(", ");
}

const cell = (text: string) => text.replaceAll("|", "\\|");

/** The configuration table: a row per key with what it means and its default. */
export function configurationTable(): string {
  const rows = new Map<string, Row>();
  collect(configurationTree(), "", true, "", rows);
  const lines = [...rows.values()].map(
    ({ key, description, defaults }) =>
      `| \`${cell(key)}\` | ${cell(description)} | ${cell(defaultsText(defaults))} |`,
  );
  return ["| Key | Meaning | Default |", "|---|---|---|", ...lines].join("\n");
}

/** The outputs table: a row per stack output. */
export function outputsTable(): string {
  const lines = Object.entries(outputs).map(
    ([name, description]) => `| \`${name}\` | ${cell(description)} |`,
  );
  return ["| Output | Meaning |", "|---|---|", ...lines].join("\n");
}
