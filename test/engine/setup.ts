/** Finds or gets the engine once, before the first test needs it. */
import { findEngine } from "../../sandbox/engine/find.ts";
import { homeIn } from "../../sandbox/home.ts";

export async function setup(): Promise<void> {
  await findEngine({ keep: homeIn().engines });
}
