import { expect, onTestFinished, test } from "vitest";
import { startInstance } from "./instance.ts";
import { Pool } from "./pool.ts";
import { fileOf } from "./program.ts";

/** A pool whose instances start once they are let. */
function gated(): { pool: Pool; open: () => void } {
  const gate = Promise.withResolvers<void>();
  const pool = new Pool("r", async () => {
    await gate.promise;
    return await startInstance({ revision: "r", file: fileOf("hello"), env: {}, log: () => {} });
  });
  onTestFinished(() => pool.close());
  return { pool, open: gate.resolve };
}

test("a pool that serves again while it drains keeps the instance that was starting", async () => {
  const { pool, open } = gated();
  const lease = pool.lease();
  const drained = pool.drain();
  const served = pool.serve();
  open();
  await Promise.all([drained, served]);
  expect(pool.instances).toEqual([(await lease).instance]);
  expect(pool.leaving).toEqual([]);
});

test("a pool is in use while an instance starts for a request, though it serves no more", async () => {
  const { pool, open } = gated();
  expect(pool.unused).toBe(true);
  const lease = pool.lease();
  expect(pool.unused).toBe(false);
  open();
  (await lease).release();
  await pool.drain();
  expect(pool.unused).toBe(true);
});

test("a pool that is closed starts nothing more", async () => {
  const { pool, open } = gated();
  open();
  await pool.close();
  await expect(pool.serve()).rejects.toThrow("is ending");
  await expect(pool.lease()).rejects.toThrow("is ending");
});
