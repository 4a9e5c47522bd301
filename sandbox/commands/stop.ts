/** `npm run stop`: ends the services that `npm start -- --detach` left running. */
import { homeIn } from "../home.ts";
import { print } from "../print.ts";
import { connect } from "../runtime/index.ts";
import type { Settings } from "../settings.ts";

/** Ends them; gives the exit code. What is deployed stays deployed. */
export async function stop(settings: Settings): Promise<number> {
  const control = await connect(homeIn(settings.sandbox).folder);
  await control?.stop();
  print(
    control === undefined ? "No services run." : "The services are ended. Run them again with: npm start",
  );
  return 0;
}
