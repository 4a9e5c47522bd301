/** The rotation as this project does it, and the usual ways to get it wrong, each under the same load. */
import { fileURLToPath } from "node:url";
import { Bed, type BedOptions } from "./bed.ts";
import { type Load, startLoad } from "./load.ts";
import { configureFor, deploy, expectCode, rotateUnderLoad } from "./steps.ts";
import type { Result } from "./tally.ts";

export interface WayOptions {
  /** Seconds a token lives. */
  readonly lifetime: number;
  /** Tokens signed per second, at most. */
  readonly rate: number;
  /** Told what happens. */
  readonly say: (line: string) => void;
}

/** A way to rotate, with what is to be expected of it. */
export interface Way {
  readonly name: string;
  /** One line, for the documentation. */
  readonly title: string;
  /** Whether tokens must be refused for it to be what it is called. */
  readonly refuses: boolean;
  run(options: WayOptions & { readonly checks: number }): Promise<Result>;
}

/** Deploys a bed, runs a load on it, and removes it whatever happens. */
async function underLoad(
  bed: BedOptions,
  { lifetime, rate }: WayOptions,
  policyPack: boolean,
  work: (bed: Bed, load: Load) => Promise<void>,
): Promise<Result> {
  const made = new Bed(bed);
  try {
    expectCode(await made.up({ policyPack }), "the first pulumi up", 0, ...(policyPack ? [] : [1]));
    const load = await startLoad({ ...made.addresses(), lifetime, rate });
    // Long enough that tokens of every age are there.
    await load.during(lifetime);
    await work(made, load);
    return await load.stop();
  } finally {
    await made.remove();
  }
}

/** The program of people who wire it by hand. */
const byHand = fileURLToPath(new URL("wrong", import.meta.url));

const right: Way = {
  name: "jwt-secret rotate",
  title: "backend accepts both keys, then auth signs with the new one, and the old one goes last",
  refuses: false,
  run: (options) =>
    underLoad({ configure: configureFor(options.lifetime) }, options, true, async (bed, load) => {
      await rotateUnderLoad(bed, load, options);
      await load.during(options.lifetime + 1);
      const left = options.checks - load.total.all;
      if (left > 0) await load.more(left);
    }),
};

const swapped: Way = {
  name: "one version swapped",
  title: "the pinned number is raised in both services in one update, and nothing else",
  refuses: true,
  run: (options) =>
    underLoad({ configure: configureFor(options.lifetime) }, options, true, async (bed, load) => {
      bed.configure((config) => {
        config["jwt-secret:secret"] = { source: "generated", current: 2 };
      });
      options.say("the version is swapped in both services");
      await deploy(bed, load, "swap");
      await load.during(options.lifetime + 1);
    }),
};

const latest: Way = {
  name: "`latest` on both",
  title: "both services reference `latest`; a version is added, and instances come",
  refuses: true,
  run: (options) => {
    const configure = (config: Record<string, unknown>) => {
      config["rotation:current"] = 1;
      config["rotation:version"] = "latest";
    };
    return underLoad({ program: byHand, configure }, options, false, async (bed, load) => {
      bed.configure((config) => {
        config["rotation:current"] = 2;
        config["rotation:previous"] = 1;
      });
      options.say("a version is added");
      load.mark("version added");
      expectCode(await bed.up({ policyPack: false }), "pulumi up", 0, 1);
      await load.during(2);
      options.say("instances come, as when there is more to do");
      load.mark("scale-out");
      await Promise.all([bed.scale("backend", 2), bed.scale("auth", 2)]);
      await load.during(options.lifetime + 1);
    });
  },
};

const authFirst: Way = {
  name: "auth first",
  title: "both keys go to both services, and auth is updated before backend",
  refuses: true,
  run: (options) => {
    const configure = (config: Record<string, unknown>) => {
      config["rotation:current"] = 1;
      config["rotation:first"] = "auth";
    };
    return underLoad({ program: byHand, configure }, options, false, async (bed, load) => {
      bed.configure((config) => {
        config["rotation:current"] = 2;
        config["rotation:previous"] = 1;
      });
      options.say("auth is updated, then backend");
      load.mark("start");
      expectCode(await bed.up({ policyPack: false }), "pulumi up", 0, 1);
      await load.during(options.lifetime + 1);
    });
  },
};

/** The right way first. */
export const ways: readonly Way[] = [right, swapped, latest, authFirst];

/** What is wrong with a result, in a sentence; undefined when it is as it must be. */
export function problemOf(
  { name, refuses }: Way,
  { total, cut, pairs }: Result,
  checks: number,
): string | undefined {
  const all = total.accepted + total.refused + total.failed;
  if (refuses)
    return total.refused > 0 ? undefined : `${name}: no token of ${all} was refused, so it shows nothing`;
  if (total.refused > 0) return `${name}: ${total.refused} of ${all} tokens were refused`;
  if (total.failed > 0) return `${name}: ${total.failed} of ${all} checks got no answer about the token`;
  if (cut > 0) return `${name}: ${cut} open WebSockets were cut`;
  if (all < checks) return `${name}: only ${all} tokens were checked, of ${checks}`;
  // Old tokens at a new backend: otherwise nothing was rotated under load.
  const revisions = new Set(pairs.map(({ signedBy }) => signedBy));
  const overlaps = pairs.some(
    ({ signedBy, checkedBy }) => /-00001-/u.test(signedBy) && !/-00001-/u.test(checkedBy),
  );
  if (revisions.size < 2 || !overlaps) return `${name}: the load did not see the rotation`;
  return undefined;
}
