/**
 * Makes text from a document safe to print, per target. Names in a document are anybody's: a service may be called
 * after a terminal sequence, a workflow command or a closing tag. What cannot be shown is spelled out, never dropped.
 */

/**
 * Everything that is not a visible character or a plain space: controls (C0, C1), formats (bidi overrides, zero-width),
 * lone surrogates, private and unassigned code points, odd spaces, line separators, fillers and variation selectors.
 */
const invisible = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

/** `##[command]` anywhere in a line, read by the GitHub runner (ActionCommand.TryParse) and by Azure Pipelines (`##vso[`). */
const legacyCommand = /#(?=#[a-z]*\[)/giu;

/** A line that starts with `::` after white space is a command to the GitHub runner (ActionCommand.TryParseV2). */
const leadingCommand = /^( *):(?=:)/u;

const spellOut = (character: string): string => `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`;

/**
 * One line of visible text: control, bidi, zero-width and broken characters become `\u{...}`, and nothing in it can
 * be taken for a command by a terminal or by a CI runner that reads the log. Every writer but `json` starts from it.
 */
export function visible(text: string): string {
  return text
    .replace(invisible, spellOut)
    .replace(legacyCommand, spellOut)
    .replace(leadingCommand, (_, space: string) => `${space}\\u{3a}`);
}

/**
 * JSON, indented by two, equal to the value once parsed, and safe on a terminal or in a CI log: what `visible` spells
 * out is written as JSON's own escapes.
 */
export function json(value: unknown): string {
  const units = (text: string) =>
    Array.from(
      { length: text.length },
      (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, "0")}`,
    ).join("");
  return JSON.stringify(value, null, 2)
    .split("\n")
    .map((line) => line.replace(invisible, units).replace(legacyCommand, units))
    .join("\n");
}

/** The message of a GitHub workflow command; line breaks of our own survive as `%0A`. */
export function githubMessage(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** A property of a GitHub workflow command (`file`, `title`): also `:` and `,` (actions/toolkit, command.ts). */
export function githubProperty(text: string): string {
  return githubMessage(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

const numeric = (character: string): string => `&#${character.codePointAt(0) ?? 0};`;

/** Text or an attribute's value in XML 1.0. The characters XML cannot hold are spelled out by `visible`. */
export function xml(text: string): string {
  return visible(text).replace(/[&<>"']/gu, numeric);
}

/**
 * Everything that Markdown or HTML reads as structure, as numeric entities: CommonMark takes an entity for text
 * and never for structure (section 2.5, "Entity and numeric character references"). An underscore inside a word is text.
 */
const structure = /[\\`*{}[\]<>()#+!|~&@:$"'=^]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/gu;

/** GFM and GitLab look for bare links in the text after entities are decoded; a zero-width space breaks them. */
const bareLink = /&#58;(?=\/\/)|\bwww(?=\.)/giu;

/** Likewise mentions and issue numbers, which they leave alone in code; `secret@latest` is neither and stays whole. */
const mention = /(?<![A-Za-z0-9])&#64;|&#35;(?=[0-9])|\bGH(?=-)/giu;

const broken = "$&&#8203;";

/** A name or a reference in Markdown, as code. */
export function markdownCode(text: string): string {
  return `<code>${visible(text).replace(structure, numeric).replace(bareLink, broken)}</code>`;
}

/** A sentence in Markdown, safe at the start of a line too: no list, rule or heading is made of it. */
export function markdownText(text: string): string {
  return visible(text)
    .replace(structure, numeric)
    .replace(/^ *-|^ *\d+\./u, (start) => start.slice(0, -1) + numeric(start.slice(-1)))
    .replace(bareLink, broken)
    .replace(mention, broken);
}

/** A quoted Mermaid label (`"..."`): all but letters, digits and a few harmless signs as Mermaid's entity codes. */
export function mermaidLabel(text: string): string {
  return visible(text).replace(/[^\p{L}\p{N} _./-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
}
