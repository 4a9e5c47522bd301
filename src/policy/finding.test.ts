/** A finding points at the last service it concerns: the variable's line within the service's file and resource. */
import { describe, expect, test } from "vitest";
import { fromSecret, hiddenService, service, staging } from "./baseline.ts";
import { hidden, judged, judgedForBoth, notApplicable, placeOf, undetermined, violation } from "./finding.ts";
import type { Carried } from "./variables.ts";

const said = { message: "It is so.", fix: "Mend it." };
const auth = service("auth", { location: { file: "auth.json", line: 3 } });
const backend = service("backend", { location: { file: "backend.json", urn: "urn:backend" } });
const at = (location: Carried["variable"]["location"]): Pick<Carried, "variable"> => ({
  variable: { ...fromSecret("JWT_SECRET"), ...(location === undefined ? {} : { location }) },
});

describe("the place", () => {
  test("of a service is its own", () => {
    expect(placeOf(auth)).toEqual({ file: "auth.json", line: 3 });
  });
  test("of a variable is its line in the service's file", () => {
    expect(placeOf(auth, at({ line: 9 }))).toEqual({ file: "auth.json", line: 9 });
    expect(placeOf(backend, at({ sourcePosition: "project:///index.ts#1,1" }))).toEqual({
      file: "backend.json",
      urn: "urn:backend",
      sourcePosition: "project:///index.ts#1,1",
    });
    expect(placeOf(auth, at(undefined))).toEqual({ file: "auth.json", line: 3 });
  });
});

describe("a finding", () => {
  test("has the verdict of its maker, and the place of the last service", () => {
    expect(violation("rule", { ...said, services: [auth, backend] })).toEqual({
      rule: "rule",
      verdict: "violation",
      ...said,
      services: ["auth", "backend"],
      location: { file: "backend.json", urn: "urn:backend" },
    });
    expect(undetermined("rule", { ...said, services: [backend, auth], at: at({ line: 9 }) })).toMatchObject({
      verdict: "undetermined",
      services: ["backend", "auth"],
      location: { file: "auth.json", line: 9 },
    });
  });
  test("of one service has the place of that one", () => {
    expect(violation("rule", { ...said, services: [auth] }).location).toEqual({ file: "auth.json", line: 3 });
  });
  test("names a service once", () => {
    expect(violation("rule", { ...said, services: [auth, auth] }).services).toEqual(["auth"]);
  });
  test("has no place where there is none", () => {
    expect(violation("rule", { ...said, services: [] })).not.toHaveProperty("location");
    const nowhere = service("auth", { location: {} });
    expect(violation("rule", { ...said, services: [nowhere] })).not.toHaveProperty("location");
  });
});

test("a finding has a cause where it is given one", () => {
  expect(violation("rule", { ...said, services: [auth], cause: "The document hides it" }).cause).toBe(
    "The document hides it",
  );
  expect(violation("rule", { ...said, services: [auth] })).not.toHaveProperty("cause");
});

test("a hidden service is undetermined, a visible one is nothing", () => {
  expect(hidden("rule", auth, "it")).toBeUndefined();
  expect(hidden("rule", hiddenService("auth"), "whether it holds")).toMatchObject({
    rule: "rule",
    verdict: "undetermined",
    services: ["auth"],
    message:
      "The document hides the containers of auth (containers are masked), so whether it holds cannot be told.",
    fix: "Check a document that shows the containers of auth, such as the live service.",
  });
});

describe("a judgement", () => {
  const finding = violation("rule", { ...said, services: [auth] });
  test("for both services holds only where both are known", () => {
    expect(judgedForBoth([], staging())).toEqual(judged([]));
    expect(judgedForBoth([], staging({ services: [service("auth")] }))).toEqual(
      notApplicable("there is not exactly one backend"),
    );
    expect(judgedForBoth([], staging({ services: [] }))).toEqual(
      notApplicable("there is not exactly one auth and one backend"),
    );
  });
  test("with findings is told in any case", () => {
    expect(judgedForBoth([finding], staging({ services: [] }))).toEqual({
      applicable: true,
      findings: [finding],
    });
  });
});
