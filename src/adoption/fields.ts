/** Reads a map field by field and notes what nobody asked for: nothing of a document is dropped without a word. */
import { readText } from "../documents/text.ts";
import { type Branch, type Tree, treeOf } from "./tree.ts";

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The fields of one map of a document. What is left once all were asked for is lost, and `end` says so. */
export class Fields {
  readonly #path: string;
  readonly #left: Map<string, unknown>;
  readonly #lost: string[];

  /** @param lost gets the path of whatever is not understood */
  constructor(value: unknown, path: string, lost: string[]) {
    this.#path = path;
    this.#lost = lost;
    this.#left = new Map(isMap(value) ? Object.entries(value) : []);
    if (value !== undefined && value !== null && !isMap(value)) lost.push(path);
  }

  #at(name: string): string {
    if (!/^[A-Za-z_]\w*$/.test(name)) return `${this.#path}[${JSON.stringify(name)}]`;
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }

  /** The names that were not asked for yet. */
  names(): string[] {
    return [...this.#left.keys()];
  }

  /** A field as it is, whatever it is; undefined when it is missing or null. */
  take(name: string): unknown {
    const value = this.#left.get(name);
    this.#left.delete(name);
    return value ?? undefined;
  }

  /** Fields that only describe what the platform does by itself. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#left.delete(name);
  }

  /** A field as plain data. */
  tree(name: string): Tree | undefined {
    return treeOf(this.take(name));
  }

  /** A field that must be text, or a number or a truth that stands for it. */
  text(name: string): string | undefined {
    const value = this.take(name);
    if (value === undefined) return undefined;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    const text = readText(value);
    if (text.kind === "text") return text.text;
    // Empty text is nothing; a placeholder or a mask stands for a value that is not here.
    if (text.kind === "unknown") this.#lost.push(this.#at(name));
    return undefined;
  }

  /** A field that must be a number, or text that is one. */
  number(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const number = Number(text);
    if (Number.isFinite(number)) return number;
    this.#lost.push(this.#at(name));
    return undefined;
  }

  /** A field that must be true or false, or text that is one of them; undefined when false. */
  truth(name: string): true | undefined {
    const text = this.text(name)?.toLowerCase();
    if (text !== undefined && text !== "true" && text !== "false") this.#lost.push(this.#at(name));
    return text === "true" || undefined;
  }

  /** A field that must be one of some words: what the word stands for. */
  word<T>(name: string, words: Readonly<Record<string, T>>): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (Object.hasOwn(words, text)) return words[text];
    this.#lost.push(this.#at(name));
    return undefined;
  }

  /** Text that holds JSON, as annotations do. */
  json(name: string): Tree | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    try {
      return treeOf(JSON.parse(text));
    } catch {
      this.#lost.push(this.#at(name));
      return undefined;
    }
  }

  /** A field that is a map; one without fields when it is missing. */
  map(name: string): Fields {
    return new Fields(this.take(name), this.#at(name), this.#lost);
  }

  /** Whether there is a field. */
  has(name: string): boolean {
    return (this.#left.get(name) ?? undefined) !== undefined;
  }

  /** A field that is a list of maps. */
  list(name: string): Fields[] {
    const value = this.take(name);
    if (value === undefined) return [];
    if (Array.isArray(value)) {
      return value.map((item, index) => new Fields(item, `${this.#at(name)}[${index}]`, this.#lost));
    }
    this.#lost.push(this.#at(name));
    return [];
  }

  /** A map of text to text, such as labels; undefined when it is empty. */
  texts(): Branch | undefined {
    const result: Branch = {};
    for (const name of this.names()) {
      const text = this.text(name);
      if (text !== undefined) result[name] = text;
    }
    return Object.keys(result).length === 0 ? undefined : result;
  }

  /** Notes a field that was read as lost. */
  lose(name: string): void {
    this.#lost.push(this.#at(name));
  }

  /** Notes what is left as lost. */
  end(): void {
    for (const [name, value] of this.#left) {
      if (value !== undefined && value !== null) this.#lost.push(this.#at(name));
    }
    this.#left.clear();
  }
}
