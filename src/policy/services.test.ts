/** Which services of an environment the rules speak of, and when two entries are one service. */
import { describe, expect, test } from "vitest";
import {
  carrying,
  container,
  fromSecret,
  hiddenService,
  known,
  literal,
  reference,
  secretUrn,
  service,
  settled,
  stack,
  staging,
  unknown,
  variables,
} from "./baseline.ts";
import type { Environment, Service } from "./facts.ts";
import {
  carriers,
  contradictionsIn,
  hiddenStrangers,
  incompletePair,
  inRole,
  pairs,
  reliable,
  sameService,
  servicesOf,
  theOne,
} from "./services.ts";

const labels = (services: readonly Service[]) => services.map(({ label }) => label);
const of = (...services: Service[]): Environment => staging({ services });
const [auth, backend] = [service("auth"), service("backend")];

describe("order", () => {
  test("is auth, backend, then the others as the document has them", () => {
    const environment = of(service("worker"), backend, service("mailer"), auth, service("cron"));
    expect(labels(servicesOf(environment))).toEqual(["auth", "backend", "worker", "mailer", "cron"]);
  });
});

test("a Revision that says what its Service does gives way to it, in whatever order they come", () => {
  const revision = service("auth", { kind: "revision" });
  for (const given of [
    [revision, auth, backend],
    [auth, revision, backend],
  ]) {
    expect(servicesOf(of(...given))).toEqual([auth, backend]);
  }
});

describe("two entries are one service", () => {
  const urn = { location: { urn: "urn:auth" } };
  const nameless = { name: unknown("it is computed") };
  const projects = [{ id: "netra-staging", number: "42" }];
  const same = (a: Service, b: Service) => sameService(a, b, staging({ projects }));

  test.each<[string, Partial<Service>, Partial<Service>]>([
    ["with one name, project, region and role", {}, {}],
    ["from two files", {}, { location: { file: "other.json", line: 7 } }],
    ["whatever they say", {}, { containers: [], account: known("x@y.z") }],
    ["with an ID and its number as the project", {}, { project: known("42") }],
    ["with one resource and one name, whatever the project", urn, { ...urn, project: known("other") }],
    ["with one resource and no name", { ...nameless, ...urn }, { ...nameless, ...urn }],
  ])("%s", (_, one, other) => expect(same(service("auth", one), service("auth", other))).toBe(true));

  test.each<[string, Partial<Service>, Partial<Service>]>([
    ["with two names", {}, { name: known("auth-production") }],
    ["in two projects", {}, { project: known("other") }],
    ["in projects nobody can compare", {}, { project: unknown("no project is named") }],
    ["in two regions", {}, { region: "europe-west1" }],
    ["of two kinds", {}, { kind: "job" }],
    ["in two roles", {}, { role: "backend" }],
    ["in two roles, one resource", urn, { ...urn, role: "backend" }],
    ["with no name and no resource", nameless, nameless],
    [
      "with no name and two resources",
      { ...nameless, ...urn },
      { ...nameless, location: { urn: "urn:other" } },
    ],
    ["of which one has no name", urn, { ...nameless, ...urn }],
    ["of two resources in two projects", urn, { location: { urn: "urn:other" }, project: known("other") }],
  ])("but not %s", (_, one, other) => {
    expect(same(service("auth", one), service("auth", other))).toBe(false);
    expect(same(service("auth", other), service("auth", one))).toBe(false);
  });
});

describe("a revision beside its service", () => {
  const serving = { latestCreated: "auth-2", latestReady: "auth-2", traffic: [{ percent: 100 }] };
  const live = service("auth", { serving });
  const revision = service("auth", { kind: "revision" });

  test("adds nothing when it says the same, whichever comes first", () => {
    for (const services of [
      [live, revision],
      [revision, live],
    ]) {
      expect(servicesOf(of(...services, backend))).toEqual([live, backend]);
      expect(contradictionsIn(of(...services, backend))).toEqual([]);
    }
  });
  test("contradicts it when it does not, and another revision too", () => {
    const other = service("auth", { kind: "revision", containers: [] });
    expect(contradictionsIn(of(live, other))).toEqual([[live, other]]);
    expect(contradictionsIn(of(revision, other))).toEqual([[revision, other]]);
  });
  test("is no other kind that happens to have its name", () => {
    expect(labels(servicesOf(of(revision, service("auth", { kind: "job" }))))).toEqual(["auth", "auth"]);
  });
});

describe("a service given twice", () => {
  const [first, second, third] = variables();
  if (first === undefined || second === undefined || third === undefined) throw new Error("there are three");
  const withContainers = (...containers: Service["containers"][]) =>
    containers.map((one) => service("auth", { containers: one }));

  test("counts once when both say the same, in whatever order and file", () => {
    const sidecar = container(literal("PORT"));
    const [one, other] = withContainers(
      [container(first, second, third), sidecar],
      [sidecar, container(third, first, second)],
    );
    if (one === undefined || other === undefined) throw new Error("there are two");
    const environment = of(one, { ...other, location: { file: "other.json", line: 3 } }, one, backend);
    expect(labels(servicesOf(environment))).toEqual(["auth", "backend"]);
    expect(contradictionsIn(environment)).toEqual([]);
    expect(reliable(environment)).toBe(servicesOf(environment));
  });
  test("counts once when one document settles what the other names", () => {
    const byUrn = fromSecret("JWT_SECRET", reference(settled(secretUrn), "1", settled(secretUrn)));
    const byName = fromSecret("JWT_SECRET", {
      project: known("netra-staging", secretUrn),
      secret: known("jwt-secret-staging", secretUrn),
      version: known("1"),
    });
    const [one, other] = withContainers([container(byUrn)], [container(byName)]);
    if (one === undefined || other === undefined) throw new Error("there are two");
    expect(servicesOf(stack({ services: [one, other, backend] }))).toHaveLength(2);
  });
  test("counts once when its parts are spelled in another order", () => {
    const { project, secret, version } = reference();
    const turned = fromSecret("JWT_SECRET", { version, secret, project });
    const [one, other] = withContainers([container(fromSecret("JWT_SECRET"))], [container(turned)]);
    if (one === undefined || other === undefined) throw new Error("there are two");
    expect(servicesOf(of(one, other))).toHaveLength(1);
  });

  test.each<[string, Partial<Service>]>([
    ["a variable", { containers: [container(first, second)] }],
    [
      "a secret",
      { containers: [container(first, second, fromSecret("JWT_SECRET_STAGING", reference("other")))] },
    ],
    ["a literal", { containers: [container(literal("ENVIRONMENT", "x"), second, third)] }],
    ["what is hidden", { containers: { kind: "unknown", reason: "it is masked" } }],
    ["the name of a container", { containers: [{ name: "main", variables: variables() }] }],
    ["when a container runs", { containers: [{ ...container(...variables()), init: true }] }],
    ["a sidecar", { containers: [container(...variables()), container()] }],
    ["the account", { account: known("x@y.z") }],
    ["what serves", { serving: { latestReady: "auth-2" } }],
    ["the read order", { reads: ["KEY"] }],
  ])("stays twice, and is not to be relied on, when they differ in %s", (_, change) => {
    const other = service("auth", change);
    const environment = of(auth, backend, other);
    expect(servicesOf(environment)).toEqual([auth, other, backend]);
    expect(contradictionsIn(environment)).toEqual([[auth, other]]);
    expect(reliable(environment)).toEqual([backend]);
    expect(carriers(environment)).toEqual([backend]);
    expect(theOne(environment, "auth")).toBeUndefined();
  });

  test("of one name in two places is two services, that do not contradict each other", () => {
    const other = service("auth", { region: "europe-west1", containers: [] });
    expect(contradictionsIn(of(auth, other))).toEqual([]);
    expect(reliable(of(auth, other))).toEqual([auth, other]);
  });
  test("without a name and a resource is never the other", () => {
    const nameless = (reads: string[]) => service("worker", { name: unknown("it is masked"), reads });
    const environment = of(nameless([]), nameless(["KEY"]), nameless([]));
    expect(servicesOf(environment)).toHaveLength(3);
    expect(contradictionsIn(environment)).toEqual([]);
  });
});

describe("roles", () => {
  test("the one in a role is there only where it is alone", () => {
    const other = service("auth", { name: known("other") });
    expect(theOne(of(auth), "auth")).toBe(auth);
    expect(theOne(of(auth), "backend")).toBeUndefined();
    expect(theOne(of(auth, other), "auth")).toBeUndefined();
    expect(inRole(of(auth, other, backend), "auth")).toEqual([auth, other]);
  });
  test("what is missing is named", () => {
    expect(incompletePair(of(auth, backend))).toBeUndefined();
    expect(incompletePair(of(auth))).toBe("there is not exactly one backend");
    expect(incompletePair(of())).toBe("there is not exactly one auth and one backend");
  });
});

describe("who is held to account", () => {
  const bare = (label: string) => carrying(label, literal("PORT"));
  test("the one in each role, and whoever carries a JWT variable", () => {
    const environment = of(bare("auth"), bare("backend"), bare("idle"), service("worker"));
    expect(labels(carriers(environment))).toEqual(["auth", "backend", "worker"]);
  });
  test("of several in a role, those that carry one", () => {
    const other = { ...bare("auth"), name: known("other"), label: "other" };
    expect(labels(carriers(of(auth, other, backend)))).toEqual(["auth", "backend"]);
    expect(labels(carriers(of(other, { ...other, name: known("third") }, backend)))).toEqual(["backend"]);
  });
  test("strangers whose containers are hidden may carry one", () => {
    const environment = of(hiddenService("auth"), backend, hiddenService("worker"), service("mailer"));
    expect(labels(hiddenStrangers(environment))).toEqual(["worker"]);
    const two = of(hiddenService("auth"), service("auth", { name: known("other") }), backend);
    expect(labels(hiddenStrangers(two))).toEqual(["auth"]);
  });
});

describe("pairs", () => {
  const names = (environment: Environment) => pairs(environment).map(([a, b]) => `${a.label} ${b.label}`);
  const other = service("auth", { name: known("other"), label: "other" });
  test.each<[string, Environment, string[]]>([
    ["both", of(auth, backend), ["auth backend"]],
    ["both and further ones", of(auth, backend, service("worker")), ["auth backend", "auth worker"]],
    ["auth alone", of(auth, service("worker")), ["auth worker"]],
    ["backend alone", of(backend, service("worker")), ["backend worker"]],
    ["two auths", of(auth, other, backend), ["backend auth", "backend other"]],
    ["two auths and no backend", of(auth, other, service("worker")), []],
    ["none", of(service("worker"), service("mailer")), []],
  ])("%s", (_, environment, expected) => expect(names(environment)).toEqual(expected));
});
