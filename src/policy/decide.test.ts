import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  absent,
  carrying,
  container,
  declaredSecret,
  file,
  fromSecret,
  grant,
  hiddenService,
  known,
  literal,
  reference,
  service,
  settled,
  stack,
  staging,
  unknown,
  unseen,
  versionUrn,
} from "./baseline.ts";
import type { Environment, Service } from "./facts.ts";
import { decide, MalformedFacts, Policy, rules } from "./policy.ts";

const verdictOf = (...environments: Environment[]) => decide({ environments }).verdict;
const ruleIds = (environment: Environment) =>
  decide({ environments: [environment] }).environments[0]?.findings.map((one) => one.rule);
const unpinned = (label: string): Service =>
  carrying(label, fromSecret("JWT_SECRET_KEY", reference("jwt-secret-staging", "latest")));
/** Staging with one mandatory violation that can be waived: auth's grant is missing. */
const ungranted = stack({}, { grants: [grant("backend")] });
const waiver = { rule: "accessor-granted", target: "auth", reason: "granted by hand", expires: "2026-03-31" };

describe("the verdict", () => {
  test("sound services pass, live and as a stack", () => {
    expect(verdictOf(staging())).toBe("pass");
    expect(verdictOf(stack())).toBe("pass");
  });

  test("no environments, or one without services, are undetermined", () => {
    expect(verdictOf()).toBe("undetermined");
    expect(verdictOf(staging({ services: [] }))).toBe("undetermined");
  });

  test("a violation outranks what is undetermined, within an environment and between them", () => {
    const of = (name: string, version: string, ...more: Service[]): Environment => {
      const variables = [
        literal("ENVIRONMENT", name),
        fromSecret("JWT_SECRET", reference(`secret-of-${name}`, version)),
      ];
      const services = ["auth", "backend"].map((label) =>
        service(label, { containers: [container(...variables)] }),
      );
      return { name, services: [...services, ...more], projects: [] };
    };
    const [sound, doubtful, wrong] = [
      of("a", "1"),
      of("b", "1", hiddenService("worker")),
      of("c", "latest", hiddenService("worker")),
    ];
    expect([sound, doubtful, wrong].map((one) => verdictOf(one))).toEqual([
      "pass",
      "undetermined",
      "violation",
    ]);
    expect(verdictOf(sound, of("d", "1"))).toBe("pass");
    expect(verdictOf(sound, doubtful)).toBe("undetermined");
    expect(verdictOf(doubtful, wrong, sound)).toBe("violation");
  });

  test("several broken rules are all told", () => {
    expect(
      ruleIds(staging({ services: [unpinned("auth"), carrying("backend", literal("JWT_SECRET"))] })),
    ).toEqual(["no-plaintext-jwt-secret", "same-jwt-secret", "pinned-jwt-secret-version"]);
  });

  test("each environment has its own findings", () => {
    const other = staging({ name: "production", services: [service("auth"), unpinned("backend")] });
    const report = decide({
      environments: [staging({ name: "staging", services: [carrying("auth"), service("backend")] }), other],
    });
    expect(report.environments.map((one) => one.findings[0]?.rule)).toEqual([
      "jwt-secret-injected",
      "same-jwt-secret-version",
    ]);
  });

  test("an auth service beside a lone revision of backend, both at latest, is a violation: not pinned", () => {
    const environment = staging({
      services: [unpinned("auth"), { ...unpinned("backend"), kind: "revision" }],
    });
    expect(verdictOf(environment)).toBe("violation");
    expect(new Set(ruleIds(environment))).toEqual(
      new Set(["pinned-jwt-secret-version", "serving-what-is-described"]),
    );
  });
});

describe("the report", () => {
  test("tells the effective reference and every JWT variable of each service", () => {
    const auth = service("auth", {
      containers: [
        {
          name: "main",
          variables: [
            literal("ENVIRONMENT", "staging"),
            fromSecret("JWT_SECRET", reference("s", settled(versionUrn))),
          ],
        },
      ],
    });
    const backend = carrying(
      "backend",
      literal("JWT_SECRET_KEY"),
      unseen("JWT_SECRET"),
      file("/jwt-secret", reference(unknown("x"), absent, unknown("x"))),
    );
    const [report] = decide({ environments: [staging({ services: [backend, auth] })] }).environments;
    const first = { project: "netra-staging", secret: "s", version: versionUrn, settled: true };
    expect(report?.services).toEqual([
      {
        role: "auth",
        name: "auth",
        kind: "service",
        reference: first,
        location: { file: "services.json" },
        variables: [
          { name: "JWT_SECRET", via: "variable", container: "main", reference: first, state: "reference" },
        ],
      },
      {
        role: "backend",
        name: "backend",
        kind: "service",
        reference: null,
        location: { file: "services.json" },
        variables: [
          { name: "JWT_SECRET_KEY", via: "variable", container: null, reference: null, state: "literal" },
          { name: "JWT_SECRET", via: "variable", container: null, reference: null, state: "unknown" },
          {
            name: "/jwt-secret",
            via: "file",
            container: null,
            reference: { project: null, secret: null, version: null, settled: false },
            state: "reference",
          },
        ],
      },
    ]);
  });

  test("a resource is told by the text that the document shows for it, and marked as settled", () => {
    const byResource = fromSecret("JWT_SECRET_KEY", reference("jwt-secret-staging", settled(versionUrn)));
    const [report] = decide({
      environments: [stack({ services: [carrying("auth", byResource), service("backend")] })],
    }).environments;
    expect(report?.services[0]?.reference).toEqual({
      project: "netra-staging",
      secret: "jwt-secret-staging",
      version: "1",
      settled: true,
    });
    expect(report?.services[1]?.reference).toMatchObject({ settled: false });
  });

  test("containers that differ leave the effective reference open", () => {
    const auth = service("auth", {
      containers: [
        container(fromSecret("JWT_SECRET")),
        container(fromSecret("JWT_SECRET", reference("other"))),
      ],
    });
    const [report] = decide({
      environments: [staging({ services: [auth, service("backend")] })],
    }).environments;
    expect(report?.services[0]?.reference).toBeNull();
    expect(report?.services[1]?.reference).toMatchObject({ secret: "jwt-secret-staging" });
  });

  test("every rule either holds, is broken, or does not apply, with its reason", () => {
    const [report] = decide({ environments: [ungranted] }).environments;
    const told = [
      ...(report?.passed ?? []),
      ...(report?.notApplicable ?? []).map((one) => one.rule),
      ...(report?.findings ?? []).map((one) => one.rule),
    ];
    expect(told.toSorted()).toEqual(rules.map((rule) => rule.id).toSorted());
    expect(report?.notApplicable).toEqual([
      { rule: "serving-what-is-described", reason: "no document shows a live service" },
      { rule: "environments-apart", reason: "only one environment is checked" },
    ]);
    expect(report?.name).toBe("staging");
  });

  test("an environment without a name has none", () => {
    const { name: _name, ...nameless } = staging();
    expect(decide({ environments: [nameless] }).environments[0]?.name).toBeNull();
  });
});

describe("severities", () => {
  test("an advisory finding is shown and does not change the verdict", () => {
    const report = decide({ environments: [ungranted] }, { "accessor-granted": "advisory" });
    expect(report.verdict).toBe("pass");
    expect(report.environments[0]).toMatchObject({
      verdict: "pass",
      findings: [{ rule: "accessor-granted", severity: "advisory" }],
    });
  });

  test("a secret that is not guarded is advised against, unless the settings make it mandatory", () => {
    const environments = [stack({}, { secrets: [declaredSecret({ protected: false })] })];
    expect(decide({ environments }).verdict).toBe("pass");
    expect(decide({ environments }, { all: "mandatory" }).verdict).toBe("violation");
  });

  test("no setting weakens the rules that cannot be waived", () => {
    const environments = [
      staging({
        services: [service("auth"), carrying("backend", fromSecret("JWT_SECRET", reference("other")))],
      }),
    ];
    expect(decide({ environments }, { all: "advisory" }).verdict).toBe("violation");
  });
});

describe("waivers", () => {
  test("a waived finding stays, marked, without weight", () => {
    const report = decide({ environments: [ungranted] }, {}, [waiver], "2026-03-31");
    expect(report.verdict).toBe("pass");
    expect(report.environments[0]?.findings).toMatchObject([
      {
        rule: "accessor-granted",
        severity: "mandatory",
        waived: { reason: "granted by hand", expires: "2026-03-31" },
      },
    ]);
    expect(report.notes).toEqual([]);
  });

  test("a lapsed one covers nothing and is noted", () => {
    const report = decide({ environments: [ungranted] }, {}, [waiver], "2026-04-01");
    expect(report.verdict).toBe("violation");
    expect(report.environments[0]?.findings[0]).not.toHaveProperty("waived");
    expect(report.notes).toHaveLength(1);
  });

  test("another finding beside a waived one still weighs", () => {
    expect(decide({ environments: [stack({}, { grants: [] })] }, {}, [waiver], "2026-03-31").verdict).toBe(
      "violation",
    );
  });
});

describe("malformed facts", () => {
  test.each<[string, unknown, string]>([
    [
      "a role that is none",
      { environments: [{ ...staging(), services: [{ ...service("auth"), role: "signer" }] }] },
      "environments.0.services.0.role",
    ],
    ["a key that is none", { environments: [{ ...staging(), extra: 1 }] }, "environments.0"],
    ["nothing", undefined, "their root"],
    ["no list", { environments: {} }, "environments"],
  ])("%s throws an error that names the place", (_what, facts, place) => {
    const judge = () => decide(JSON.parse(JSON.stringify(facts ?? null)));
    expect(judge).toThrow(MalformedFacts);
    expect(judge).toThrow(`The facts are malformed at ${place}: `);
  });
});

test("the policy is one schema: it parses sound facts and fails others with the findings", () => {
  expect(Policy.safeParse({ environments: [staging()] }).success).toBe(true);
  const issues = Policy.safeParse({ environments: [staging(), ungranted] }).error?.issues ?? [];
  const told = issues.filter((issue) => issue.path.at(-1) === "accessor-granted");
  expect(told).toMatchObject([
    {
      code: "custom",
      path: ["environments", 1, "accessor-granted"],
      params: { verdict: "violation", services: ["auth"] },
    },
  ]);
});

test("every rule has an id of its own and says what it is about", () => {
  expect(new Set(rules.map((rule) => rule.id)).size).toBe(15);
  for (const { description, why, remediation } of rules) {
    for (const text of [description, why, remediation]) expect(text).toMatch(/^[A-Z`][\s\S]*\.$/);
  }
});

describe("whatever the environment", () => {
  const part = fc.constantFrom(
    known("a"),
    known("b"),
    settled("urn:a"),
    unknown("computed"),
    unknown("computed", "scope"),
  );
  const version = fc.constantFrom(
    known("1"),
    known("2"),
    known("latest"),
    absent,
    settled("urn:1"),
    unknown("computed"),
  );
  const variable = fc.oneof(
    fc
      .tuple(
        fc.constantFrom("JWT_SECRET", "JWT_SECRET_KEY", "JWT_SECRET_STAGING", "JWT_SECRET_PREVIOUS"),
        part,
        version,
      )
      .map(([name, secret, of]) => fromSecret(name, reference(secret, of))),
    fc.constantFrom(
      literal("JWT_SECRET"),
      unseen("JWT_SECRET_KEY"),
      literal("ENVIRONMENT", "staging"),
      literal("ENVIRONMENT", "production"),
      file("/jwt-secret"),
    ),
  );
  const containers = fc.array(
    fc.array(variable, { maxLength: 4 }).map((variables) => container(...variables)),
    { minLength: 1, maxLength: 2 },
  );
  const one = (label: string) =>
    fc.oneof(
      { weight: 3, arbitrary: containers.map((given) => service(label, { containers: given })) },
      fc.constantFrom(service(label), hiddenService(label)),
    );
  const environment = fc
    .tuple(
      one("auth"),
      one("backend"),
      fc.array(fc.constantFrom("worker", "mailer").chain(one), { maxLength: 2 }),
    )
    .map(([auth, backend, more]) => staging({ services: [auth, backend, ...more] }));

  test("the order of services, containers and variables does not change verdicts, rule by rule", () => {
    const verdicts = (of: Environment) => {
      const [report] = decide({ environments: [of] }).environments;
      // The gravest of each rule: which services are named first may follow the order.
      const told = rules.map((rule) => {
        const verdicts =
          report?.findings.filter((one) => one.rule === rule.id).map((one) => one.verdict) ?? [];
        return verdicts.includes("violation") ? "violation" : verdicts[0];
      });
      return {
        verdict: report?.verdict,
        passed: report?.passed,
        notApplicable: report?.notApplicable.map((entry) => entry.rule),
        told,
      };
    };
    fc.assert(
      fc.property(environment, (given) => {
        const reversed = given.services.toReversed().map((each) => ({
          ...each,
          containers: Array.isArray(each.containers)
            ? each.containers.toReversed().map((of) => ({ ...of, variables: of.variables.toReversed() }))
            : each.containers,
        }));
        expect(verdicts({ ...given, services: reversed })).toEqual(verdicts(given));
      }),
      { numRuns: 300 },
    );
  });

  test("a pass means one reference, pinned, in every JWT variable of every service", () => {
    fc.assert(
      fc.property(environment, (given) => {
        if (decide({ environments: [given] }).verdict !== "pass") return;
        const carried = given.services
          .flatMap((each) => (Array.isArray(each.containers) ? each.containers : []))
          .flatMap((of) => of.variables)
          .filter((of) => of.name.startsWith("JWT_SECRET") && of.name !== "JWT_SECRET_PREVIOUS");
        const printed = new Set(carried.map((of) => JSON.stringify(of.value)));
        expect(printed.size).toBe(1);
        expect([...printed][0]).toContain('"kind":"reference"');
        expect([...printed][0]).not.toContain("latest");
        expect([...printed][0]).not.toContain('"version":{"kind":"absent"');
      }),
      { numRuns: 300 },
    );
  });

  test("a service given twice is a service given once", () => {
    fc.assert(
      fc.property(environment, (given) => {
        const twice = { ...given, services: [...given.services, ...structuredClone(given.services)] };
        expect(decide({ environments: [twice] })).toEqual(decide({ environments: [given] }));
      }),
      { numRuns: 100 },
    );
  });
});

test("an environment that is in order has no finding, whatever the others have", () => {
  const production = { ...ungranted, name: "production" };
  const { environments } = decide({ environments: [stack(), production] });
  expect(environments.map(({ findings }) => findings.map(({ rule }) => rule))).toEqual([
    expect.not.arrayContaining(["accessor-granted"]),
    expect.arrayContaining(["accessor-granted"]),
  ]);
  const alone = decide({ environments: [staging(), { ...staging(), name: "x", services: [] }] });
  expect(alone.environments[0]?.findings).toEqual([]);
});

test("malformed facts are told by their name and place", () => {
  const malformed = () =>
    decide({ environments: [{ ...staging(), projects: [{ id: "a", number: 5 as never }] }] });
  expect(malformed).toThrow(MalformedFacts);
  expect(malformed).toThrow(expect.objectContaining({ name: "MalformedFacts" }));
  expect(malformed).toThrow("The facts are malformed at environments.0.projects.0.number: ");
});

test.each(["service", "revision", "job", "workerPool"] as const)(
  "a %s that carries a JWT variable is judged and reported as one",
  (kind) => {
    const worker = { ...carrying("worker", literal("JWT_SECRET")), kind };
    const report = decide({ environments: [staging({ services: [...staging().services, worker] })] });
    expect(report.verdict).toBe("violation");
    expect(report.environments[0]?.services.at(-1)).toMatchObject({ name: "worker", kind });
  },
);
