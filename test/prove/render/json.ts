/** Plain JSON and its spellings: the order of keys and the encoding of the text. */
import { shuffled } from "../dice.ts";
import type { Encoding } from "../model.ts";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** The same value with the keys of every object in another order; seed 0 leaves it as it is. */
export function reordered(value: Json, seed: number): Json {
  if (seed === 0 || value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => reordered(item, seed));
  return Object.fromEntries(
    shuffled(Object.entries(value), seed).map(([key, item]) => [key, reordered(item, seed)]),
  );
}

export function encode(text: string, encoding: Encoding): Uint8Array {
  switch (encoding) {
    case "utf-8":
      return Buffer.from(text, "utf8");
    case "utf-8-bom":
      return Buffer.from(`\uFEFF${text}`, "utf8");
    case "utf-16le":
      return Buffer.from(`\uFEFF${text}`, "utf16le");
    case "utf-16be":
      return Buffer.from(`\uFEFF${text}`, "utf16le").swap16();
  }
}
