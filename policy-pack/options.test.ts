import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { configSchema, readOptions } from "./options.ts";

test("without configuration services go by their names, and other stacks are let be", () => {
  expect(readOptions({})).toEqual({ named: {}, reads: {}, required: false });
});

test("services, read orders and the environment can be named", () => {
  const options = readOptions({
    auth: ["issuer"],
    backend: ["api"],
    backendReads: ["TOKEN_KEY"],
    environment: "staging",
    required: true,
  });
  expect(options).toEqual({
    named: { auth: ["issuer"], backend: ["api"] },
    reads: { backend: ["TOKEN_KEY"] },
    environment: "staging",
    required: true,
  });
});

test.each([{ auth: "issuer" }, { auths: ["issuer"] }, { auth: [] }, { required: "yes" }])(
  "%j is refused, as the engine refuses it or knows no better",
  (configuration) => {
    expect(() => readOptions(configuration)).toThrow();
  },
);

test("every option is explained to the engine and, in the same words, in docs/policy-pack.md", () => {
  const page = readFileSync(join(import.meta.dirname, "..", "docs", "policy-pack.md"), "utf8");
  for (const [name, { description }] of Object.entries(configSchema.properties)) {
    expect(page).toContain(`| \`${name}\` | ${description} |`);
  }
});

test("the engine is told of every option", () => {
  const all = { auth: ["a"], backend: ["b"], authReads: ["c"], backendReads: ["d"], environment: "e" };
  expect(Object.keys(configSchema.properties).sort()).toEqual([...Object.keys(all), "required"].sort());
  expect(() => readOptions({ ...all, required: false })).not.toThrow();
});
