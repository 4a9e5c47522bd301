import { createHash, randomBytes, randomInt } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { weakness } from "./strength.ts";

const random = (bytes = 48) => randomBytes(bytes).toString("base64url");

test("a random key is accepted in every usual encoding", () => {
  const base32 = (bytes: number) =>
    Array.from(
      { length: Math.ceil((bytes * 8) / 5) },
      () => "abcdefghijklmnopqrstuvwxyz234567"[randomInt(32)],
    ).join("");
  const letters = (length: number) =>
    Array.from({ length }, () => String.fromCharCode(97 + randomInt(26))).join("");
  const encodings = [
    () => randomBytes(32).toString("hex"),
    () => randomBytes(32).toString("base64"),
    () => randomBytes(32).toString("base64url"),
    () => randomBytes(64).toString("base64"),
    () => base32(32),
    () => letters(64),
    () => crypto.randomUUID() + crypto.randomUUID(),
  ];
  for (const encode of encodings) {
    const refused = Array.from({ length: 500 }, encode).filter((key) => weakness(key) !== undefined);
    // A random key can look like a word by chance, about once in 10,000.
    expect(refused.length).toBeLessThanOrEqual(2);
  }
});

test("32 bytes are enough and 31 are not, counted in UTF-8", () => {
  const key = randomBytes(16).toString("hex");
  expect(weakness(key)).toBeUndefined();
  expect(weakness(key.slice(1))).toBe("is 31 bytes long, and HS256 needs at least 32");
  expect(weakness("äöüßéèêñçõãåøæœž")).toBeUndefined();
});

test("white space around a key is refused, and so is a line break inside", () => {
  expect(weakness(`${random()}\n`)).toMatch(/white space/);
  expect(weakness(` ${random()}`)).toMatch(/white space/);
  expect(weakness(`${random()}\n${random()}`)).toMatch(/line break/);
});

test("a key that has been public is refused, and the check is on its hash", () => {
  const development = ["development", "jwt", "secret", "minimum", "32", "characters", "long"].join("-");
  expect(createHash("sha256").update(development).digest("hex")).toMatch(/^6f172220/);
  expect(weakness(development)).toBe("has been public in a repository and is burnt");
});

test("patterns are refused", () => {
  expect(weakness("x".repeat(64))).toMatch(/fewer than 8 different/);
  expect(weakness("Kq7vXw2p9RtB".repeat(4))).toBe("is a repetition");
  expect(weakness("bcdefghijklmnopqrstuvwxyz0123456789")).toMatch(/alphabet/);
});

test("phrases are refused, separated or joined", () => {
  expect(weakness("correct horse battery staple and some more")).toBe("reads like a phrase");
  expect(weakness("Our-Very-Own-Signing-Key-For-Tokens-2025")).toBe("reads like a phrase");
  expect(weakness("correcthorsebatterystapleandsomemore")).toBe("reads like a phrase");
  expect(weakness("CorrectHorseBatteryStapleAndSomeMore1")).toBe("reads like a phrase");
  expect(weakness(`MySuperSecretKey${randomBytes(12).toString("hex")}`)).toMatch(/word that people put/);
});

test("no message holds four characters of the value", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 4, maxLength: 80, unit: fc.constantFrom(..."QXZJ#%&~^") }),
      (value) => {
        const text = weakness(value) ?? "";
        for (let i = 0; i + 4 <= value.length; i++) expect(text).not.toContain(value.slice(i, i + 4));
      },
    ),
  );
});
