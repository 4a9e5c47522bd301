import { expect, test } from "vitest";
import { crc32c } from "./crc32c.ts";

test("gives the check value of the algorithm's catalogue, and another for another byte", () => {
  // https://reveng.sourceforge.io/crc-catalogue/17plus.htm#crc.cat.crc-32-iscsi
  expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
  expect(crc32c(Buffer.from("123456780"))).not.toBe(0xe3069283);
  expect(crc32c(new Uint8Array())).toBe(0);
});
