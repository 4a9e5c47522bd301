import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { Configuration } from "./schema.ts";
import { configurationTable, outputsTable } from "./tables.ts";

const cells = (table: string) =>
  table
    .split("\n")
    .slice(2)
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

test("every configuration key has a row that says what it means", () => {
  const rows = cells(configurationTable());
  const keys = rows.map(([, key]) => key?.replaceAll("`", "") ?? "");
  for (const key of Object.keys(Configuration.shape)) {
    expect(keys.some((row) => row === key || row.startsWith(`${key}.`))).toBe(true);
  }
  expect(rows.filter(([, , meaning]) => meaning === "")).toEqual([]);
  expect(new Set(keys).size).toBe(keys.length);
});

test("defaults that differ by role are shown for both", () => {
  expect(configurationTable()).toContain(
    "| `jwt-secret:services.<role>.timeout` | Seconds a request, or a WebSocket connection, may last. | `300` (auth), `3600` (backend) |",
  );
});

test("every output has a row", () => {
  expect(cells(outputsTable()).map(([, name]) => name)).toEqual(
    ["authUrl", "backendUrl", "secret", "version", "fingerprint", "accessors", "source"].map(
      (name) => `\`${name}\``,
    ),
  );
});

const Project = z.object({
  config: z.record(z.string(), z.object({ description: z.string(), default: z.unknown().optional() })),
});

test("Pulumi.yaml declares keys that exist, with the defaults of the schema", async () => {
  const { config } = Project.parse(
    parse(await readFile(new URL("../../Pulumi.yaml", import.meta.url), "utf8")),
  );
  for (const [key, { default: preset }] of Object.entries(config)) {
    const schema: z.ZodType | undefined = Reflect.get(Configuration.shape, key);
    expect(schema, key).toBeDefined();
    const without = schema?.safeParse(undefined);
    expect(without?.success ? without.data : undefined, key).toEqual(preset);
  }
});
