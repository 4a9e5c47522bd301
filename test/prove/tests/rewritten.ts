/** One case, written down and checked in many ways. */
import fc from "fast-check";
import { type CheckedDocument, check } from "../../../src/check.ts";
import type { Report } from "../../../src/policy/report.ts";
import { inputOf, said } from "../disagree.ts";
import type { Case, Rendering } from "../model.ts";
import { plan } from "../plan/plan.ts";
import { renderDocuments } from "../render/documents.ts";
import { fixedSeed as seed } from "../seed.ts";
import { build, seeded } from "../world.ts";

const numRuns = 200;

/** A world as drawn, but with one spelling for all references: which one gets which depends on the order. */
export const subjects = seeded.map((numbers) => {
  const subject = build(numbers);
  const { rendering } = subject;
  // No stack holds one service twice.
  for (const environment of subject.world.environments) {
    const places = environment.services.map(({ name, region }) => `${region}/${name}`);
    environment.services = environment.services.filter(
      (_, index) => places.indexOf(places[index] ?? "") === index,
    );
  }
  return { ...subject, rendering: { ...rendering, spellings: rendering.spellings.slice(0, 1) } };
});

type Change = { [K in keyof Rendering]?: Rendering[K] extends object ? Partial<Rendering[K]> : Rendering[K] };

export function written(subject: Case, change: Change): Case {
  const { rendering } = subject;
  return {
    ...subject,
    rendering: {
      ...rendering,
      ...change,
      pulumi: { ...rendering.pulumi, ...change.pulumi },
      cloudrun: { ...rendering.cloudrun, ...change.cloudrun },
      spellings: rendering.spellings,
    },
  };
}

export function checked(
  subject: Case,
  change: (document: CheckedDocument) => CheckedDocument = (same) => same,
): Report {
  const input = inputOf(subject, renderDocuments(subject, plan(subject)));
  return check({ ...input, documents: input.documents.map(change) });
}

/** What is said of each environment, rule by rule; places and words left out. */
export function summary(report: Report): unknown {
  const rules = (environment: Report["environments"][number]) => {
    const ids = [
      ...environment.findings.map(({ rule }) => rule),
      ...environment.passed,
      ...environment.notApplicable.map(({ rule }) => rule),
    ];
    return Object.fromEntries([...new Set(ids)].sort().map((id) => [id, said(environment, id)]));
  };
  return {
    verdict: report.verdict,
    environments: report.environments
      .map((environment) => ({
        name: environment.name,
        verdict: environment.verdict,
        rules: rules(environment),
      }))
      .sort((left, right) => String(left.name).localeCompare(String(right.name))),
  };
}

export function holdsFor(property: (subject: Case) => void): void {
  fc.assert(
    fc.property(subjects, (subject) => property(subject)),
    { seed, numRuns },
  );
}

/** A bucket, a password and a topic of the same stack, made by the same program. */
export function withStrangers(document: CheckedDocument): CheckedDocument {
  if (!(document.content instanceof Uint8Array)) return document;
  const content = JSON.parse(new TextDecoder().decode(document.content));
  const resources = content.deployment?.resources ?? content.checkpoint?.latest?.resources;
  const stack: string = resources?.[0]?.urn ?? content.steps[0].urn;
  const [, , name] = stack.split(":");
  const strangers = [
    "gcp:storage/bucket:Bucket",
    "random:index/randomPassword:RandomPassword",
    "gcp:pubsub/topic:Topic",
  ].map((type, index) => ({
    urn: `urn:pulumi:${name}::jwt-secret::${type}::auth-stranger-${index}`,
    custom: true,
    type,
    inputs: { name: `auth-stranger-${index}`, length: 86 },
    outputs: {},
  }));
  if (resources) resources.splice(1, 0, ...strangers);
  else {
    content.steps.push(...strangers.map((newState) => ({ op: "create", urn: newState.urn, newState })));
    content.changeSummary.create = (content.changeSummary.create ?? 0) + strangers.length;
  }
  return { ...document, content: new TextEncoder().encode(JSON.stringify(content)) };
}
