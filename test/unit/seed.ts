/** One seed for everything that fast-check generates in the tests; `PROVE_SEED` takes another. */
import fc from "fast-check";
import { fixedSeed } from "../prove/seed.ts";

fc.configureGlobal({ seed: Number(process.env.PROVE_SEED ?? fixedSeed) });
