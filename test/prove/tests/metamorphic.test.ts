/** One environment has one verdict, however it is written down. */
import { expect, test } from "vitest";
import { said } from "../disagree.ts";
import { type Case, encodings, type Rendering } from "../model.ts";
import { checked, holdsFor, summary, withStrangers, written } from "./rewritten.ts";

const patience = 300_000;

const settled = { phase: "settled", showSames: true, unknownAccounts: false } as const;

test(
  "a preview of what stands, an export and a checkpoint say the same",
  () => {
    holdsFor((drawn) => {
      const subject = structuredClone(drawn);
      // That there is no output is what a preview cannot show.
      for (const environment of subject.world.environments) environment.source ??= "generated";
      const as = (kind: Rendering["pulumi"]["kind"]) =>
        summary(checked(written(subject, { family: "pulumi", pulumi: { ...settled, kind } })));
      expect(as("preview")).toEqual(as("export"));
      expect(as("checkpoint")).toEqual(as("export"));
    });
  },
  patience,
);

test(
  "a refresh before the preview changes nothing",
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
  "v1 and v2, JSON and YAML, a list and several documents say the same",
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
  "live services and the stack that made them say the same, where both hold the answer",
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
  "order of services, containers' variables, resources and keys changes nothing",
  () => {
    holdsFor((subject) => {
      const order = 1 + ((subject.rendering.order * 7919) % 1_000_000);
      expect(summary(checked(written(subject, { order })))).toEqual(
        summary(checked(written(subject, { order: 0 }))),
      );
    });
  },
  patience,
);

test(
  "the order of containers changes nothing",
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
  "another encoding changes nothing",
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
  "unrelated resources of a stack change nothing",
  () => {
    holdsFor((subject) => {
      const plain = written(subject, { family: "pulumi", encoding: "utf-8" });
      expect(summary(checked(plain, withStrangers))).toEqual(summary(checked(plain)));
    });
  },
  patience,
);
