import { expect, test } from "vitest";
import { readClaims } from "./claims.ts";
import { readDuration } from "./duration.ts";

test("claims are text, or JSON after :=", () => {
  expect(readClaims(["a=1", "b:=1", 'c:=["x","y"]', "d=x=y", "e=", "f:=null"])).toEqual({
    a: "1",
    b: 1,
    c: ["x", "y"],
    d: "x=y",
    e: "",
    f: null,
  });
  expect(Object.keys(readClaims(["__proto__=x"]))).toEqual(["__proto__"]);
});

test.each(["admin", "=x", "a:=b", "sub=x", "exp:=1", "iat=1", "nbf=1", "jti=1"])(
  "%s is refused",
  (written) => {
    expect(() => readClaims([written])).toThrow();
  },
);

test("a claim is given once", () => {
  expect(() => readClaims(["a=1", "a:=1"])).toThrow("gives a twice");
});

test("spans of time", () => {
  expect(["90", "90s", "15m", "2h", "0s"].map(readDuration)).toEqual([90, 90, 900, 7200, 0]);
  expect(["", "m", "1d", "-1s", "1.5m", "1 m", "9999999999"].map(readDuration)).toEqual(
    Array(7).fill(undefined),
  );
});
