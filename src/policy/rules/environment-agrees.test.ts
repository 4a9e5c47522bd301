import { expect, test } from "vitest";
import {
  absent,
  container,
  declaredSecret,
  findingsOf,
  fromSecret,
  hiddenService,
  known,
  literal,
  only,
  reference,
  service,
  stack,
  staging,
  unknown,
  unseen,
  verdictOf,
} from "../baseline.ts";
import type { Environment, Service, Variable } from "../facts.ts";
import { environmentAgrees as rule } from "./environment-agrees.ts";

const key = fromSecret("JWT_SECRET_KEY");
const named = (label: string, ...environment: Variable[]): Service =>
  service(label, { containers: [container(...environment, key)] });
const of = (auth: Service, change: Partial<Environment> = {}): Environment =>
  staging({ services: [auth, service("backend")], ...change });

test("ENVIRONMENT equal on both and the one checked holds", () => {
  expect(verdictOf(rule, staging())).toBe("holds");
});

test.each([
  ["no", []],
  ["an empty", [literal("ENVIRONMENT", "")]],
])("%s ENVIRONMENT is a violation", (has, environment) => {
  const finding = only(rule, of(named("auth", ...environment)));
  expect(finding).toMatchObject({ rule: "environment-agrees", verdict: "violation", services: ["auth"] });
  expect(finding.message).toContain(`auth has ${has} ENVIRONMENT`);
});

test.each([
  ["a secret", fromSecret("ENVIRONMENT"), "it comes from a secret"],
  ["a masked value", unseen("ENVIRONMENT", "it is masked"), "it is masked"],
  ["a text not kept", literal("ENVIRONMENT"), "its text is not kept"],
])("%s is undetermined", (_what, variable, reason) => {
  const finding = only(rule, of(named("auth", variable)));
  expect(finding).toMatchObject({ verdict: "undetermined", services: ["auth"] });
  expect(finding.message).toContain(`(${reason})`);
});

test("two values in one container are undetermined, one value twice is not", () => {
  const [one, two] = [literal("ENVIRONMENT", "staging"), literal("ENVIRONMENT", "production")];
  expect(verdictOf(rule, of(named("auth", one, two)))).toBe("undetermined");
  expect(verdictOf(rule, of(named("auth", one, one)))).toBe("holds");
});

test("another environment than the one checked is a violation", () => {
  const finding = only(rule, of(named("auth", literal("ENVIRONMENT", "production"))));
  expect(finding).toMatchObject({ verdict: "violation", services: ["auth"] });
  expect(finding.message).toContain(
    "The environment checked is staging, but auth has ENVIRONMENT=production",
  );
  expect(findingsOf(rule, staging({ name: "production" }))).toHaveLength(2);
});

test("where nothing tells the environment checked, the two services must still be equal", () => {
  const { name: _name, ...nameless } = of(named("auth", literal("ENVIRONMENT", "production")));
  const finding = only(rule, nameless);
  expect(finding.services).toEqual(["auth", "backend"]);
  expect(finding.message).toContain("auth has ENVIRONMENT=production, but backend has ENVIRONMENT=staging");
  const { name: _other, ...equal } = staging();
  expect(verdictOf(rule, equal)).toBe("holds");
});

test("letters count as they are written", () => {
  expect(verdictOf(rule, of(named("auth", literal("ENVIRONMENT", "Staging"))))).toBe("violation");
});

test("it is enough that one container has an ENVIRONMENT, whichever reads the key", () => {
  const said = container(literal("ENVIRONMENT", "staging"));
  for (const containers of [
    [container(literal("PORT")), container(literal("ENVIRONMENT", "staging"), key)],
    [said, container(key)],
    [container(key), said],
  ]) {
    expect(verdictOf(rule, of(service("auth", { containers })))).toBe("holds");
  }
});

test("containers of one service that contradict each other are a violation", () => {
  const containers = ["staging", "production"].map((text) => container(literal("ENVIRONMENT", text)));
  expect(only(rule, of(service("auth", { containers }))).message).toContain(
    "auth has ENVIRONMENT=production",
  );
  const empty = [container(literal("ENVIRONMENT", "staging"), key), container(literal("ENVIRONMENT", ""))];
  expect(only(rule, of(service("auth", { containers: empty }))).message).toContain("auth has an empty");
});

test("an empty one and one that is not known are told of apart, one that is there twice once", () => {
  const containers = [literal("ENVIRONMENT", ""), unseen("ENVIRONMENT"), unseen("ENVIRONMENT")].map((one) =>
    container(one),
  );
  expect(findingsOf(rule, of(service("auth", { containers }))).map(({ verdict }) => verdict)).toEqual([
    "violation",
    "undetermined",
  ]);
});

test("a service without a key has an ENVIRONMENT all the same", () => {
  const keyless = service("auth", {
    containers: [container(literal("PORT")), container(literal("ENVIRONMENT", "staging"))],
  });
  expect(verdictOf(rule, of(keyless))).toBe("holds");
  expect(verdictOf(rule, of(service("auth", { containers: [] })))).toBe("violation");
  expect(verdictOf(rule, of(service("auth", { containers: [container(literal("PORT"))] })))).toBe(
    "violation",
  );
});

test("containers that say the same wrong thing are told once", () => {
  const wrong = container(literal("ENVIRONMENT", "production"), key);
  expect(findingsOf(rule, of(service("auth", { containers: [wrong, wrong] })))).toHaveLength(1);
});

test("a further service that carries a JWT variable is held to it, where it has an ENVIRONMENT", () => {
  const services = [service("auth"), service("backend")];
  expect(
    only(rule, staging({ services: [...services, named("worker", literal("ENVIRONMENT", "production"))] }))
      .services,
  ).toEqual(["worker"]);
  expect(verdictOf(rule, staging({ services: [...services, service("worker", { containers: [] })] }))).toBe(
    "holds",
  );
  expect(verdictOf(rule, staging({ services: [...services, named("worker")] }))).toBe("holds");
});

test("a secret labelled for another environment is a violation", () => {
  const finding = only(
    rule,
    stack(
      {
        services: [
          service("auth"),
          service("backend", {
            containers: [
              container(literal("ENVIRONMENT", "staging"), fromSecret("JWT_SECRET_KEY", reference("other"))),
            ],
          }),
        ],
      },
      { secrets: [declaredSecret({ environment: known("production") })] },
    ),
  );
  expect(finding).toMatchObject({ verdict: "violation", services: ["auth"] });
  expect(finding.message).toContain(
    "auth of staging reads netra-staging/jwt-secret-staging, which is labelled environment=production",
  );
});

test.each([
  ["no label", absent],
  ["a label not shown", unknown("computed")],
  ["a label in the letters a label may have", known("staging")],
])("%s does not contradict", (_what, environment) => {
  expect(verdictOf(rule, stack({}, { secrets: [declaredSecret({ environment })] }))).toBe("holds");
});

test("the previous key's secret has a label too", () => {
  const other = declaredSecret({
    urn: "urn:old",
    secret: known("jwt-secret-old"),
    environment: known("production"),
  });
  const previous = fromSecret("JWT_SECRET_PREVIOUS", reference("jwt-secret-old"));
  const services = [
    named("auth", literal("ENVIRONMENT", "staging"), previous),
    named("backend", literal("ENVIRONMENT", "staging")),
  ];
  expect(only(rule, stack({ services }, { secrets: [declaredSecret(), other] })).message).toContain(
    "auth of staging reads netra-staging/jwt-secret-old, which is labelled environment=production",
  );
});

test("a label spells Pre.Prod as pre-prod", () => {
  const services = ["auth", "backend"].map((label) => named(label, literal("ENVIRONMENT", "Pre.Prod")));
  const environment = stack(
    { name: "Pre.Prod", services },
    { secrets: [declaredSecret({ environment: known("pre-prod") })] },
  );
  expect(verdictOf(rule, environment)).toBe("holds");
});

test("without a name for the environment, the label is held against ENVIRONMENT", () => {
  const { name: _name, ...nameless } = stack(
    {},
    { secrets: [declaredSecret({ environment: known("production") })] },
  );
  expect(verdictOf(rule, nameless)).toBe("violation");
});

test("hidden containers are undetermined; a missing role leaves it open", () => {
  expect(verdictOf(rule, of(hiddenService("auth")))).toBe("undetermined");
  expect(verdictOf(rule, staging({ services: [service("auth")] }))).toBe("not applicable");
  expect(verdictOf(rule, staging({ services: [named("auth")] }))).toBe("violation");
});

test("a label of another name is no spelling of this one, however alike they are", () => {
  const labelled = (name: string, label: string) => {
    const services = ["auth", "backend"].map((one) => named(one, literal("ENVIRONMENT", name)));
    return stack({ name, services }, { secrets: [declaredSecret({ environment: known(label) })] });
  };
  expect(verdictOf(rule, labelled("staging", "testing"))).toBe("violation");
  expect(verdictOf(rule, labelled("pre-prod", "preprod"))).toBe("violation");
  expect(verdictOf(rule, labelled("Staging", "staging"))).toBe("holds");
});

test("the container that says the environment speaks for those that read nothing", () => {
  const idle = container(fromSecret("DATABASE_URL"));
  const auth = service("auth", { containers: [idle, container(literal("ENVIRONMENT", "staging"))] });
  expect(verdictOf(rule, of(auth))).toBe("holds");
  expect(verdictOf(rule, of(service("auth", { containers: [idle, idle] })))).toBe("violation");
});

test("a label is not held against an environment that nobody knows", () => {
  const unnamed = ["auth", "backend"].map((label) => named(label, fromSecret("ENVIRONMENT")));
  const { name: _name, ...nameless } = stack({ services: unnamed }, {});
  expect(verdictOf(rule, nameless)).toBe("undetermined");
});

test("a label is held against the first ENVIRONMENT that is known", () => {
  const auth = service("auth", {
    containers: [
      container(fromSecret("ENVIRONMENT")),
      container(literal("ENVIRONMENT", "staging"), fromSecret("JWT_SECRET_KEY")),
    ],
  });
  const { name: _name, ...nameless } = stack(
    { services: [auth, service("backend")] },
    { secrets: [declaredSecret({ environment: known("production") })] },
  );
  const wrong = findingsOf(rule, nameless).filter(({ verdict }) => verdict === "violation");
  expect(wrong.map(({ services }) => services)).toEqual([["auth"], ["backend"]]);
});
