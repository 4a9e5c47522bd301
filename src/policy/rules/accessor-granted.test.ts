import { describe, expect, test } from "vitest";
import {
  absent,
  carrying,
  declaredSecret,
  findingsOf,
  fromSecret,
  grant,
  hiddenService,
  known,
  only,
  reference,
  secretUrn,
  service,
  settled,
  stack,
  staging,
  unknown,
  verdictOf,
} from "../baseline.ts";
import type { Declared, Environment, Grant, Part, Service } from "../facts.ts";
import { accessorGranted as rule } from "./accessor-granted.ts";

/** A stack where backend is in order and auth has these grants instead of its own. */
const granted = (...grants: Grant[]): Environment => stack({}, { grants: [grant("backend"), ...grants] });
const withAccount = (
  account: Part,
  change: Partial<Service> = {},
  around: Partial<Declared> = {},
): Environment => stack({ services: [service("auth", { account, ...change }), service("backend")] }, around);
const email = "auth@netra-staging.iam.gserviceaccount.com";
const accountUrn = "urn:pulumi:staging::jwt-secret::gcp:serviceaccount/account:Account::auth";

test("a grant on the secret for each account holds", () => {
  expect(verdictOf(rule, stack())).toBe("holds");
});

test("an account without a grant is a violation, in Cloud Run's words", () => {
  const finding = only(rule, granted());
  expect(finding).toMatchObject({ rule: "accessor-granted", verdict: "violation", services: ["auth"] });
  expect(finding.message).toContain(
    "No grant lets the runtime account of auth access netra-staging/jwt-secret-staging",
  );
  expect(finding.message).toContain("Permission denied on secret");
  expect(finding.fix).toContain("roles/secretmanager.secretAccessor");
});

test.each<[string, Partial<Grant>, string]>([
  ["the admin role", { role: known("roles/secretmanager.admin") }, "holds"],
  ["the owner of the project", { role: known("roles/owner"), secret: absent }, "holds"],
  ["a grant on the project", { secret: absent }, "holds"],
  ["a grant on another project", { secret: absent, project: known("other-project") }, "violation"],
  ["a grant on a project not known", { secret: absent, project: unknown("computed") }, "undetermined"],
  ["a grant on another secret", { secret: known("another") }, "violation"],
  ["a grant on a secret not known", { secret: unknown("computed") }, "undetermined"],
  [
    "a grant on the secret by its resource",
    { secret: settled(secretUrn), project: settled(secretUrn) },
    "holds",
  ],
  ["a role that does not read", { role: known("roles/secretmanager.viewer") }, "violation"],
  ["the editor role, which does not read secrets", { role: known("roles/editor") }, "violation"],
  ["a role of one of Google's agents", { role: known("roles/run.serviceAgent") }, "undetermined"],
  ["a custom role", { role: known("projects/netra-staging/roles/reader") }, "undetermined"],
  ["a role not known", { role: unknown("computed") }, "undetermined"],
  ["a conditional grant", { conditional: true }, "undetermined"],
  ["no members", { members: [] }, "violation"],
  [
    "another account",
    { members: [known("serviceAccount:other@netra-staging.iam.gserviceaccount.com")] },
    "violation",
  ],
  [
    "one of several members",
    { members: [known("user:someone@example.com"), known(`serviceAccount:${email}`)] },
    "holds",
  ],
  ["a person", { members: [known("user:someone@example.com")] }, "violation"],
  [
    "the account before it was deleted",
    { members: [known(`deleted:serviceAccount:${email}?uid=1`)] },
    "violation",
  ],
  ["a group, which may hold the account", { members: [known("group:all@example.com")] }, "undetermined"],
  ["a member not known", { members: [unknown("computed")] }, "undetermined"],
  [
    "a member by an account's resource that is not in the document",
    { members: [settled(accountUrn)] },
    "undetermined",
  ],
  ["the account in capitals", { members: [known(`serviceAccount:${email.toUpperCase()}`)] }, "holds"],
])("%s", (_what, change, verdict) => {
  expect(verdictOf(rule, granted(grant("auth", change)))).toBe(verdict);
});

test("a sure grant beside an unsure one holds", () => {
  expect(verdictOf(rule, granted(grant("auth", { conditional: true }), grant("auth")))).toBe("holds");
});

test("accounts known by their resource are compared by it, or by the e-mail it shows", () => {
  const members = [settled(accountUrn)];
  const grants = [grant("backend"), grant("auth", { members })];
  expect(verdictOf(rule, withAccount(settled(accountUrn), {}, { grants }))).toBe("holds");
  // backend's grant names an e-mail, which may be that of the other resource.
  expect(verdictOf(rule, withAccount(settled("urn:other"), {}, { grants }))).toBe("undetermined");
  const backends = { urn: "urn:other", email: known("other@example.com") };
  expect(
    verdictOf(
      rule,
      withAccount(settled("urn:other"), {}, { grants: [grant("backend")], accounts: [backends] }),
    ),
  ).toBe("violation");
  const accounts = [{ urn: accountUrn, email: known(email) }];
  expect(verdictOf(rule, withAccount(known(email), {}, { grants, accounts }))).toBe("holds");
  expect(verdictOf(rule, withAccount(known("other@example.com"), {}, { grants, accounts }))).toBe(
    "violation",
  );
  expect(verdictOf(rule, withAccount(settled(accountUrn), {}, { accounts }))).toBe("holds");
  expect(verdictOf(rule, withAccount(known(email, accountUrn), {}, { grants }))).toBe("holds");
});

test("an account not known is undetermined where a grant may be its own, and a violation where there is none", () => {
  const finding = only(rule, withAccount(unknown("it is computed")));
  expect(finding.verdict).toBe("undetermined");
  expect(finding.message).toContain("(it is computed)");
  expect(verdictOf(rule, withAccount(unknown("it is computed"), {}, { grants: [] }))).toBe("violation");
});

const compute = (number: string): Grant =>
  grant("auth", { members: [known(`serviceAccount:${number}-compute@developer.gserviceaccount.com`)] });

test("the default account holds only with the number of the service's own project", () => {
  const projects = [{ id: "netra-staging", number: "701982941522" }];
  const grants = [compute("701982941522"), grant("backend")];
  expect(verdictOf(rule, { ...withAccount(absent, {}, { grants }), projects })).toBe("holds");
  expect(verdictOf(rule, withAccount(absent, {}, { grants }))).toBe("undetermined");
  expect(
    verdictOf(rule, { ...withAccount(absent, {}, { grants: [compute("999"), grant("backend")] }), projects }),
  ).toBe("undetermined");
});

test("the default account without a grant is undetermined and is advised to be replaced", () => {
  const finding = only(rule, withAccount(absent));
  expect(finding).toMatchObject({ verdict: "undetermined", services: ["auth"] });
  expect(finding.message).toContain("runs as the default one of its project");
  expect(finding.fix).toContain("Give auth a runtime account of its own");
});

test.each(["allUsers", "allAuthenticatedUsers"])("%s may read the key: a violation, told once", (member) => {
  const open = grant("open", { members: [known(member)] });
  const finding = only(rule, granted(grant("auth"), open));
  expect(finding).toMatchObject({ verdict: "violation", location: open.location });
  expect(finding.message).toContain(
    `${member} may access netra-staging/jwt-secret-staging, which auth reads: anybody can sign`,
  );
});

test.each<[string, Partial<Grant>, string]>([
  ["on the whole project", { secret: absent }, "violation"],
  ["under a condition", { conditional: true }, "violation"],
  ["with a role that does not read", { role: known("roles/secretmanager.viewer") }, "holds"],
  ["with a role not known", { role: unknown("computed") }, "undetermined"],
  ["on another secret", { secret: known("another") }, "holds"],
  ["on a secret not known", { secret: unknown("computed") }, "undetermined"],
])("allUsers %s", (_what, change, verdict) => {
  expect(
    verdictOf(rule, granted(grant("auth"), grant("open", { members: [known("allUsers")], ...change }))),
  ).toBe(verdict);
});

test("a sure opening is told before a possible one", () => {
  const members = [known("allUsers")];
  expect(
    verdictOf(
      rule,
      granted(grant("auth"), grant("a", { members, role: unknown("computed") }), grant("b", { members })),
    ),
  ).toBe("violation");
});

test("the previous key must be accessible too", () => {
  const old = declaredSecret({ urn: "urn:old", secret: known("old") });
  const auth = carrying(
    "auth",
    fromSecret("JWT_SECRET"),
    fromSecret("JWT_SECRET_PREVIOUS", reference("old")),
  );
  const environment = stack({ services: [auth, service("backend")] }, { secrets: [declaredSecret(), old] });
  expect(only(rule, environment).message).toContain("access netra-staging/old");
});

test("a document that is not complete leaves a missing grant undetermined", () => {
  const environment = stack({}, { grants: [], incomplete: "no --show-sames" });
  expect(findingsOf(rule, environment).map((one) => one.verdict)).toEqual(["undetermined", "undetermined"]);
  expect(findingsOf(rule, environment)[0]?.message).toContain("(no --show-sames)");
});

test("a secret made elsewhere, or a document without grants, does not apply", () => {
  expect(verdictOf(rule, staging())).toBe("not applicable");
  expect(verdictOf(rule, stack({}, { secrets: [] }))).toBe("not applicable");
});

test("a secret that may be one of the stack's is undetermined", () => {
  const auth = carrying("auth", fromSecret("JWT_SECRET", reference(unknown("it is computed"))));
  expect(only(rule, stack({ services: [auth, service("backend")] })).message).toContain(
    "cannot be told (it is computed)",
  );
});

test("hidden containers are undetermined", () => {
  expect(verdictOf(rule, stack({ services: [hiddenService("auth"), service("backend")] }))).toBe(
    "undetermined",
  );
});

test("a missing grant is told once per service and secret, whatever the versions and variables", () => {
  const auth = carrying(
    "auth",
    fromSecret("JWT_SECRET"),
    fromSecret("JWT_SECRET_KEY", reference("jwt-secret-staging", "2")),
    fromSecret("JWT_SECRET_PREVIOUS", reference("jwt-secret-staging", "3")),
  );
  const environment = stack({ services: [auth, service("backend")] }, { grants: [grant("backend")] });
  expect(only(rule, environment)).toMatchObject({ services: ["auth"] });
});

test("every finding names its service", () => {
  const unclear = carrying("auth", fromSecret("JWT_SECRET", reference(unknown("it is computed"))));
  const findings = [
    only(rule, stack({ services: [unclear, service("backend")] })),
    only(rule, granted(grant("auth"), grant("open", { members: [known("allUsers")] }))),
    only(rule, withAccount(unknown("it is computed"))),
  ];
  expect(findings.map(({ services }) => services)).toEqual([["auth"], ["auth"], ["auth"]]);
  expect(findings[2]?.fix).toContain("Grant the runtime account of auth roles/secretmanager.secretAccessor");
});

const role = known("roles/secretmanager.secretAccessor");
const backendAlone = [known("serviceAccount:backend@netra-staging.iam.gserviceaccount.com")];
test.each<[string, Partial<Grant>, string]>([
  ["a binding of the same role without the account", { exclusive: "role" }, "undetermined"],
  ["a binding of a role not known", { exclusive: "role", role: unknown("computed") }, "undetermined"],
  ["a policy without the account", { exclusive: "all", role: known("roles/viewer") }, "undetermined"],
  ["a binding on a secret not known", { exclusive: "role", secret: unknown("computed") }, "undetermined"],
  ["a binding of another role", { exclusive: "role", role: known("roles/viewer") }, "holds"],
  ["a binding on another secret", { exclusive: "role", secret: known("another") }, "holds"],
  ["a binding on the project", { exclusive: "role", secret: absent }, "holds"],
  ["a member", {}, "holds"],
])("beside a grant to the account, %s: %s", (_what, change, verdict) => {
  const other = grant("other", { role, members: backendAlone, ...change });
  expect(verdictOf(rule, granted(grant("auth"), other))).toBe(verdict);
});

test("a binding, or a policy, that lists the account takes nothing from it", () => {
  const members = [known(`serviceAccount:${email}`), ...backendAlone];
  expect(verdictOf(rule, granted(grant("auth"), grant("both", { exclusive: "role", members })))).toBe(
    "holds",
  );
  const policy = [
    grant("policy", { exclusive: "all", members }),
    grant("policy", { exclusive: "all", role: known("roles/viewer"), members: [] }),
  ];
  expect(verdictOf(rule, stack({}, { grants: policy }))).toBe("holds");
});

describe("of two policies on one secret, which take from each other", () => {
  const both = [known(`serviceAccount:${email}`), ...backendAlone];
  const policy = (urn: string, members: Grant["members"], of = role) =>
    grant(urn, { exclusive: "all", role: of, members });
  const viewer = known("roles/viewer");

  test.each<[string, Grant[], string]>([
    ["the other gives it too", [policy("two", both)], "holds"],
    ["the other gives it beside another role", [policy("two", [], viewer), policy("two", both)], "holds"],
    ["the other gives another role alone", [policy("two", both, viewer)], "undetermined"],
    [
      "the other gives the account another role, and this one to others",
      [policy("two", both, viewer), policy("two", backendAlone)],
      "undetermined",
    ],
    [
      "one more does not give it",
      [policy("two", both), policy("three", [known("user:ann@example.com")])],
      "undetermined",
    ],
  ])("%s", (_what, others, verdict) => {
    expect(verdictOf(rule, stack({}, { grants: [policy("one", both), ...others] }))).toBe(verdict);
  });
});

test("a grant to others is no grant, whatever takes it away", () => {
  const others = grant("binding", { exclusive: "role", role, members: backendAlone });
  const environment = stack({}, { grants: [grant("backend"), others] });
  expect(only(rule, environment)).toMatchObject({ verdict: "violation", services: ["auth"] });
});

test("a secret that is made elsewhere is granted there, yet nobody may open it here", () => {
  const around = { secrets: [declaredSecret({ external: true })], grants: [] };
  expect(verdictOf(rule, stack({}, around))).toBe("not applicable");
  const open = grant("open", { members: [known("allUsers")] });
  expect(verdictOf(rule, stack({}, { ...around, grants: [open] }))).toBe("violation");
  const previous = fromSecret("JWT_SECRET_PREVIOUS", reference("jwt-secret-staging", "7"));
  const services = [carrying("auth", fromSecret("JWT_SECRET"), previous), service("backend")];
  expect(verdictOf(rule, stack({ services }, around))).toBe("not applicable");
});

test("an accessor on whom the documents do not agree is undetermined", () => {
  const stranger = known("user:someone@example.com");
  const grants = [grant("auth"), grant("backend"), grant("more", { members: [stranger] })];
  const around = { grants, accessors: [], disputedAccessors: ["User:someone@example.com"] };
  expect(verdictOf(rule, stack({}, around))).toBe("undetermined");
  expect(verdictOf(rule, stack({}, { ...around, disputedAccessors: [] }))).toBe("violation");
});

test("an account that is disabled or deleted can access nothing it is granted", () => {
  const accounts = [
    { urn: accountUrn, email: known(email.toUpperCase()), unusable: "its account is deleted" },
  ];
  for (const account of [known(email), settled(accountUrn), known("made@later", accountUrn)]) {
    const grants = [grant("auth", { members: [account] }), grant("auth"), grant("backend")];
    expect(only(rule, withAccount(account, {}, { accounts, grants })).message).toBe(
      "Whether the runtime account of auth may access netra-staging/jwt-secret-staging cannot be told (its account is deleted).",
    );
  }
  expect(verdictOf(rule, stack({}, { accounts, grants: [grant("backend")] }))).toBe("violation");
  const others = [{ ...accounts[0], urn: "urn:other", email: unknown("computed") }];
  expect(verdictOf(rule, stack({}, { accounts: others }))).toBe("holds");
  const masked = withAccount(unknown("it is masked"), {}, { accounts: others });
  expect(only(rule, masked).message).toContain("cannot be told (it is masked).");
  const byResource = [{ urn: accountUrn, email: unknown("computed"), unusable: "its account is disabled" }];
  const member = grant("auth", { members: [settled(accountUrn)] });
  const around = { accounts: byResource, grants: [member, grant("backend")] };
  expect(only(rule, withAccount(settled(accountUrn), {}, around)).message).toContain(
    "(its account is disabled)",
  );
  const twice = [{ urn: "urn:first", email: known(email) }, ...accounts];
  expect(only(rule, withAccount(known(email), {}, { accounts: twice })).message).toContain(
    "(its account is deleted)",
  );
});

test("why it cannot be told is told", () => {
  const told = (change: Partial<Grant>) => only(rule, granted(grant("auth", change))).message;
  expect(told({ conditional: true })).toContain(
    "(only grants whose condition, role, members or target are not fully known, or which another one takes away, could give it access)",
  );
  expect(told({ members: [] })).toContain("No grant lets");
});

/** A stack that lists its accessors, with these members besides the services. */
const listing = (accessors: string[] | undefined, ...members: Part[]) =>
  stack(
    {},
    {
      ...(accessors === undefined ? {} : { accessors }),
      grants: [grant("auth"), grant("backend"), grant("e2e", { members })],
    },
  );
const tester = "serviceAccount:e2e@netra-staging.iam.gserviceaccount.com";

test("a member whom the configuration does not list is a violation", () => {
  const finding = only(rule, listing([], known(tester)));
  expect(finding).toMatchObject({ verdict: "violation", location: { urn: grant("e2e").urn } });
  expect(finding.message).toContain(`${tester} may access netra-staging/jwt-secret-staging`);
  expect(finding.fix).toContain("jwt-secret:accessors");
});

test.each<[string, Environment, string]>([
  ["is listed", listing([tester], known(tester)), "holds"],
  ["is listed in other letters", listing([tester.toUpperCase()], known(tester)), "holds"],
  ["is in a document that shows no list", listing(undefined, known(tester)), "holds"],
  ["is one of two", listing([tester], known(tester), known("user:eve@example.com")), "violation"],
  ["is a group", listing([tester], known("group:all@example.com")), "violation"],
  ["was deleted", listing([], known(`deleted:${tester}?uid=1`)), "holds"],
  ["is not known", listing([], unknown("computed")), "undetermined"],
  [
    "has a grant on the whole project",
    stack(
      {},
      {
        accessors: [],
        grants: [grant("auth"), grant("backend"), grant("e2e", { members: [known(tester)], secret: absent })],
      },
    ),
    "violation",
  ],
  [
    "has a custom role",
    stack(
      {},
      {
        accessors: [],
        grants: [
          grant("auth"),
          grant("backend"),
          grant("e2e", { members: [known(tester)], role: known("projects/p/roles/x") }),
        ],
      },
    ),
    "undetermined",
  ],
  [
    "may not read",
    stack(
      {},
      {
        accessors: [],
        grants: [
          grant("auth"),
          grant("backend"),
          grant("e2e", { members: [known(tester)], role: known("roles/viewer") }),
        ],
      },
    ),
    "holds",
  ],
  [
    "reads another secret",
    stack(
      {},
      {
        accessors: [],
        grants: [
          grant("auth"),
          grant("backend"),
          grant("e2e", { members: [known(tester)], secret: known("another") }),
        ],
      },
    ),
    "holds",
  ],
])("a member who %s", (_, environment, verdict) => {
  expect(verdictOf(rule, environment)).toBe(verdict);
});

test("a secret that another stack makes is seen to be open where this one opens it", () => {
  const elsewhere = reference("shared-secret", "1", "vault");
  const open = (change: Partial<Declared["grants"][number]>, accessors?: string[]) =>
    stack(
      {
        services: ["auth", "backend"].map((name) => carrying(name, fromSecret("JWT_SECRET_KEY", elsewhere))),
      },
      {
        source: "existing",
        grants: [grant("open", { project: known("vault"), secret: known("shared-secret"), ...change })],
        ...(accessors === undefined ? {} : { accessors }),
      },
    );
  const anybody = { members: [known("allUsers")] };
  expect(only(rule, open(anybody)).message).toBe(
    "allUsers may access vault/shared-secret, which auth reads: anybody can sign tokens for any user.",
  );
  expect(verdictOf(rule, open({ ...anybody, role: unknown("it is computed") }))).toBe("undetermined");
  expect(verdictOf(rule, open({ ...anybody, secret: known("another") }))).toBe("not applicable");
  expect(verdictOf(rule, open({}))).toBe("not applicable");
  expect(only(rule, open({}, [])).message).toContain("may access vault/shared-secret");
});

test("two secrets that are open are two findings", () => {
  const other = declaredSecret({ urn: "urn:other", secret: known("other") });
  const open = (name: string) => grant(`open-${name}`, { secret: known(name), members: [known("allUsers")] });
  const auth = carrying("auth", fromSecret("JWT_SECRET_KEY"), fromSecret("JWT_SECRET", reference("other")));
  const grants = [
    grant("auth"),
    grant("auth", { secret: known("other") }),
    open("jwt-secret-staging"),
    open("other"),
  ];
  const found = findingsOf(rule, stack({ services: [auth] }, { secrets: [declaredSecret(), other], grants }));
  expect(found.map(({ message }) => message.slice(0, 50))).toEqual([
    "allUsers may access netra-staging/jwt-secret-stagi",
    "allUsers may access netra-staging/other, which aut",
  ]);
});

test("the fix names the member, where it is known", () => {
  const fixes = (member: Part) =>
    findingsOf(
      rule,
      stack(
        {},
        { accessors: [], grants: [grant("auth"), grant("backend"), grant("x", { members: [member] })] },
      ),
    ).map(({ fix }) => fix);
  const rest = "in jwt-secret:accessors, or remove the grant and make a new key.";
  expect(fixes(known("user:a@b.c"))).toEqual([`List user:a@b.c ${rest}`]);
  expect(fixes(unknown("it is masked"))).toEqual([`List it ${rest}`]);
});
