/** Where chance starts. */

/**
 * The seed of the tests, the same in every run, so that a test that fails fails for the change that broke it. New cases
 * are what `npm run prove` is for. `PROVE_SEED` takes another.
 */
export const fixedSeed = 20_250_822;
