/** A small reader of XML that refuses what is not well-formed, for tests. */

export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

/** What XML 1.0 allows as a character (section 2.2). */
const illegal = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

function decode(text: string): string {
  if (/&(?!#\d+;|amp;|lt;|gt;)/u.test(text)) throw new Error(`bare & in ${JSON.stringify(text)}`);
  return text.replace(/&#(\d+);/gu, (_, code: string) => String.fromCodePoint(Number(code)));
}

/** @throws Error where the document is not well-formed. */
export function parseXml(document: string): Element {
  if (illegal.test(document)) throw new Error("a character that XML cannot hold");
  const token =
    /<\?[^>]*\?>|<!--(?<comment>.*?)-->|<(?<close>\/)?(?<name>[a-z]+)(?<attributes>(?: [a-z]+="[^"<]*")*)(?<empty>\/)?>|(?<text>[^<]+)/gsuy;
  const top: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [top];
  let at = 0;
  for (let match = token.exec(document); match !== null; match = token.exec(document)) {
    at = token.lastIndex;
    const { comment, close, name, attributes = "", empty, text } = match.groups ?? {};
    const parent = open.at(-1) ?? top;
    if (comment?.includes("--")) throw new Error("-- in a comment");
    if (text !== undefined) parent.text += decode(text);
    if (name === undefined) continue;
    if (close !== undefined) {
      if (parent.name !== name || open.length === 1) throw new Error(`</${name}> closes <${parent.name}>`);
      open.pop();
      continue;
    }
    const element: Element = { name, attributes: {}, children: [], text: "" };
    for (const [, key = "", value = ""] of attributes.matchAll(/ ([a-z]+)="([^"]*)"/gu)) {
      if (key in element.attributes) throw new Error(`${key} given twice`);
      element.attributes[key] = decode(value);
    }
    parent.children.push(element);
    if (empty === undefined) open.push(element);
  }
  if (at !== document.length)
    throw new Error(`not well-formed at ${JSON.stringify(document.slice(at, at + 60))}`);
  const [root, ...more] = top.children;
  if (open.length !== 1 || root === undefined || more.length > 0) throw new Error("not one closed element");
  return root;
}
