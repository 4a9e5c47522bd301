import { expect, test } from "vitest";
import { parseUrn } from "./urn.ts";

test("a URN says stack, program, parents, type and name", () => {
  expect(parseUrn("urn:pulumi:staging::jwt-secret::a:b:C$d:e:F$g:h:I::name")).toEqual({
    urn: "urn:pulumi:staging::jwt-secret::a:b:C$d:e:F$g:h:I::name",
    stack: "staging",
    program: "jwt-secret",
    parents: ["a:b:C", "d:e:F"],
    type: "g:h:I",
    logicalName: "name",
  });
});

test("a name may hold what parts the others, or be empty", () => {
  expect(parseUrn("urn:pulumi:s::p::t::a::b$c")).toMatchObject({
    type: "t",
    parents: [],
    logicalName: "a::b$c",
  });
  expect(parseUrn("urn:pulumi:s::p::t::")).toMatchObject({ type: "t", logicalName: "" });
  expect(parseUrn("urn:pulumi:s::::t::n")).toMatchObject({ program: "", type: "t", logicalName: "n" });
});

test.each([
  "",
  "urn:pulumi:",
  "urn:pulumi:s",
  "urn:pulumi:s:",
  "urn:pulumi:s::",
  "urn:pulumi:s::p",
  "urn:pulumi:s::p::t",
  "urn:pulumi:s:p::t::n",
  "urn:pulumi:::p::t::n",
  "urn:other:s::p::t::n",
  "xurn:pulumi:s::p::t::n",
])("%j is none", (text) => expect(parseUrn(text)).toBeUndefined());
