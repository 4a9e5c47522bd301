/** What becomes of the services once `npm start` has deployed: they stay with it, without it, or end with it. */
import { Failure } from "./failure.ts";
import { print } from "./print.ts";
import type { Services } from "./session.ts";
import type { Settings } from "./settings.ts";

/** A terminal has somebody who can press Ctrl-C; anything else must not hang. `CI` says so even on a terminal. */
export function staysBy(
  { detach, stay }: Pick<Settings, "detach" | "stay">,
  { terminal, ci }: { terminal: boolean; ci: boolean },
): "stay" | "detach" | "end" {
  if (detach) return "detach";
  return stay || (terminal && !ci) ? "stay" : "end";
}

/** Lets the services run as long as they should. The sandbox's lock is free meanwhile. */
export async function keep({ control, startedHere }: Services, settings: Settings): Promise<void> {
  const terminal = process.stdout.isTTY === true;
  const how = staysBy(settings, { terminal, ci: Boolean(process.env.CI) });
  print();
  if (how === "detach") {
    await control.detach();
    print(`The services run on (process ${control.pid}). End them with: npm run stop`);
  } else if (how === "stay") {
    await stay(control);
  } else if (startedHere) {
    await control.stop();
    print(
      "The services are ended again, as nobody is at a terminal: --detach leaves them running, --stay waits.",
    );
  } else {
    print(`The services run on (process ${control.pid}), as they did before.`);
  }
}

async function stay(control: Services["control"]): Promise<void> {
  const { ended } = await control.hold();
  // Ctrl-C reaches this process twice, from the terminal and through npm; the second must not cut the end off.
  const asked = new Promise<"asked">((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => resolve("asked"));
  });
  // The hold alone does not keep this process.
  const awake = setInterval(() => {}, 3_600_000);
  print(
    "The services run until Ctrl-C. Change something and say npm start in another terminal: it deploys into them.",
  );
  const why = await Promise.race([ended, asked]);
  clearInterval(awake);
  if (why === "gone")
    throw new Failure("The sandbox's services are gone: see services.log in the sandbox's folder.");
  if (why === "asked") await control.stop();
  print(why === "taken over" ? "Another npm start has taken the services over." : "The services are ended.");
}
