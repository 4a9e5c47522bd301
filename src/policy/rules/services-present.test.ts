import { expect, test } from "vitest";
import {
  findingsOf,
  hiddenService,
  known,
  only,
  service,
  stack,
  staging,
  unknown,
  verdictOf,
} from "../baseline.ts";
import type { Service } from "../facts.ts";
import { servicesPresent as rule } from "./services-present.ts";

const [auth, backend] = [service("auth"), service("backend")];

test("one service in each role holds", () => {
  expect(verdictOf(rule, staging())).toBe("holds");
});

test("a missing role is undetermined, naming what was seen and the flag", () => {
  const finding = only(rule, staging({ services: [auth, service("worker")] }));
  expect(finding).toMatchObject({ rule: "services-present", verdict: "undetermined", services: [] });
  expect(finding.message).toBe(
    "No service is known to be backend, which verifies tokens: the documents show auth and worker.",
  );
  expect(finding.fix).toContain("--service backend=NAME");
  expect(finding.fix).not.toContain("--show-sames");
});

test("no services at all leave both roles undetermined", () => {
  const findings = findingsOf(rule, staging({ services: [] }));
  expect(findings.map((one) => one.verdict)).toEqual(["undetermined", "undetermined"]);
  expect(findings[0]?.message).toContain(
    "No service is known to be auth, which signs tokens: the documents show no service at all",
  );
});

test("a missing role in an incomplete document says what would complete it", () => {
  const finding = only(
    rule,
    stack({ services: [backend] }, { incomplete: "unchanged resources are left out" }),
  );
  expect(finding.message).toContain("unchanged resources are left out");
  expect(finding.fix).toBe(
    "Complete the document in the way the message names, or name the service with --service auth=NAME.",
  );
});

test("both roles in an incomplete document are not known to be all", () => {
  const finding = only(rule, stack({}, { incomplete: "the preview leaves out 3 unchanged resources" }));
  expect(finding).toMatchObject({ verdict: "undetermined", services: [] });
  expect(finding.message).toBe(
    "Whether these are all services that use the key, and all grants of it, cannot be told (the preview leaves out 3 unchanged resources).",
  );
  expect(finding.fix).toBe("Complete the document in the way the message names.");
});

test("two different services in one role are undetermined, naming the candidates", () => {
  const other = service("auth", { label: "auth-two", name: known("auth-two") });
  const finding = only(rule, staging({ services: [auth, other, backend] }));
  expect(finding).toMatchObject({ verdict: "undetermined", services: ["auth", "auth-two"] });
  expect(finding.message).toContain("2 services may be auth, which signs tokens: auth and auth-two");
  expect(finding.fix).toContain("--service auth=NAME");
});

test("a service given twice counts once when both say the same, whatever the file and the order", () => {
  const again = service("auth", {
    location: { file: "other.json", line: 3 },
    containers: Array.isArray(auth.containers)
      ? auth.containers.map((one) => ({ variables: one.variables.toReversed() }))
      : [],
  });
  expect(verdictOf(rule, staging({ services: [auth, backend, again] }))).toBe("holds");
});

test("a service given twice that does not say the same is undetermined", () => {
  const finding = only(
    rule,
    staging({ services: [auth, backend, service("auth", { account: known("x@y") })] }),
  );
  expect(finding.message).toBe("auth is given more than once, and the documents do not say the same of it.");
  expect(finding).toMatchObject({ verdict: "undetermined", services: ["auth"] });
});

test("a further service given twice counts too when it carries a JWT variable or hides whether it does", () => {
  const worker = service("worker");
  expect(
    verdictOf(
      rule,
      staging({ services: [auth, backend, worker, service("worker", { account: known("x@y") })] }),
    ),
  ).toBe("undetermined");
  expect(
    verdictOf(
      rule,
      staging({ services: [auth, backend, service("worker", { containers: [] }), hiddenService("worker")] }),
    ),
  ).toBe("undetermined");
});

test("a further service without a JWT variable may be given in two states", () => {
  const [one, two] = [
    service("worker", { containers: [] }),
    service("worker", { containers: [], account: known("x@y") }),
  ];
  expect(verdictOf(rule, staging({ services: [auth, backend, one, two] }))).toBe("holds");
});

test.each([
  ["another region", { region: "europe-west1" }],
  ["another project", { project: known("other-project") }],
  ["a project nobody knows", { project: unknown("no project is named") }],
])("the same name in %s is another service", (_what, change) => {
  const finding = only(rule, staging({ services: [auth, service("auth", change), backend] }));
  expect(finding.message).toContain("2 services may be auth");
});

test("a resource given twice is one service although its project is not known", () => {
  const twice = service("auth", { project: unknown("no project"), location: { urn: "urn:a::auth" } });
  expect(verdictOf(rule, staging({ services: [twice, { ...twice }, backend] }))).toBe("holds");
});

test("two services without a name and a resource are never taken for one", () => {
  const nameless = service("auth", { name: unknown("unknown"), location: {} });
  expect(verdictOf(rule, staging({ services: [nameless, { ...nameless }, backend] }))).toBe("undetermined");
});

test("a resource whose name is not known yet is one service by its URN", () => {
  const nameless = service("auth", { name: unknown("unknown"), location: { urn: "urn:a::auth" } });
  expect(verdictOf(rule, staging({ services: [nameless, { ...nameless }, backend] }))).toBe("holds");
});

test("a role's service given in two states is told as that, with or without a JWT variable", () => {
  const [one, two] = [
    service("auth", { containers: [] }),
    service("auth", { containers: [], account: known("x@y") }),
  ];
  expect(only(rule, staging({ services: [one, two, backend] })).message).toContain(
    "auth is given more than once",
  );
});

test.each([
  ["another candidate for the same role", [service("auth", { account: known("x@y") })]],
  ["the service of no role", [service("worker"), service("worker", { account: known("x@y") })]],
])("a contradiction leaves it open who is auth: %s is told beside it", (_what, more) => {
  const other = service("auth", { label: "auth-two", name: known("auth-two") });
  const messages = findingsOf(rule, staging({ services: [auth, other, ...more, backend] })).map(
    ({ message }) => message,
  );
  expect(messages).toEqual([
    expect.stringContaining("is given more than once"),
    expect.stringMatching(/^[23] services may be auth/u),
  ]);
});

test("one service in two regions is one region too many", () => {
  const [one, other] = [service("auth"), service("auth", { region: "europe-west1" })];
  expect(only(rule, staging({ services: [one, other, service("backend")] }))).toMatchObject({
    message: "2 services may be auth, which signs tokens: auth in us-central1 and europe-west1.",
    fix: "Give the documents of one region at a time: gcloud run services list --region REGION.",
  });
});

test("one name in different places is told apart by regions only where there are several", () => {
  const two = (change: Partial<Service>, label = "auth") =>
    only(
      rule,
      staging({
        services: [service("auth"), service(label, { role: "auth", ...change }), service("backend")],
      }),
    ).fix;
  const byName = "Name the one that is with --service auth=NAME.";
  const { region: _, ...nowhere } = service("auth");
  expect(only(rule, staging({ services: [service("auth"), nowhere, service("backend")] })).fix).toBe(byName);
  expect(two({ project: known("other") })).toBe(byName);
  expect(two({ region: "europe-west1" }, "auth-canary")).toBe(byName);
});

test("a role that nobody fills asks for its document, where the document is whole", () => {
  expect(only(rule, staging({ services: [service("auth")] })).fix).toBe(
    "Add the document of backend, or name the service with --service backend=NAME.",
  );
});
