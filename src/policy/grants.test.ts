/** Who may access a secret, member by member. */
import { describe, expect, test } from "vitest";
import {
  absent,
  declared,
  declaredSecret,
  grant,
  known,
  secretUrn,
  service,
  settled,
  stack,
  unknown,
} from "./baseline.ts";
import type { Declared, Part } from "./facts.ts";
import { mayAccess, openToAnybody, strangers } from "./grants.ts";

const email = "auth@netra-staging.iam.gserviceaccount.com";
const urn = "urn:account:auth";
const projects = [{ id: "netra-staging", number: "42" }];

/** Whether auth, running as `account`, may read the secret through one grant to `member`. */
function access(account: Part, member: Part, accounts: Declared["accounts"] = []): string {
  const around = declared({ grants: [grant("auth", { members: [member] })], accounts });
  return mayAccess(service("auth", { account }), declaredSecret(), around, stack({ projects }));
}

describe("a member that is an e-mail", () => {
  test.each<[string, string]>([
    [`serviceAccount:${email}`, "yes"],
    [`SERVICEACCOUNT:${email.toUpperCase()}`, "yes"],
    [`serviceAccount:x${email}`, "no"],
    [`serviceAccount:${email}x`, "no"],
    [`serviceAccount:${email}\n`, "maybe"],
    [`user:${email}`, "no"],
    ["USER:serviceAccount:someone", "no"],
    [`deleted:serviceAccount:${email}?uid=1`, "no"],
    ["group:all@example.com", "maybe"],
    ["group:user:deleted:@example.com", "maybe"],
    ["domain:example.com", "maybe"],
    [`principal://x/serviceAccount:other@example.com`, "maybe"],
    ["serviceAccount:", "maybe"],
    ["allUsers", "yes"],
    ["allauthenticatedusers", "yes"],
    ["group:allUsers", "maybe"],
    ["allUsers@example.com", "maybe"],
  ])("%s: %s", (member, answer) => expect(access(known(email), known(member))).toBe(answer));
});

describe("accounts and members of which one is known by its resource alone", () => {
  const member = known(`serviceAccount:${email}`);
  const other = [{ urn: "urn:other", email: known("other@example.com") }];
  const shown = [...other, { urn, email: known(email.toUpperCase()) }];
  const notShown = [...other, { urn, email: unknown("it is computed") }];

  test.each<[string, Part, Part, Declared["accounts"], string]>([
    ["an account whose e-mail its resource shows", settled(urn), member, shown, "yes"],
    ["an account whose e-mail is another", settled("urn:other"), member, shown, "no"],
    ["an account whose e-mail is not shown", settled(urn), member, notShown, "maybe"],
    ["an account that is not in the document", settled("urn:third"), member, shown, "no"],
    ["an account that is not in a document that shows none", settled("urn:third"), member, [], "maybe"],
    ["a member whose e-mail its resource shows", known(email), settled(urn), shown, "yes"],
    ["a member whose e-mail is another", known(email), settled("urn:other"), shown, "no"],
    ["a member whose e-mail is not shown", known(email), settled(urn), notShown, "maybe"],
    ["both one resource", settled(urn), settled(urn), [], "yes"],
    ["both one resource whose e-mail is not shown", settled(urn), settled(urn), notShown, "yes"],
    ["two resources", settled(urn), settled("urn:other"), [], "no"],
    ["an account settled by the member's resource", known("x@y.z", urn), settled(urn), [], "yes"],
    ["an account settled by another resource", known("x@y.z", "urn:other"), settled(urn), [], "no"],
    [
      "a member that is settled by the account's resource",
      settled(urn),
      known("serviceAccount:x@y.z", urn),
      [],
      "yes",
    ],
    [
      "a group that is settled by the account's resource",
      settled(urn),
      known("group:all@example.com", urn),
      [],
      "maybe",
    ],
    ["an account that is not known", unknown("it is masked"), member, shown, "maybe"],
    ["a member that is not known", known(email), unknown("it is masked"), shown, "maybe"],
  ])("%s", (_, account, given, accounts, answer) => {
    expect(access(account, given, accounts)).toBe(answer);
  });
});

describe("the default account of a project", () => {
  test.each<[string, Part, string]>([
    ["its own", known("serviceAccount:42-compute@developer.gserviceaccount.com"), "yes"],
    ["in capitals", known("serviceAccount:42-COMPUTE@developer.gserviceaccount.com"), "yes"],
    ["another project's", known("serviceAccount:43-compute@developer.gserviceaccount.com"), "maybe"],
    ["one that only ends so", known("serviceAccount:x42-compute@developer.gserviceaccount.com"), "maybe"],
    ["one that only begins so", known("serviceAccount:42-compute@developer.gserviceaccount.com.x"), "maybe"],
    ["an account of another kind", known(`serviceAccount:${email}`), "maybe"],
    ["a resource", settled(urn), "maybe"],
  ])("%s", (_, member, answer) => expect(access(absent, member)).toBe(answer));
});

describe("a role", () => {
  test.each<[string, string]>([
    ["roles/secretmanager.secretAccessor", "yes"],
    ["roles/secretmanager.admin", "yes"],
    ["roles/owner", "yes"],
    ["roles/admin", "yes"],
    ["roles/editor", "no"],
    ["roles/writer", "maybe"],
    ["roles/reader", "no"],
    ["roles/secretmanager.viewer", "no"],
    ["roles/serviceagent.viewer", "no"],
    ["roles/run.ServiceAgent", "maybe"],
    ["projects/p/roles/own", "maybe"],
    ["organizations/1/roles/own", "maybe"],
  ])("%s: %s", (role, answer) => {
    const around = declared({ grants: [grant("auth", { role: known(role) })] });
    expect(mayAccess(service("auth"), declaredSecret(), around, stack())).toBe(answer);
  });
  test("of several grants one is enough; each must hold in all its parts", () => {
    const answer = (...changes: Parameters<typeof grant>[1][]) =>
      mayAccess(
        service("auth"),
        declaredSecret(),
        declared({ grants: changes.map((change) => grant("auth", change)) }),
        stack(),
      );
    expect(answer()).toBe("no");
    expect(answer({ conditional: true }, {})).toBe("yes");
    expect(answer({ conditional: "it is masked" })).toBe("maybe");
    expect(answer({ conditional: true }, { members: [] })).toBe("maybe");
    expect(answer({ conditional: true, members: [] })).toBe("no");
    expect(answer({ secret: absent })).toBe("yes");
    expect(answer({ secret: absent, project: known("other") })).toBe("no");
    expect(answer({ secret: absent, project: settled(secretUrn) })).toBe("yes");
    expect(answer({ secret: absent, project: unknown("it is computed") })).toBe("maybe");
    expect(answer({ secret: settled(secretUrn) })).toBe("yes");
    expect(answer({ secret: settled("urn:another") })).toBe("maybe");
  });
});

describe("open to anybody", () => {
  const open = (...changes: Parameters<typeof grant>[1][]) =>
    openToAnybody(
      declaredSecret(),
      declared({ grants: changes.map((change) => grant("open", change)) }),
      stack(),
    );
  const anybody = { members: [known(`serviceAccount:${email}`), known("allUsers")] };
  test("by a grant to a public member, told by its name", () => {
    expect(open(anybody)).toMatchObject({ answer: "yes", member: "allUsers" });
    expect(open({ members: [known("allAuthenticatedUsers")] })).toMatchObject({
      member: "allAuthenticatedUsers",
    });
    expect(open({ ...anybody, conditional: true })).toMatchObject({ answer: "yes" });
    expect(open({ ...anybody, role: unknown("it is computed") })).toMatchObject({ answer: "maybe" });
    expect(open({ ...anybody, role: unknown("it is computed") }, anybody)).toMatchObject({ answer: "yes" });
  });
  test("not by any other", () => {
    expect(open()).toBeUndefined();
    expect(open({})).toBeUndefined();
    expect(open({ members: [settled(urn), unknown("it is masked")] })).toBeUndefined();
    expect(open({ ...anybody, role: known("roles/secretmanager.viewer") })).toBeUndefined();
    expect(open({ ...anybody, secret: known("another") })).toBeUndefined();
  });
});

describe("what another resource of the stack takes away", () => {
  const answer = (...grants: Declared["grants"]) =>
    mayAccess(service("auth"), declaredSecret(), declared({ grants }), stack());
  const others = { members: [known("serviceAccount:other@example.com")] };
  const onProject = { secret: absent };
  test("by a binding of the role, on the secret or on the project", () => {
    expect(answer(grant("auth"), grant("rest", { ...others, exclusive: "role" }))).toBe("maybe");
    expect(
      answer(grant("auth", onProject), grant("rest", { ...others, ...onProject, exclusive: "role" })),
    ).toBe("maybe");
  });
  test("but not on the project by a binding on the secret, nor the other way round", () => {
    expect(answer(grant("auth", onProject), grant("rest", { ...others, exclusive: "role" }))).toBe("yes");
    expect(answer(grant("auth"), grant("rest", { ...others, ...onProject, exclusive: "role" }))).toBe("yes");
  });
  test("by a binding whose condition is not shown, perhaps", () => {
    const hidden = { ...others, exclusive: "role" as const, conditional: "it is masked" };
    expect(answer(grant("auth"), grant("rest", hidden))).toBe("maybe");
    expect(answer(grant("auth", { conditional: "it is masked" }))).toBe("maybe");
  });
  test("a binding or a policy gives what it gives", () => {
    expect(answer(grant("auth", { exclusive: "role" }))).toBe("yes");
    const viewer = { ...others, role: known("roles/secretmanager.viewer") };
    const bindings = [{ members: grant("auth").members }, viewer];
    const [accessors, viewers] = bindings.map((one) => grant("policy", { ...one, exclusive: "all" }));
    if (accessors === undefined || viewers === undefined) throw new Error("there are two");
    expect(answer(accessors, viewers)).toBe("yes");
    expect(answer(grant("auth"), viewers, accessors)).toBe("yes");
    expect(answer(grant("auth"), viewers)).toBe("maybe");
  });
  test("what a condition may withhold gives nothing back", () => {
    const policy = (conditional: boolean | string) => grant("auth", { exclusive: "all", conditional });
    const answers = [false, true, "it is masked"].map((one) => answer(grant("auth"), policy(one)));
    expect(answers).toEqual(["yes", "maybe", "maybe"]);
  });
  test("a binding under a condition takes nothing from who has the role without one", () => {
    const binding = (conditional: boolean | string) =>
      grant("rest", { ...others, exclusive: "role", conditional });
    const answers = [false, true, "it is masked"].map((one) => answer(grant("auth"), binding(one)));
    expect(answers).toEqual(["maybe", "yes", "maybe"]);
  });
  test("a policy takes whatever its condition, and one without bindings too", () => {
    expect(answer(grant("auth"), grant("p", { ...others, exclusive: "all", conditional: true }))).toBe(
      "maybe",
    );
    expect(answer(grant("auth"), grant("p", { members: [], role: absent, exclusive: "all" }))).toBe("maybe");
  });
});

describe("members whom the configuration does not list", () => {
  const found = (members: Part[], change: Partial<Declared> = {}, runtime: Part = known(email)) =>
    strangers(
      declaredSecret(),
      [service("auth", { account: runtime })],
      declared({ accessors: ["user:listed@example.com"], grants: [grant("auth", { members })], ...change }),
      stack(),
    ).map(({ answer }) => answer);
  const accounts = [{ urn: "urn:other", email: unknown("not yet") }];

  test.each<[string, Part, string[]]>([
    ["a listed one, in any case", known("USER:listed@example.com"), []],
    ["the runtime account", known(`serviceAccount:${email}`), []],
    ["anybody, which is told apart", known("allUsers"), []],
    ["one that was deleted", known("deleted:user:someone@example.com"), []],
    ["a user", known("user:someone@example.com"), ["yes"]],
    ["a user whose name holds the word", known("user:deleted:someone@example.com"), ["yes"]],
    ["another account", known("serviceAccount:x@y.z"), ["yes"]],
    ["a principal set that names the account", known(`principal://x/serviceAccount:${email}`), ["yes"]],
    ["a member that is not known", unknown("it is masked"), ["maybe"]],
    ["an account of the stack without an e-mail", settled("urn:other"), ["maybe"]],
  ])("%s: %s", (_, member, answers) => expect(found([member], { accounts })).toEqual(answers));

  test("an account that may be the runtime account", () =>
    expect(found([known("serviceAccount:x@y.z")], {}, unknown("it is masked"))).toEqual(["maybe"]));
  test("the runtime account that is known by its resource alone", () =>
    expect(found([settled("urn:other")], { accounts }, settled("urn:other"))).toEqual([]));
  test("an account of the stack that no service runs as, whose e-mail is not known yet", () =>
    expect(found([settled("urn:other")], {}, settled("urn:auth"))).toEqual(["maybe"]));
  test("one that the documents do not both list", () =>
    expect(
      found([known("user:someone@example.com")], { disputedAccessors: ["user:someone@example.com"] }),
    ).toEqual(["maybe"]));
  test("nobody, where the list is not shown", () =>
    expect(
      strangers(
        declaredSecret(),
        [],
        declared({ grants: [grant("x", { members: [known("user:a@b.c")] })] }),
        stack(),
      ),
    ).toEqual([]));
});
