/** What stands where text should be: the text, nothing, or something that hides it. */
import { describe, expect, test } from "vitest";
import { hiddenReason, isObject, readText, reveal, unknownUntilUpdate } from "./text.ts";

const key = "4dabf18193072939515e22adb298388d";
const secret = "1b47061264138c4ac30d75fd1eb44270";

test.each<[unknown, string]>([
  ["staging", "staging"],
  [" a ", " a "],
  [7, "7"],
  [0, "0"],
  [-1, "-1"],
  [{ [key]: secret, plaintext: '"shown"' }, "shown"],
  [{ [key]: secret, plaintext: "5" }, "5"],
])("%j is text", (raw, text) => expect(readText(raw)).toEqual({ kind: "text", text }));

test.each<[unknown]>([
  [undefined],
  [null],
  [""],
  [{ [key]: secret, plaintext: '""' }],
  [{ [key]: secret, plaintext: "null" }],
])("%j is absent", (raw) => expect(readText(raw)).toEqual({ kind: "absent" }));

describe("what is hidden", () => {
  test.each([
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  ])("%s, alone or in a text, exists only after the update, and alone it may be settled", (sentinel) => {
    const expected = { kind: "unknown", reason: "it is known only once the update has run", computed: true };
    expect(readText(sentinel)).toEqual(expected);
    expect(readText(`projects/${sentinel}/secrets/s`)).toEqual({ ...expected, computed: false });
    expect(unknownUntilUpdate).toBe(expected.reason);
  });
  test.each(["[secret]", "a-[secret]-b"])("%s is masked", (raw) => {
    expect(readText(raw)).toEqual({
      kind: "unknown",
      reason: "it is masked as a Pulumi secret",
      computed: false,
    });
  });
  test.each([
    { [key]: secret, ciphertext: "v1:x" },
    { [key]: secret, plaintext: "{" },
    { [key]: secret, plaintext: 5 },
    { [key]: "another", plaintext: '"shown"' },
    { [key]: undefined },
  ])("%j is encrypted", (raw) => {
    expect(readText(raw)).toEqual({
      kind: "unknown",
      reason: "it is encrypted as a Pulumi secret",
      computed: false,
    });
    expect(reveal(raw)).toBe(raw);
  });
  test.each([
    "$" + "{A}",
    "{{ a }}",
    "$(A)",
    "<%= a %>",
    "<computed>",
    "[unknown]",
    "Output<string>",
    "Calling [toString] on",
    "Calling [toJSON] on",
  ])("%s is a placeholder", (raw) => {
    expect(readText(`x-${raw}`)).toEqual({ kind: "unknown", reason: "it is a placeholder", computed: false });
  });
  test.each(["$A", "{a}", "(a)", "< %", "computed", "unknown", "Output", "Calling toString"])(
    "%s is none",
    (raw) => {
      expect(readText(raw).kind).toBe("text");
    },
  );
  test.each([true, 1.5, 2 ** 53, Number.NaN, [], ["a"], {}, { a: 1 }])("%j is no text", (raw) => {
    expect(readText(raw)).toEqual({ kind: "unknown", reason: "it is not text", computed: false });
  });
});

test("nothing is hidden in what is shown", () => {
  for (const shown of ["a", 5, true, null, undefined, [], {}, ["[secret]"], { a: "[secret]" }]) {
    expect(hiddenReason(shown)).toBeUndefined();
  }
  expect(hiddenReason({ [key]: secret, plaintext: '"shown"' })).toBeUndefined();
});

test("an object is one that is no list", () => {
  expect([{}, { a: 1 }].map(isObject)).toEqual([true, true]);
  expect([null, undefined, [], "a", 1].map(isObject)).toEqual([false, false, false, false, false]);
});
