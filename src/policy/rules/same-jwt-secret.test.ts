import { expect, test } from "vitest";
import {
  carrying,
  container,
  declared,
  declaredSecret,
  file,
  findingsOf,
  fromSecret,
  hiddenService,
  known,
  literal,
  only,
  placeholder,
  reference,
  secretUrn,
  service,
  settled,
  staging,
  unknown,
  unseen,
  verdictOf,
} from "../baseline.ts";
import type { Environment, Service, Variable, Reference } from "../facts.ts";
import { sameJwtSecret as rule } from "./same-jwt-secret.ts";

const other = reference("jwt-secret-key-staging");
const services = (auth: Service, backend: Service, ...more: Service[]): Environment =>
  staging({ services: [auth, backend, ...more] });
/** Staging where both carry JWT_SECRET_KEY, from these. */
const both = (auth: Variable, backend: Variable): Environment =>
  services(carrying("auth", auth), carrying("backend", backend));

test("one secret holds, pinned or not", () => {
  expect(verdictOf(rule, staging())).toBe("holds");
  expect(
    verdictOf(
      rule,
      both(
        fromSecret("JWT_SECRET", reference("s", "latest")),
        fromSecret("JWT_SECRET_KEY", reference("s", "3")),
      ),
    ),
  ).toBe("holds");
});

test("the incident of August: one variable, two secrets", () => {
  const finding = only(
    rule,
    both(
      fromSecret("JWT_SECRET_KEY", reference("jwt-secret-staging", "latest")),
      fromSecret("JWT_SECRET_KEY", reference("jwt-secret-key-staging", "latest")),
    ),
  );
  expect(finding).toMatchObject({
    rule: "same-jwt-secret",
    verdict: "violation",
    services: ["auth", "backend"],
  });
  expect(finding.message).toBe(
    "auth reads JWT_SECRET_KEY from netra-staging/jwt-secret-staging@latest, backend reads it from netra-staging/jwt-secret-key-staging@latest: backend will refuse every token auth signs.",
  );
});

test("variables of two names are both named, and a project that is not known is left out", () => {
  const project = unknown("no project is named", "file");
  const finding = only(
    rule,
    both(
      fromSecret("JWT_SECRET", reference("a", "1", project)),
      fromSecret("JWT_SECRET_KEY", reference("b", "1", project)),
    ),
  );
  expect(finding.message).toContain("auth reads JWT_SECRET from a@1, backend reads JWT_SECRET_KEY from b@1");
});

test("equal variables in two read orders are two secrets", () => {
  const variables = [fromSecret("JWT_SECRET_KEY"), fromSecret("JWT_SECRET_STAGING", other)];
  const environment = services(carrying("auth", ...variables), {
    ...carrying("backend", ...variables),
    reads: ["JWT_SECRET_KEY"],
  });
  expect(only(rule, environment).message).toContain(
    "auth reads JWT_SECRET_STAGING from netra-staging/jwt-secret-key-staging@1, backend reads JWT_SECRET_KEY",
  );
  expect(verdictOf(rule, services(carrying("auth", ...variables), carrying("backend", ...variables)))).toBe(
    "holds",
  );
});

test.each([
  [
    "ENVIRONMENT's own variable before KEY",
    [fromSecret("JWT_SECRET_KEY", other), fromSecret("JWT_SECRET_STAGING")],
  ],
  ["KEY before the plain one", [fromSecret("JWT_SECRET", other), fromSecret("JWT_SECRET_KEY")]],
  [
    "the plain one before that of another environment",
    [fromSecret("JWT_SECRET_PRODUCTION", other), fromSecret("JWT_SECRET")],
  ],
])("by default a service reads %s", (_what, variables) => {
  expect(verdictOf(rule, services(carrying("auth", ...variables), service("backend")))).toBe("holds");
});

test("an ENVIRONMENT with dashes is spelled with underscores", () => {
  const own = service("auth", {
    containers: [
      container(
        literal("ENVIRONMENT", "pre-prod"),
        fromSecret("JWT_SECRET_KEY", other),
        fromSecret("JWT_SECRET_PRE_PROD"),
      ),
    ],
  });
  expect(verdictOf(rule, services(own, service("backend")))).toBe("holds");
});

test.each([
  ["no ENVIRONMENT", [], "its ENVIRONMENT is absent"],
  ["an empty ENVIRONMENT", [literal("ENVIRONMENT", "")], "its ENVIRONMENT is empty"],
  ["an ENVIRONMENT from a secret", [fromSecret("ENVIRONMENT")], "it comes from a secret"],
  ["two ENVIRONMENTs", [literal("ENVIRONMENT", "a"), literal("ENVIRONMENT", "b")], "set more than once"],
  ["an ENVIRONMENT whose text is not kept", [literal("ENVIRONMENT")], "its text is not kept"],
  ["an ENVIRONMENT not shown", [unseen("ENVIRONMENT", "it is masked")], "it is masked"],
])("%s leaves the first variable undecided where it matters", (_what, environment, reason) => {
  const variables = (key: Variable): Service =>
    service("auth", { containers: [container(...environment, key, fromSecret("JWT_SECRET_STAGING"))] });
  const finding = only(rule, services(variables(fromSecret("JWT_SECRET_KEY", other)), service("backend")));
  expect(finding.verdict).toBe("undetermined");
  expect(finding.message).toContain("auth: ");
  expect(finding.message).toContain(reason);
  expect(verdictOf(rule, services(variables(fromSecret("JWT_SECRET_KEY")), service("backend")))).toBe(
    "holds",
  );
});

test("without ENVIRONMENT, KEY and the plain one are still in order", () => {
  const own = service("auth", {
    containers: [container(fromSecret("JWT_SECRET", other), fromSecret("JWT_SECRET_KEY"))],
  });
  expect(verdictOf(rule, services(own, service("backend")))).toBe("holds");
});

test("JWT variables of which none is in the read order are undetermined, and --reads decides", () => {
  const auth = carrying("auth", fromSecret("JWT_SECRET_PRODUCTION"));
  const finding = only(rule, services(auth, service("backend")));
  expect(finding.message).toContain(
    "it carries JWT_SECRET_PRODUCTION, none of which it is known to read (JWT_SECRET_STAGING, JWT_SECRET_KEY, JWT_SECRET)",
  );
  expect(finding).toMatchObject({ verdict: "undetermined", services: ["auth", "backend"] });
  expect(verdictOf(rule, services({ ...auth, reads: ["JWT_SECRET_PRODUCTION"] }, service("backend")))).toBe(
    "holds",
  );
});

test("a variable that is read first but there twice is undetermined unless both carry the same", () => {
  const twice = (second: Variable): Environment =>
    services(carrying("auth", fromSecret("JWT_SECRET_KEY"), second), service("backend"));
  expect(verdictOf(rule, twice(fromSecret("JWT_SECRET_KEY", other)))).toBe("undetermined");
  expect(verdictOf(rule, twice(literal("JWT_SECRET_KEY")))).toBe("undetermined");
  expect(verdictOf(rule, twice(fromSecret("JWT_SECRET_KEY")))).toBe("holds");
});

test("plain text that is there twice is plain text all the same", () => {
  const twice = carrying("auth", literal("JWT_SECRET_KEY"), literal("JWT_SECRET_KEY"));
  expect(verdictOf(rule, services(twice, service("backend")))).toBe("violation");
});

test("a mounted file is the key only where there is no variable, or where it is read first", () => {
  expect(verdictOf(rule, services(carrying("auth", file("/keys/jwt-secret-key")), service("backend")))).toBe(
    "holds",
  );
  const finding = only(
    rule,
    services(carrying("auth", file("/keys/jwt-secret-key", other)), service("backend")),
  );
  expect(finding.message).toContain(
    "auth reads the file /keys/jwt-secret-key from netra-staging/jwt-secret-key-staging@1",
  );
  const beside = carrying("auth", fromSecret("JWT_SECRET"), file("/keys/jwt-secret-key", other));
  expect(verdictOf(rule, services(beside, service("backend")))).toBe("holds");
  expect(verdictOf(rule, services({ ...beside, reads: ["/keys/jwt-secret-key"] }, service("backend")))).toBe(
    "violation",
  );
});

test("plain text names no secret: a violation beside a reference and beside plain text", () => {
  const finding = only(rule, both(literal("JWT_SECRET_KEY"), fromSecret("JWT_SECRET_KEY")));
  expect(finding.verdict).toBe("violation");
  expect(finding.message).toContain(
    "auth reads JWT_SECRET_KEY as plain text, backend reads it from netra-staging/jwt-secret-staging@1: they name no common secret",
  );
  const other = only(rule, both(fromSecret("JWT_SECRET_KEY"), literal("JWT_SECRET_KEY")));
  expect(other.verdict).toBe("violation");
  expect(other.message).toContain(
    "auth reads JWT_SECRET_KEY from netra-staging/jwt-secret-staging@1, backend reads it as plain text: they name no common secret",
  );
  expect(verdictOf(rule, both(literal("JWT_SECRET_KEY"), literal("JWT_SECRET_KEY")))).toBe("violation");
});

test("a value not shown is undetermined", () => {
  const finding = only(rule, both(fromSecret("JWT_SECRET_KEY"), unseen("JWT_SECRET_KEY", "it is masked")));
  expect(finding.message).toContain("backend: JWT_SECRET_KEY is not known: it is masked");
  expect(finding.verdict).toBe("undetermined");
});

test.each([
  ["other project IDs", reference("s", "1", "one"), reference("s", "1", "two"), "violation"],
  ["other project numbers", reference("s", "1", "111"), reference("s", "1", "222"), "violation"],
  [
    "a number matched with the ID",
    reference("s", "1", "netra-staging"),
    reference("s", "1", "701982941522"),
    "holds",
  ],
  [
    "the number of another project",
    reference("s", "1", "netra-staging"),
    reference("s", "1", "999"),
    "violation",
  ],
  [
    "a number of no known project",
    reference("s", "1", "someone"),
    reference("s", "1", "999"),
    "undetermined",
  ],
  [
    "two unmatched projects and two secrets",
    reference("s", "1", "someone"),
    reference("t", "1", "999"),
    "violation",
  ],
  ["an unknown project", reference("s"), reference("s", "1", unknown("no project is named")), "undetermined"],
  [
    "unknown projects",
    reference("s", "1", unknown("none")),
    reference("s", "1", unknown("none")),
    "undetermined",
  ],
  [
    "one unknown project",
    reference("s", "1", unknown("none", "f")),
    reference("s", "1", unknown("none", "f")),
    "holds",
  ],
  [
    "unknown projects of two files",
    reference("s", "1", unknown("none", "f")),
    reference("s", "1", unknown("none", "g")),
    "undetermined",
  ],
  [
    "projects by two resources",
    reference("s", "1", settled("urn:a")),
    reference("s", "1", settled("urn:b")),
    "undetermined",
  ],
  ["an unknown secret", reference("s"), reference(unknown("computed")), "undetermined"],
  ["one resource", reference(settled("urn:a")), reference(settled("urn:a")), "holds"],
  ["two resources", reference(settled("urn:a")), reference(settled("urn:b")), "violation"],
  ["a name and a resource", reference("s"), reference(settled("urn:a")), "undetermined"],
  ["equal placeholders", reference(placeholder), reference(placeholder), "undetermined"],
])("secrets with %s", (_what, auth, backend, verdict) => {
  const environment = both(fromSecret("JWT_SECRET_KEY", auth), fromSecret("JWT_SECRET_KEY", backend));
  environment.projects.push({ id: "netra-staging", number: "701982941522" });
  expect(verdictOf(rule, environment)).toBe(verdict);
});

test("an ID against an unmatched number names the flag that matches them", () => {
  const finding = only(
    rule,
    both(
      fromSecret("JWT_SECRET_KEY", reference("s", "1", "999")),
      fromSecret("JWT_SECRET_KEY", reference("s", "1", "someone")),
    ),
  );
  expect(finding.message).toContain(
    "auth reads JWT_SECRET_KEY from 999/s@1, backend reads it from someone/s@1: whether these are one secret cannot be told (",
  );
  expect(finding.message).toContain("--project someone=999");
  expect(finding.fix).toContain("--project ID where the documents name none");
});

test("a resource is compared by the name that the document shows for it", () => {
  const environment = both(
    fromSecret("JWT_SECRET_KEY"),
    fromSecret("JWT_SECRET_KEY", reference(settled(secretUrn), "1", settled(secretUrn))),
  );
  expect(verdictOf(rule, { ...environment, declared: declared() })).toBe("holds");
  expect(
    verdictOf(rule, {
      ...environment,
      declared: declared({ secrets: [declaredSecret({ secret: known("another") })] }),
    }),
  ).toBe("violation");
  expect(
    verdictOf(rule, {
      ...environment,
      declared: declared({ secrets: [declaredSecret({ secret: unknown("not yet") })] }),
    }),
  ).toBe("undetermined");
});

test("containers that read different secrets are all compared", () => {
  const mixed = service("auth", {
    containers: [container(fromSecret("JWT_SECRET")), container(fromSecret("JWT_SECRET", other))],
  });
  const finding = only(rule, services(mixed, service("backend")));
  expect(finding.verdict).toBe("undetermined");
  expect(finding.message).toBe(
    "Whether auth and backend use one secret cannot be told (their containers read different secrets).",
  );
  const wrong = service("auth", {
    containers: [
      container(fromSecret("JWT_SECRET", reference("x"))),
      container(fromSecret("JWT_SECRET", other)),
    ],
  });
  expect(verdictOf(rule, services(wrong, service("backend")))).toBe("violation");
});

test("a further service with a JWT variable is held to the same secret", () => {
  const finding = only(
    rule,
    services(service("auth"), service("backend"), carrying("worker", fromSecret("JWT_SECRET", other))),
  );
  expect(finding).toMatchObject({ verdict: "violation", services: ["auth", "worker"] });
  expect(finding.message).toContain("worker will refuse every token auth signs");
  expect(verdictOf(rule, services(service("auth"), service("backend"), service("worker")))).toBe("holds");
  expect(
    verdictOf(rule, services(service("auth"), service("backend"), carrying("worker", literal("PORT")))),
  ).toBe("holds");
});

test("without an auth, a further service is compared with backend", () => {
  const finding = only(
    rule,
    staging({ services: [service("backend"), carrying("worker", fromSecret("JWT_SECRET", other))] }),
  );
  expect(finding).toMatchObject({ verdict: "violation", services: ["backend", "worker"] });
  expect(finding.message).toContain("backend will refuse tokens that worker signs");
});

test("hidden containers are undetermined, of a further service too", () => {
  expect(only(rule, services(hiddenService("auth"), service("backend"))).message).toContain(
    "(auth: its containers are hidden: containers are masked)",
  );
  const finding = only(rule, services(service("auth"), service("backend"), hiddenService("worker")));
  expect(finding).toMatchObject({ verdict: "undetermined", services: ["worker"] });
  expect(finding.message).toContain("whether it uses another JWT secret cannot be told");
  expect(
    findingsOf(rule, services(service("auth"), service("backend"), hiddenService("a"), hiddenService("b")))[0]
      ?.message,
  ).toContain("of a and b, so whether they use");
});

test("it does not apply where there is nothing to compare", () => {
  expect(verdictOf(rule, staging({ services: [service("auth")] }))).toBe("not applicable");
  expect(verdictOf(rule, staging({ services: [] }))).toBe("not applicable");
  expect(verdictOf(rule, services(carrying("auth"), service("backend")))).toBe("not applicable");
  expect(verdictOf(rule, services(service("auth"), carrying("backend")))).toBe("not applicable");
});

test("what cannot be told is told by its reason, whichever side it is on", () => {
  const doubtful = carrying("auth", fromSecret("JWT_SECRET_KEY", reference(unknown("it is computed"))));
  const plain = carrying("backend", fromSecret("JWT_SECRET_KEY"));
  const finding = only(rule, staging({ services: [doubtful, plain] }));
  expect(finding.verdict).toBe("undetermined");
  expect(finding.message).toContain("(it is computed)");
  expect(finding.message).toContain("auth reads JWT_SECRET_KEY from");
  expect(finding.message).toContain("backend reads it from");
});

test("a key in a mounted file is not called the variable of that name", () => {
  const services = [
    carrying("auth", fromSecret("JWT_SECRET_KEY", reference("a"))),
    carrying("backend", fromSecret("JWT_SECRET", reference("b"))),
  ];
  expect(only(rule, staging({ services })).message).toContain(
    "backend reads JWT_SECRET from netra-staging/b",
  );
});

test("a container that does not say what it reads is told, although another one agrees", () => {
  const auth = service("auth", {
    containers: [container(fromSecret("JWT_SECRET")), container(unseen("JWT_SECRET", "it is masked"))],
  });
  const finding = only(rule, services(auth, service("backend")));
  expect(finding.verdict).toBe("undetermined");
  expect(finding.message).toContain("(auth: JWT_SECRET is not known: it is masked)");
});

test("the finding points at the variable of the service that is told last", () => {
  const wrong = { ...fromSecret("JWT_SECRET_KEY", other), location: { line: 9 } };
  expect(only(rule, both(fromSecret("JWT_SECRET_KEY"), wrong)).location).toEqual({
    file: "services.json",
    line: 9,
  });
});

test("the fix speaks of projects where a project is all that is in doubt, and of the rest elsewhere", () => {
  const fix = (auth: Variable, backend: Variable) => only(rule, both(auth, backend)).fix;
  const general = "Let every JWT variable carry one pinned reference";
  const noProject = reference("s", "1", unknown("no project is named"));
  const key = (to: Reference) => fromSecret("JWT_SECRET_KEY", to);
  expect(fix(key(noProject), key(reference("s")))).toContain("--project ID where the documents name none");
  expect(fix(key(reference(unknown("it is masked"))), key(reference("s")))).toContain(general);
  expect(fix(key(reference("s")), key(reference(unknown("it is masked"))))).toContain(general);
  expect(fix(key(reference(unknown("it is masked"))), key(reference(unknown("it is masked"))))).toContain(
    general,
  );
  expect(fix(unseen("JWT_SECRET_KEY"), key(reference("s")))).toContain(general);
  expect(fix(key(reference("s")), unseen("JWT_SECRET_KEY"))).toContain(general);
});
