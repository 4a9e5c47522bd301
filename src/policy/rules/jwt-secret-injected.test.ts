import { describe, expect, test } from "vitest";
import {
  carrying,
  container,
  file,
  fromSecret,
  hiddenService,
  known,
  literal,
  only,
  service,
  staging,
  unseen,
  verdictOf,
} from "../baseline.ts";
import type { Container, Variable } from "../facts.ts";
import { jwtSecretInjected as rule } from "./jwt-secret-injected.ts";

const backend = service("backend");

test("a JWT variable on each service holds", () => {
  expect(verdictOf(rule, staging())).toBe("holds");
});

test.each([
  ["auth", "sign with a default"],
  ["backend", "verify with a default"],
])("%s without a JWT variable is a violation", (label, consequence) => {
  const other = service(label === "auth" ? "backend" : "auth");
  const finding = only(rule, staging({ services: [carrying(label, literal("PORT")), other] }));
  expect(finding).toMatchObject({ rule: "jwt-secret-injected", verdict: "violation", services: [label] });
  expect(finding.message).toContain(`${label} carries no JWT variable: it will ${consequence}`);
  expect(finding.fix).toContain(`--reads ${label}=NAME`);
});

test.each(["JWT_SECRET_PREVIOUS", "JWT_SECRET_FINGERPRINT", "JWT_SECRET_", "JWT_SECRETS", "MY_JWT_SECRET"])(
  "%s does not count",
  (name) => {
    expect(verdictOf(rule, staging({ services: [carrying("auth", literal(name)), backend] }))).toBe(
      "violation",
    );
  },
);

test.each(["JWT_SECRET", "JWT_SECRET_KEY", "JWT_SECRET_PRODUCTION"])(
  "%s counts, whatever it carries",
  (name) => {
    expect(verdictOf(rule, staging({ services: [carrying("auth", unseen(name)), backend] }))).toBe("holds");
  },
);

test("a variable that the service is said to read counts", () => {
  const auth = { ...carrying("auth", literal("SIGNING_KEY")), reads: ["SIGNING_KEY"] };
  expect(verdictOf(rule, staging({ services: [auth, backend] }))).toBe("holds");
});

test("a mounted file that stands for a JWT variable counts", () => {
  expect(
    verdictOf(rule, staging({ services: [carrying("auth", file("/secrets/jwt-secret.key")), backend] })),
  ).toBe("holds");
  expect(verdictOf(rule, staging({ services: [carrying("auth", file("/jwt-secret/value")), backend] }))).toBe(
    "violation",
  );
});

test("hidden containers are undetermined, with the reason", () => {
  const finding = only(rule, staging({ services: [hiddenService("auth"), backend] }));
  expect(finding).toMatchObject({ verdict: "undetermined", services: ["auth"] });
  expect(finding.message).toContain("hides the containers of auth (containers are masked)");
});

describe("init containers", () => {
  const init = (...given: Variable[]): Container => ({ ...container(...given), init: true });
  const environment = literal("ENVIRONMENT", "staging");
  const auth = (...containers: Container[]) => service("auth", { containers });

  test("that alone carry it are undetermined: they may hand it on, or not", () => {
    const alone = auth(container(environment), init(fromSecret("JWT_SECRET_KEY"), fromSecret("JWT_SECRET")));
    const finding = only(rule, staging({ services: [alone, backend] }));
    expect(finding).toMatchObject({ verdict: "undetermined", services: ["auth"] });
    expect(finding.message).toBe(
      "auth carries JWT_SECRET_KEY and JWT_SECRET in init containers alone: whether the container that serves gets the key from them cannot be told.",
    );
    expect(finding.fix).toContain("--reads auth=NAME");
    const line = { ...fromSecret("JWT_SECRET_KEY"), location: { line: 7 } };
    const placed = auth(container(environment), init(line));
    expect(only(rule, staging({ services: [placed, backend] })).location).toMatchObject({ line: 7 });
  });
  test("beside a container that carries it do not matter", () => {
    const key = fromSecret("JWT_SECRET_KEY");
    const both = auth(container(environment, key), init(key));
    expect(verdictOf(rule, staging({ services: [both, backend] }))).toBe("holds");
    const sidecar = auth(container(environment), container(key), init());
    expect(verdictOf(rule, staging({ services: [sidecar, backend] }))).toBe("holds");
  });
  test("that carry none leave a violation", () => {
    const none = auth(container(environment), init(literal("PORT")));
    expect(verdictOf(rule, staging({ services: [none, backend] }))).toBe("violation");
  });
  test("of one of several candidates leave it to the rule that there are several", () => {
    const alone = auth(container(environment), init(fromSecret("JWT_SECRET_KEY")));
    const other = service("auth", { name: known("auth-two"), label: "auth-two", containers: [] });
    expect(verdictOf(rule, staging({ services: [alone, other, backend] }))).toBe("not applicable");
  });
});

test("further services need none", () => {
  expect(verdictOf(rule, staging({ services: [service("auth"), backend, carrying("worker")] }))).toBe(
    "holds",
  );
});

test("several candidates of which none carries one are a violation, whichever is meant", () => {
  const one = service("auth", { containers: [] });
  const two = service("auth", { name: known("auth-two"), label: "auth-two", containers: [] });
  const finding = only(rule, staging({ services: [one, two, backend] }));
  expect(finding).toMatchObject({ verdict: "violation", services: ["auth", "auth-two"] });
  expect(finding.message).toBe(
    "auth and auth-two may each be auth, and none carries a JWT variable: whichever it is will sign with a default or fail to start.",
  );
  expect(verdictOf(rule, staging({ services: [one, hiddenService("auth"), backend] }))).toBe(
    "not applicable",
  );
});

test("a role that nobody or more than one is known to fill is left to services-present", () => {
  expect(verdictOf(rule, staging({ services: [] }))).toBe("not applicable");
  expect(verdictOf(rule, staging({ services: [backend] }))).toBe("not applicable");
  const two = service("auth", { name: known("auth-two"), containers: [] });
  expect(verdictOf(rule, staging({ services: [service("auth"), two, backend] }))).toBe("not applicable");
});

test("where several may be in a role, a hidden one may carry it: another rule says that there are several", () => {
  const services = [hiddenService("auth"), service("auth", { name: known("other") }), backend];
  expect(verdictOf(rule, staging({ services }))).toBe("not applicable");
});
