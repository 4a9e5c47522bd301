/** Names nobody should have, and a report that carries one in every field a document can fill. */
import type { Report } from "../../policy/report.ts";
import { failing, reference, reportOf } from "./sample.ts";

export const hostile: readonly string[] = [
  // Terminals: colours, clearing, links, titles, going back over the line, 8-bit controls, broken characters.
  "\u001b[2J\u001b[32mpass",
  "\u009b31mred",
  "\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007",
  "backend\rstaging: pass",
  "backend\nstaging: pass",
  "backend\u2028staging: pass",
  "\u0085x\u0000y\u007f",
  "\ud800 and \udfff",
  // Text that is read otherwise than it is written.
  "auth\u202e terces\u202c\u2066x\u2069",
  "ad\u200bmin\ufeff\u00ad\u2060",
  "a\u00a0b\u3164c\ufe0f\u{e0041}",
  // CI runners.
  "::error::pass",
  "\n::stop-commands::token",
  "  ::add-mask::a",
  "\u00a0\u3000::notice::x",
  "##[error]x",
  "###[stop-commands]token",
  "##vso[task.setvariable variable=x]y",
  "a%0A::error::b%25",
  ",file=/etc/passwd,line=1::x",
  // Markdown and HTML.
  "`code` ```",
  "```\n# pass",
  "[click](https://evil.example) ![](https://evil.example/p.png)",
  "<https://evil.example> http://evil.example www.evil.example",
  "@everyone #1 GH-1 owner/name#2",
  "| a | b |",
  "a\\|b\\",
  "*b* _i_ ~~s~~ $x$ # h",
  "# pass",
  "- [x] done",
  "  --- ",
  "1. one",
  "> quoted",
  "</code></td></table></details><h1>pass</h1>",
  "<script>alert(1)</script><img src=x onerror=alert(1)>",
  "&lt;b&gt;&amp;&#60;",
  "<!-- hidden",
  // XML.
  "]]>",
  '"/><testcase name="x',
  "'><failure>",
  "--> <!--",
  "\ufffe\uffff\u000b",
  "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
  // Mermaid.
  '"] --> x["',
  '"]\n  click s0 "https://evil.example"',
  "%%{init: {'securityLevel': 'loose'}}%%",
  "end",
  "#quot;#35;",
  "style:#x;",
  // SARIF messages.
  "[x](1) {0} {{1}} \\",
  // JavaScript objects.
  "__proto__",
  "constructor",
  "toString",
  // Paths.
  "../../etc/passwd",
  "C:\\Windows\\x",
  "project:///../../etc/passwd#1,1",
];

/** A report in which every text that can come from a document, a waiver or a file name is `text`. */
export function reportNaming(text: string): Report {
  const location = { file: text, line: 3, urn: text, sourcePosition: text };
  const named = reference(text, { project: text, version: text, settled: true });
  const environment = failing({ name: text });
  const services = environment.services.map((service) => ({
    ...service,
    name: text,
    reference: named,
    location,
    variables: [
      { name: text, via: "variable", container: text, reference: named, state: "reference" },
      { name: text, via: "file", container: text, reference: null, state: "unknown" },
    ] satisfies typeof service.variables,
  }));
  const findings = environment.findings.map((finding) => ({
    ...finding,
    message: text,
    fix: text,
    services: [text],
    location,
    ...(finding.waived === undefined ? {} : { waived: { reason: text, expires: text } }),
  }));
  return {
    ...reportOf(
      { ...environment, services, findings, notApplicable: [{ rule: "services-present", reason: text }] },
      { ...environment, verdict: "undetermined", services, findings: [] },
    ),
    notes: [text],
  };
}
