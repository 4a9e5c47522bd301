/**
 * Changes the two generations in the text of a stack's file and nothing else: comments, order, quoting and line ends of
 * everything else stay, so that the diff in review is the rotation.
 */
import { isDeepStrictEqual } from "node:util";
import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from "yaml";
import { Failure } from "../command.ts";

/** The generations as the file shall say them. */
export interface Generations {
  readonly current: number;
  readonly previous?: number;
}

const path = ["config", "jwt-secret:secret"];

/** A pair of a map whose key and value stand in the text. */
interface Entry {
  name: string;
  keyStart: number;
  /** Where the value begins and ends, comments after it left out. */
  start: number;
  end: number;
}

function entryOf(pair: Pair): Entry | undefined {
  const { key, value } = pair;
  if (!isScalar(key) || !key.range || !isScalar(value) || !value.range) return undefined;
  return { name: String(key.value), keyStart: key.range[0], start: value.range[0], end: value.range[1] };
}

const lineStart = (text: string, at: number): number => text.lastIndexOf("\n", at - 1) + 1;
const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
};

/** Replaces `from` to `to`. */
const spliced = (text: string, from: number, to: number, by: string): string =>
  text.slice(0, from) + by + text.slice(to);

function entriesOf(map: YAMLMap): Entry[] {
  return map.items.flatMap((pair) => entryOf(pair) ?? []);
}

/** The text with one setting of the secret written; it goes after `after` when it is new. */
function written(text: string, name: string, value: number, after: string): string {
  const map = secretOf(text);
  const entries = entriesOf(map);
  const present = entries.find((entry) => entry.name === name);
  if (present !== undefined) return spliced(text, present.start, present.end, String(value));
  const before = entries.find((entry) => entry.name === after) ?? entries.at(-1);
  if (before === undefined) return text;
  if (map.flow === true) return spliced(text, before.end, before.end, `, ${name}: ${value}`);
  const end = lineEnd(text, before.end);
  const indent = text.slice(lineStart(text, before.keyStart), before.keyStart);
  const crlf = text[end - 1] === "\r";
  const line = `${indent}${name}: ${value}`;
  return crlf ? spliced(text, end - 1, end - 1, `\r\n${line}`) : spliced(text, end, end, `\n${line}`);
}

function removed(text: string, name: string): string {
  const map = secretOf(text);
  const entries = entriesOf(map);
  const index = entries.findIndex((entry) => entry.name === name);
  const entry = entries[index];
  if (entry === undefined) return text;
  if (map.flow === true) {
    const before = entries[index - 1];
    const next = entries[index + 1];
    if (before !== undefined) return spliced(text, before.end, entry.end, "");
    return spliced(text, entry.keyStart, next?.keyStart ?? entry.end, "");
  }
  return spliced(text, lineStart(text, entry.keyStart), lineEnd(text, entry.end) + 1, "");
}

function secretOf(text: string): YAMLMap {
  const map = parseDocument(text).getIn(path, true);
  if (isMap(map)) return map;
  throw new Failure(
    "jwt-secret:secret is written as a reference to another part of the file: write it out as a map",
  );
}

/** What the file shall hold afterwards. */
function wanted(text: string, { current, previous }: Generations): unknown {
  const document = parseDocument(text);
  document.setIn([...path, "current"], current);
  if (previous === undefined) document.deleteIn([...path, "previous"]);
  else document.setIn([...path, "previous"], previous);
  return document.toJS();
}

/**
 * The text with these generations.
 *
 * @throws Failure when the file is written in a way that cannot be changed in place
 */
export function withGenerations(text: string, generations: Generations): string {
  const { current, previous } = generations;
  const next = written(text, "current", current, "source");
  const result =
    previous === undefined ? removed(next, "previous") : written(next, "previous", previous, "current");
  const document = parseDocument(result);
  if (document.errors.length === 0 && isDeepStrictEqual(document.toJS(), wanted(text, generations)))
    return result;
  throw new Failure(
    `jwt-secret:secret cannot be changed in place as it is written: write it out as a map, a setting a line, without anchors`,
  );
}
