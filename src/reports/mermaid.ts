/** The picture of an environment: services, their JWT variables, and the secret versions these reach. */
import type { EnvironmentReport, ReportedService, ReportedVariable } from "../policy/report.ts";
import { mermaidLabel } from "./escape.ts";
import { sortFindings } from "./findings.ts";
import { carriedText, referenceText } from "./reference.ts";

/** The rules that say two references differ; what they name is drawn in red. */
const comparing = new Set([
  "single-jwt-reference",
  "same-jwt-secret",
  "same-jwt-secret-version",
  "no-plaintext-jwt-secret",
]);

/** Mermaid draws at most 500 edges by default (`maxEdges`); a picture nobody can read comes much earlier. */
const mostVariables = 60;

type Tone = "plain" | "mismatch" | "unsure";

/** How sure the policy is about the service's references: red where it found a difference, amber where it could not tell. */
function toneOf(service: ReportedService, environment: EnvironmentReport): Tone {
  const about = sortFindings(environment.findings).mandatory.filter(
    (finding) =>
      comparing.has(finding.rule) &&
      (finding.services.includes(service.name) ||
        (service.role !== null && finding.services.includes(service.role))),
  );
  if (about.some((finding) => finding.verdict === "violation")) return "mismatch";
  return about.length > 0 ? "unsure" : "plain";
}

function target(variable: ReportedVariable): { key: string; label: string } {
  if (variable.reference === null) return { key: variable.state, label: carriedText(variable) };
  const { project, secret, version } = variable.reference;
  return { key: JSON.stringify([project, secret, version]), label: referenceText(variable.reference) };
}

const worse = (a: Tone, b: Tone): Tone => (a === "mismatch" || b === "plain" ? a : b);

/**
 * A Mermaid flowchart, or undefined when there is nothing to draw or too much. In its simplest syntax: made-up ids,
 * quoted labels, no links, no styles from data.
 */
export function picture(environment: EnvironmentReport): string | undefined {
  const variables = environment.services.reduce((sum, service) => sum + service.variables.length, 0);
  if (variables === 0 || variables > mostVariables) return undefined;
  const nodes: string[] = [];
  const edges: { text: string; tone: Tone }[] = [];
  const targets = new Map<string, { id: string; label: string; tone: Tone }>();
  const toned: Record<Tone, string[]> = { plain: [], mismatch: [], unsure: [] };
  environment.services.forEach((service, s) => {
    const tone = toneOf(service, environment);
    const id = `s${s}`;
    nodes.push(`  ${id}["${service.role ?? service.kind}: ${mermaidLabel(service.name)}"]`);
    toned[tone].push(id);
    service.variables.forEach((variable, v) => {
      const own = `${id}v${v}`;
      const container = variable.container === null ? "" : ` in ${mermaidLabel(variable.container)}`;
      nodes.push(`  ${own}("${variable.via} ${mermaidLabel(variable.name)}${container}")`);
      const { key, label } = target(variable);
      const reached = targets.get(key) ?? { id: `t${targets.size}`, label, tone: "plain" };
      reached.tone = worse(reached.tone, tone);
      targets.set(key, reached);
      edges.push({ text: `  ${id} --> ${own}`, tone: "plain" }, { text: `  ${own} --> ${reached.id}`, tone });
      toned[tone].push(own);
    });
  });
  for (const { id, label, tone } of targets.values()) {
    nodes.push(`  ${id}[("secret ${mermaidLabel(label)}")]`);
    toned[tone].push(id);
  }
  const red = edges.flatMap(({ tone }, index) => (tone === "mismatch" ? [index] : []));
  return [
    "flowchart LR",
    ...nodes,
    ...edges.map(({ text }) => text),
    ...(toned.mismatch.length > 0
      ? [
          "  classDef mismatch fill:#ffdddd,stroke:#cc0000,color:#660000",
          `  class ${toned.mismatch.join(",")} mismatch`,
        ]
      : []),
    ...(toned.unsure.length > 0
      ? [
          "  classDef unsure fill:#fff3cc,stroke:#b38600,color:#4d3900",
          `  class ${toned.unsure.join(",")} unsure`,
        ]
      : []),
    ...(red.length > 0 ? [`  linkStyle ${red.join(",")} stroke:#cc0000`] : []),
  ].join("\n");
}
