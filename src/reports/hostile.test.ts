import { describe, expect, test } from "vitest";
import { toJsonReport } from "./json.ts";
import { hostile, reportNaming } from "./testing/hostile.ts";
import { commandsIn } from "./testing/runner.ts";
import { options } from "./testing/sample.ts";
import { SarifLog } from "./testing/sarif.ts";
import { type Element, parseXml } from "./testing/xml.ts";
import { type Format, formats, writers } from "./writer.ts";

const write = (format: Format, name: string) => writers[format].write(reportNaming(name), options);

/** What a harmless name gives: a hostile one may change the words, never the structure. */
const harmless = (format: Format) => write(format, "name");

const lines = (text: string) => text.split("\n").length;

describe.each(hostile.map((name) => [JSON.stringify(name), name]))("a name such as %s", (_, name) => {
  test.each(formats)(
    "is printed in %s with no character that a terminal acts on or that cannot be seen",
    (format) => {
      // A zero-width space is what breaks links in Markdown, written as an entity.
      expect(write(format, name).replaceAll("\n", "")).not.toMatch(
        /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/u,
      );
    },
  );

  test.each(formats)("gives the CI runner that logs %s no command of its own", (format) => {
    const commands = commandsIn(write(format, name));
    const expected = commandsIn(harmless(format));
    expect(commands.map((command) => command.name)).toEqual(expected.map((command) => command.name));
    const keys = (list: typeof commands) => list.map(({ properties }) => Object.keys(properties).sort());
    expect(keys(commands)).toEqual(keys(expected));
  });

  test.each(["text", "json", "sarif", "junit", "github", "markdown"] as const)(
    "adds no line to %s",
    (format) => {
      expect(lines(write(format, name))).toBe(lines(harmless(format)));
    },
  );

  test("comes out of JSON as it was", () => {
    expect(JSON.parse(write("json", name))).toEqual(
      JSON.parse(JSON.stringify(toJsonReport(reportNaming(name), options.version))),
    );
  });

  test("leaves SARIF valid, with the same results, and no path out of the repository", () => {
    const results = (text: string) => SarifLog.parse(JSON.parse(text)).runs[0]?.results ?? [];
    const ids = (text: string) => results(text).map(({ ruleId, level }) => [ruleId, level]);
    expect(ids(write("sarif", name))).toEqual(ids(harmless("sarif")));
  });

  test("leaves JUnit well-formed, with the same elements", () => {
    const shape = ({ name: tag, attributes, children }: Element): unknown => [
      tag,
      Object.keys(attributes),
      children.map(shape),
    ];
    expect(shape(parseXml(write("junit", name)))).toEqual(shape(parseXml(harmless("junit"))));
  });

  test("adds neither a tag nor a block nor a table cell to Markdown", () => {
    const structure = (text: string) =>
      text.match(/<[^>]*>?|```|\||\]\(|\*\*|!\[|\$|^ *(?:[-+*>#=]+|\d+[.)])/gmu);
    expect(structure(write("markdown", name))).toEqual(structure(harmless("markdown")));
  });

  test("becomes neither a link nor a mention in Markdown once it is rendered", () => {
    const rendered = (text: string) =>
      text.replace(/&#(\d+);/gu, (_, code: string) => String.fromCodePoint(Number(code)));
    const text = write("markdown", name).replace(/```mermaid\n.*?\n```/gsu, "");
    expect(rendered(text)).not.toMatch(/:\/\/|www\./iu);
    expect(rendered(text.replace(/<code>.*?<\/code>/gu, "code"))).not.toMatch(
      /(?<![A-Za-z0-9])@\w|#\d|\bGH-/u,
    );
  });

  test("stays inside its label in the picture", () => {
    const drawings = Array.from(
      write("markdown", name).matchAll(/```mermaid\n(.*?)\n```/gsu),
      ([, body = ""]) => body,
    );
    expect(drawings).toHaveLength(2);
    const label = String.raw`"(?:[\p{L}\p{N} _./-]|(?:auth|backend): |#\d+;)*"`;
    const node = new RegExp(`^  [stv0-9]+(?:\\[${label}\\]|\\(${label}\\)|\\[\\(${label}\\)\\])$`, "u");
    const other =
      /^(?:flowchart LR| {2}[stv0-9]+ --> [stv0-9]+| {2}(?:classDef|class|linkStyle) [a-z0-9#:, -]+)$/u;
    for (const line of drawings.flatMap((body) => body.split("\n"))) {
      expect(node.test(line) || other.test(line), line).toBe(true);
    }
  });
});
