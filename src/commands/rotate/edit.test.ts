import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { withGenerations } from "./edit.ts";

const file = (...secret: string[]) =>
  [
    "# the stack",
    "config:",
    "  gcp:project:   shop   # ours",
    ...secret,
    "  jwt-secret:services: { auth: {} }",
    "",
  ].join("\n");
const block = file("  jwt-secret:secret:", "    source: generated # by Pulumi", "    current: 1 # the first");

test("the current generation is raised in its place and the previous one named below it", () => {
  expect(withGenerations(block, { current: 2, previous: 1 })).toBe(
    block.replace("current: 1 # the first", "current: 2 # the first\n    previous: 1"),
  );
});

test("the previous generation goes with its line, and the file is what it was before", () => {
  const between = withGenerations(block, { current: 1, previous: 7 });
  expect(withGenerations(between, { current: 1 })).toBe(block);
});

const forms: [string, string, string][] = [
  [
    "without current, both are added",
    file("  jwt-secret:secret:", "    source: generated"),
    file("  jwt-secret:secret:", "    source: generated", "    current: 2", "    previous: 1"),
  ],
  [
    "in a map on one line, both go into it",
    file("  jwt-secret:secret: { source: generated, current: 1 } # short"),
    file("  jwt-secret:secret: { source: generated, current: 2, previous: 1 } # short"),
  ],
  [
    "a previous generation that is there is replaced",
    file("  jwt-secret:secret:", "    previous: 4", "    current: 5", "    source: generated"),
    file("  jwt-secret:secret:", "    previous: 1", "    current: 2", "    source: generated"),
  ],
  [
    "a setting that is commented out stays so",
    file("  jwt-secret:secret:", "    source: generated", "    current: 1", "    # previous: 1"),
    file(
      "  jwt-secret:secret:",
      "    source: generated",
      "    current: 2",
      "    previous: 1",
      "    # previous: 1",
    ),
  ],
  [
    "at the end of a file without a last line end",
    "config:\n  jwt-secret:secret:\n    source: generated\n    current: 1",
    "config:\n  jwt-secret:secret:\n    source: generated\n    current: 2\n    previous: 1",
  ],
  ["line ends of Windows stay", block.replaceAll("\n", "\r\n"), ""],
];
test.each(forms)("%s", (_, before, after) => {
  const wanted =
    after === "" ? withGenerations(block, { current: 2, previous: 1 }).replaceAll("\n", "\r\n") : after;
  expect(withGenerations(before, { current: 2, previous: 1 })).toBe(wanted);
});

test("in a map on one line the previous generation goes, wherever it stands", () => {
  const wanted = file("  jwt-secret:secret: { source: generated, current: 2 }");
  for (const inner of [
    "{ source: generated, current: 1, previous: 3 }",
    "{ source: generated, previous: 3, current: 1 }",
    "{ previous: 3, source: generated, current: 1 }",
  ]) {
    expect(withGenerations(file(`  jwt-secret:secret: ${inner}`), { current: 2 })).toBe(wanted);
  }
});

test("a secret that is an alias is refused rather than changed somewhere else", () => {
  const shared = "shared: &it { source: generated, current: 1 }\nconfig:\n  jwt-secret:secret: *it\n";
  expect(() => withGenerations(shared, { current: 2 })).toThrow(/write it out as a map/);
});

test("whatever is asked for, the file then says it, and nothing else is another", () => {
  const generation = fc.integer({ min: 1, max: 999_999 });
  fc.assert(
    fc.property(
      fc.array(fc.record({ current: generation, previous: fc.option(generation, { nil: undefined }) }), {
        minLength: 1,
        maxLength: 6,
      }),
      fc.constantFrom(block, ...forms.map(([, before]) => before)),
      (edits, start) => {
        let text = start;
        for (const { current, previous } of edits) {
          text = withGenerations(text, { current, ...(previous === undefined ? {} : { previous }) });
          const secret: Record<string, unknown> = { source: "generated", current };
          if (previous !== undefined) secret.previous = previous;
          const before = parse(start);
          expect(parse(text)).toEqual({
            ...before,
            config: { ...before.config, "jwt-secret:secret": secret },
          });
        }
        const comments = (one: string) => one.match(/#.*$/gm);
        expect(comments(text.replaceAll("\r", ""))).toEqual(comments(start.replaceAll("\r", "")));
      },
    ),
  );
});
