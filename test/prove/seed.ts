/** Where chance starts. */

/**
 * The seed of the tests, the same in every run, so that a test that fails fails for the change that broke it. New cases
 * are what `npm run prove` is for. `PROVE_SEED` takes another.
 */
export const fixedSeed = Number(process.env.PROVE_SEED ?? 20_250_822);

/** Any seed; small enough that adding chunks keeps it a 31-bit number. */
export function randomSeed(): number {
  return Math.floor(Math.random() * 1_000_000_000);
}
