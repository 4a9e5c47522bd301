import fc from "fast-check";
import { expect, test } from "vitest";
import {
  githubMessage,
  githubProperty,
  json,
  markdownCode,
  markdownText,
  mermaidLabel,
  visible,
  xml,
} from "./escape.ts";

test.each([
  ["a plain name stays", "jwt-secret_1 / ä 密钥 @latest", "jwt-secret_1 / ä 密钥 @latest"],
  ["an escape sequence", "\u001b[31m", "\\u{1b}[31m"],
  ["an 8-bit control", "\u009b31m", "\\u{9b}31m"],
  ["a line break", "a\r\nb", "a\\u{d}\\u{a}b"],
  ["a bidi override", "\u202eabc", "\\u{202e}abc"],
  ["a zero-width space", "a\u200bb", "a\\u{200b}b"],
  ["a lone surrogate", "\ud800", "\\u{d800}"],
  ["a whole pair stays", "\u{1f511}", "\u{1f511}"],
  ["a tag character", "\u{e0041}", "\\u{e0041}"],
  ["a no-break space", "a\u00a0b", "a\\u{a0}b"],
  ["a workflow command", " ::error::x", " \\u{3a}:error::x"],
  ["a workflow command of old", "##[error]", "\\u{23}#[error]"],
  ["colons elsewhere stay", "urn:pulumi::x", "urn:pulumi::x"],
])("visible: %s", (_, text, expected) => {
  expect(visible(text)).toBe(expected);
});

test("visible leaves what is visible as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const once = visible(text);
      expect(visible(once)).toBe(once);
    }),
  );
});

test("json parses back to the same value, whatever the text, in visible ASCII-safe form", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const written = json({ [`key${text}`]: text });
      expect(JSON.parse(written)).toEqual({ [`key${text}`]: text });
      expect(visible(written.replaceAll("\n", ""))).toBe(written.replaceAll("\n", ""));
    }),
  );
});

test("GitHub's escapes", () => {
  expect(githubMessage("50%\r\n:,")).toBe("50%25%0D%0A:,");
  expect(githubProperty("50%\r\n:,")).toBe("50%25%0D%0A%3A%2C");
});

test("XML's escapes", () => {
  expect(xml(`<a b="c">&'\u0000\ufffe`)).toBe("&#60;a b=&#34;c&#34;&#62;&#38;&#39;\\u{0}\\u{fffe}");
});

test("Markdown: code keeps mentions, a sentence breaks them, both break links", () => {
  expect(markdownCode("@a #1 | `x`")).toBe("<code>&#64;a &#35;1 &#124; &#96;x&#96;</code>");
  expect(markdownText("@a #1 secret@latest GH-1")).toBe(
    "&#64;&#8203;a &#35;&#8203;1 secret&#64;latest GH&#8203;-1",
  );
  expect(markdownText("https://x www.x")).toBe("https&#58;&#8203;//x www&#8203;.x");
  expect(markdownCode("https://x")).toBe("<code>https&#58;&#8203;//x</code>");
});

test("Mermaid's entity codes", () => {
  expect(mermaidLabel('a-b.c/d_1 "x" #quot; <b>`;')).toBe(
    "a-b.c/d_1 #34;x#34; #35;quot#59; #60;b#62;#96;#59;",
  );
});
