/** Which variable a container reads, and when nobody can tell. */
import { describe, expect, test } from "vitest";
import {
  container,
  file,
  fromSecret,
  hiddenService,
  literal,
  reference,
  service,
  staging,
  unknown,
  unseen,
} from "./baseline.ts";
import { effectiveReference, readings } from "./effective.ts";
import type { Container, Service, Variable } from "./facts.ts";

const environment = literal("ENVIRONMENT", "staging");
const [a, b] = [reference("a"), reference("b")];

const of = (containers: Container[], reads: string[] = []): Service => service("auth", { containers, reads });
const one = (...variables: Variable[]) => of([container(environment, ...variables)]);

/** The readings in short: the secret's name, "literal", or the reason. */
const read = (given: Service) =>
  readings(given, staging()).map((reading) => {
    if (reading.kind === "undecided") return reading.reason;
    if (reading.kind === "literal") return "literal";
    return `${reading.carried.name} = ${reading.reference.secret.kind === "known" ? reading.reference.secret.value : "?"}`;
  });
const effective = (given: Service) => {
  const found = effectiveReference(given, staging());
  return found?.secret.kind === "known" ? found.secret.value : undefined;
};

describe("with a known ENVIRONMENT", () => {
  test.each<[string, Variable[], string]>([
    [
      "the one named after it is first",
      [fromSecret("JWT_SECRET_KEY", a), fromSecret("JWT_SECRET_STAGING", b)],
      "JWT_SECRET_STAGING = b",
    ],
    [
      "then JWT_SECRET_KEY",
      [fromSecret("JWT_SECRET", a), fromSecret("JWT_SECRET_KEY", b)],
      "JWT_SECRET_KEY = b",
    ],
    [
      "then JWT_SECRET",
      [fromSecret("JWT_SECRET", a), fromSecret("JWT_SECRET_PRODUCTION", b)],
      "JWT_SECRET = a",
    ],
    ["a literal is a literal", [literal("JWT_SECRET_STAGING", "x"), fromSecret("JWT_SECRET", a)], "literal"],
    [
      "a masked one is not known",
      [unseen("JWT_SECRET"), fromSecret("JWT_SECRET_PRODUCTION", a)],
      "JWT_SECRET is not known: the document masks it",
    ],
    [
      "one name with two references is undecided",
      [fromSecret("JWT_SECRET", a), fromSecret("JWT_SECRET", b)],
      "JWT_SECRET is there more than once",
    ],
    [
      "one name with a reference and a literal is undecided",
      [fromSecret("JWT_SECRET", a), literal("JWT_SECRET", "x")],
      "JWT_SECRET is there more than once",
    ],
    [
      "one name with a literal and a reference is undecided",
      [literal("JWT_SECRET", "x"), fromSecret("JWT_SECRET", a)],
      "JWT_SECRET is there more than once",
    ],
    [
      "one name with two literals is a literal",
      [literal("JWT_SECRET", "x"), literal("JWT_SECRET", "y")],
      "literal",
    ],
    [
      "one name with one reference twice is that",
      [fromSecret("JWT_SECRET", a), fromSecret("JWT_SECRET", a)],
      "JWT_SECRET = a",
    ],
    [
      "only others' names are undecided",
      [fromSecret("JWT_SECRET_PRODUCTION", a), fromSecret("JWT_SECRET_TEST", a)],
      "it carries JWT_SECRET_PRODUCTION, JWT_SECRET_TEST, none of which it is known to read (JWT_SECRET_STAGING, JWT_SECRET_KEY, JWT_SECRET)",
    ],
    [
      "a variable outranks a mounted file",
      [file("/s/jwt-secret-staging", a), fromSecret("JWT_SECRET", b)],
      "JWT_SECRET = b",
    ],
    ["a file is read where there is no variable", [file("/s/jwt-secret-key", a)], "JWT_SECRET_KEY = a"],
    [
      "a file in a folder of another name counts by its own",
      [file("/jwt_secret/key/", a), file("/x/jwt.secret", b)],
      "JWT_SECRET = b",
    ],
  ])("%s", (_, variables, expected) => expect(read(one(...variables))).toEqual([expected]));
});

describe("without one", () => {
  test.each<[string, Variable[], string]>([
    [
      "JWT_SECRET_KEY is first",
      [fromSecret("JWT_SECRET", a), fromSecret("JWT_SECRET_KEY", b)],
      "JWT_SECRET_KEY = b",
    ],
    ["JWT_SECRET is read", [fromSecret("JWT_SECRET", a)], "JWT_SECRET = a"],
    [
      "JWT_SECRET twice is undecided",
      [fromSecret("JWT_SECRET", a), fromSecret("JWT_SECRET", b)],
      "JWT_SECRET is there more than once",
    ],
    [
      "a suffixed one that agrees is as good",
      [fromSecret("JWT_SECRET_STAGING", a), fromSecret("JWT_SECRET_KEY", a)],
      "JWT_SECRET_STAGING = a",
    ],
    [
      "a suffixed one that differs may be first or not",
      [fromSecret("JWT_SECRET_STAGING", a), fromSecret("JWT_SECRET_KEY", b)],
      "its ENVIRONMENT is absent, so whether it reads JWT_SECRET_STAGING first is not known",
    ],
    [
      "so may any of several",
      [fromSecret("JWT_SECRET_STAGING", a), fromSecret("JWT_SECRET_TEST", b), fromSecret("JWT_SECRET", a)],
      "its ENVIRONMENT is absent, so whether it reads JWT_SECRET_STAGING, JWT_SECRET_TEST first is not known",
    ],
  ])("%s", (_, variables, expected) => expect(read(of([container(...variables)]))).toEqual([expected]));

  test.each<[string, Variable[]]>([
    ["another of the service", [environment]],
    ["the environment checked", []],
  ])("a name of other environments than that of %s is undecided", (_, other) => {
    const sidecar = (name: string): Container => container(fromSecret(name, a));
    const reading = (name: string) => read(of([container(...other), sidecar(name)]));
    expect(reading("JWT_SECRET_PRODUCTION")).toEqual([
      "it carries JWT_SECRET_PRODUCTION, none of which it is known to read (JWT_SECRET_STAGING, JWT_SECRET_KEY, JWT_SECRET)",
    ]);
    expect(reading("JWT_SECRET_STAGING")).toEqual(["JWT_SECRET_STAGING = a"]);
    const both = container(fromSecret("JWT_SECRET_PRODUCTION", a), fromSecret("JWT_SECRET", a));
    expect(read(of([container(...other), both]))).toEqual(["JWT_SECRET_PRODUCTION = a"]);
  });

  test("where the other containers contradict each other, nothing is assumed", () => {
    const others = ["staging", "production"].map((text) => container(literal("ENVIRONMENT", text)));
    const sidecar = container(fromSecret("JWT_SECRET_PRODUCTION", a));
    expect(read(of([...others, sidecar]))).toEqual(["JWT_SECRET_PRODUCTION = a"]);
  });

  test("where it is there but not known, nothing is assumed", () => {
    const given = container(unseen("ENVIRONMENT"), fromSecret("JWT_SECRET_PRODUCTION", a));
    expect(read(of([container(environment), given]))).toEqual(["JWT_SECRET_PRODUCTION = a"]);
  });

  test("why it is not known is told", () => {
    const carries = [fromSecret("JWT_SECRET_STAGING", a), fromSecret("JWT_SECRET", b)];
    const told = (variable: Variable) => read(of([container(variable, ...carries)]))[0];
    expect(told(unseen("ENVIRONMENT", "it is masked"))).toContain("is not known (it is masked), so");
    expect(told(fromSecret("ENVIRONMENT"))).toContain("is not known (it comes from a secret), so");
    expect(told(literal("ENVIRONMENT", ""))).toContain("is empty, so");
  });
});

describe("what the service is said to read", () => {
  test("comes first, in order, by the variable's name or the file's path", () => {
    const carries = [
      fromSecret("KEY", a),
      fromSecret("JWT_SECRET_STAGING", b),
      file("/keys/own", reference("c")),
    ];
    const reads = (...names: string[]) => read(of([container(environment, ...carries)], names))[0];
    expect(reads()).toBe("JWT_SECRET_STAGING = b");
    expect(reads("KEY")).toBe("KEY = a");
    expect(reads("MISSING", "KEY")).toBe("KEY = a");
    expect(reads("JWT_SECRET_STAGING", "KEY")).toBe("JWT_SECRET_STAGING = b");
    expect(reads("/keys/own", "KEY")).toBe("OWN = c");
    expect(reads("OWN")).toBe("OWN = c");
  });
  test("twice, and differing, is undecided", () => {
    expect(read(of([container(environment, fromSecret("KEY", a), fromSecret("KEY", b))], ["KEY"]))).toEqual([
      "KEY is there more than once",
    ]);
  });
});

describe("the effective reference of a service", () => {
  const [first, second] = [
    container(environment, fromSecret("JWT_SECRET", a)),
    container(environment, fromSecret("JWT_SECRET", b)),
  ];
  test("is that of all its containers that carry one", () => {
    expect(effective(of([first]))).toBe("a");
    expect(effective(of([first, container(environment), first]))).toBe("a");
  });
  test("is none where containers differ, carry text or nothing, or are hidden", () => {
    const text = container(environment, literal("JWT_SECRET", "x"));
    const masked = container(environment, unseen("JWT_SECRET"));
    const nameless = container(environment, fromSecret("JWT_SECRET", reference(unknown("it is computed"))));
    for (const containers of [
      [first, second],
      [first, text],
      [text, first],
      [first, masked],
      [masked],
      [],
      [first, nameless],
    ]) {
      expect(effectiveReference(of(containers), staging())).toBeUndefined();
    }
    expect(effectiveReference(hiddenService("auth"), staging())).toBeUndefined();
    expect(read(hiddenService("auth"))).toEqual(["its containers are hidden: containers are masked"]);
  });
  test("a version more is another reference", () => {
    const other = container(environment, fromSecret("JWT_SECRET", reference("a", "2")));
    expect(effectiveReference(of([first, other]), staging())).toBeUndefined();
  });
});
