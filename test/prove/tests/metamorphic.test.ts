/** One environment has one verdict, however it is written down. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CheckedDocument, check } from "../../../src/check.ts";
import type { Report } from "../../../src/policy/report.ts";
import { inputOf, said } from "../disagree.ts";
import { type Case, encodings, type Rendering } from "../model.ts";
import { plan } from "../plan.ts";
import { renderDocuments } from "../render/documents.ts";
import { randomSeed } from "../run.ts";
import { build, seeded } from "../world.ts";

const seed = Number(process.env.PROVE_SEED ?? randomSeed());
const numRuns = 200;
const patience = 300_000;

/** A world as drawn, but with one spelling for all references: which one gets which depends on the order. */
const subjects = seeded.map((numbers) => {
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

function written(subject: Case, change: Change): Case {
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

function checked(
  subject: Case,
  change: (document: CheckedDocument) => CheckedDocument = (same) => same,
): Report {
  const input = inputOf(subject, renderDocuments(subject, plan(subject)));
  return check({ ...input, documents: input.documents.map(change) });
}

/** What is said of each environment, rule by rule; places and words left out. */
function summary(report: Report): unknown {
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

function holdsFor(property: (subject: Case) => void): void {
  fc.assert(
    fc.property(subjects, (subject) => property(subject)),
    { seed, numRuns },
  );
}

const settled = { phase: "settled", showSames: true, unknownAccounts: false } as const;

test(
  `a preview of what stands, an export and a checkpoint say the same (seed ${seed})`,
  () => {
    holdsFor((subject) => {
      const as = (kind: Rendering["pulumi"]["kind"]) =>
        summary(checked(written(subject, { family: "pulumi", pulumi: { ...settled, kind } })));
      expect(as("preview")).toEqual(as("export"));
      expect(as("checkpoint")).toEqual(as("export"));
    });
  },
  patience,
);

test(
  `a refresh before the preview changes nothing (seed ${seed})`,
  () => {
    holdsFor((subject) => {
      const as = (refresh: boolean) =>
        summary(checked(written(subject, { family: "pulumi", pulumi: { kind: "preview", refresh } })));
      expect(as(true)).toEqual(as(false));
    });
  },
  patience,
);

test(
  `v1 and v2, JSON and YAML, a list and several documents say the same (seed ${seed})`,
  () => {
    holdsFor((subject) => {
      const as = (cloudrun: Partial<Rendering["cloudrun"]>) =>
        summary(
          checked(
            written(subject, {
              family: "cloudrun",
              cloudrun: { namespace: "id", revision: [false], layout: "list", syntax: "json", ...cloudrun },
            }),
          ),
        );
      const first = as({ kind: "v1" });
      expect(as({ kind: "v2" })).toEqual(first);
      expect(as({ kind: "v1", syntax: "yaml" })).toEqual(first);
      expect(as({ kind: "v2", syntax: "yaml", layout: "several-documents" })).toEqual(first);
      expect(as({ kind: "v1", layout: "one-file-each" })).toEqual(first);
      expect(as({ kind: "v1", foreignShape: true })).toEqual(first);
    });
  },
  patience,
);

test(
  `live services and the stack that made them say the same, where both hold the answer (seed ${seed})`,
  () => {
    holdsFor((drawn) => {
      const subject = structuredClone(drawn);
      const [environment, ...others] = subject.world.environments;
      if (environment === undefined || others.length > 0) return;
      const alike: Case = {
        ...subject,
        options: { ...subject.options, environment: environment.name, matched: [0, 1, 2] },
      };
      // A list of live services shows neither jobs and worker pools nor what a stack's secrets are called.
      for (const service of environment.services) service.kind = "service";
      const stack = checked(
        written(alike, { family: "pulumi", pulumi: { ...settled, kind: "export", hidden: [false] } }),
      );
      const live = checked(
        written(alike, {
          family: "cloudrun",
          cloudrun: { namespace: "id", revision: [false], layout: "list" },
        }),
      );
      const [stacks] = stack.environments;
      const [lives] = live.environments;
      if (stacks === undefined || lives === undefined) return;
      for (const rule of sharedRules)
        expect(`${rule}: ${said(lives, rule)}`).toBe(`${rule}: ${said(stacks, rule)}`);
    });
  },
  patience,
);

/** Rules that need nothing but the services. */
const sharedRules = [
  "services-present",
  "jwt-secret-injected",
  "no-plaintext-jwt-secret",
  "single-jwt-reference",
  "same-jwt-secret",
  "same-jwt-secret-version",
  "pinned-jwt-secret-version",
  "fingerprint-agrees",
  "previous-version-agrees",
];

test(
  `order of services, containers' variables, resources and keys changes nothing (seed ${seed})`,
  () => {
    fc.assert(
      fc.property(subjects, fc.integer({ min: 1, max: 1_000_000 }), (subject, order) => {
        expect(summary(checked(written(subject, { order })))).toEqual(
          summary(checked(written(subject, { order: 0 }))),
        );
      }),
      { seed, numRuns },
    );
  },
  patience,
);

test(
  `the order of containers changes nothing (seed ${seed})`,
  () => {
    holdsFor((subject) => {
      const turned = structuredClone(subject);
      for (const { services } of turned.world.environments) {
        for (const service of services) service.containers.reverse();
      }
      expect(summary(checked(turned))).toEqual(summary(checked(subject)));
    });
  },
  patience,
);

test(
  `another encoding changes nothing (seed ${seed})`,
  () => {
    holdsFor((subject) => {
      const [first, ...others] = encodings.map((encoding) =>
        summary(checked(written(subject, { encoding }))),
      );
      for (const other of others) expect(other).toEqual(first);
    });
  },
  patience,
);

test(
  `unrelated resources of a stack change nothing (seed ${seed})`,
  () => {
    holdsFor((subject) => {
      const plain = written(subject, { family: "pulumi", encoding: "utf-8" });
      expect(summary(checked(plain, withStrangers))).toEqual(summary(checked(plain)));
    });
  },
  patience,
);

/** A bucket, a password and a topic of the same stack, made by the same program. */
function withStrangers(document: CheckedDocument): CheckedDocument {
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
