/** `npm run destroy`: takes an environment down the way it is taken down on Google Cloud: protection off, then destroy. */
import { z } from "zod";
import { confirm } from "../confirm.ts";
import { explainFailure } from "../engine-errors.ts";
import { watch } from "../events.ts";
import { heading, print } from "../print.ts";
import { withSession } from "../session.ts";
import type { Settings } from "../settings.ts";
import { summaryOf } from "./up.ts";

const Export = z.looseObject({
  deployment: z.looseObject({ resources: z.array(z.unknown()).default([]) }),
});

/** Takes the environment down; gives the exit code. */
export async function destroy(settings: Settings): Promise<number> {
  await confirm(
    `This takes ${settings.environment} down in the sandbox, its secret and every token signed with it included.`,
    settings.environment,
    settings.yes,
  );
  return await withSession(
    settings,
    async ({ stack, packs, exported: readState, cloud, services }) => {
      const exported = Export.parse(await readState());
      if (exported.deployment.resources.length === 0) {
        print(`${settings.environment} is not deployed: nothing to take down.`);
        return 0;
      }
      const { watched, onEvent } = watch(print);
      try {
        heading("Protection off");
        await stack.up({ ...packs, onEvent, showSecrets: false, suppressProgress: true });
        heading(`pulumi destroy --stack ${settings.environment}`);
        await stack.destroy({ onEvent, showSecrets: false, suppressProgress: true });
      } catch (error) {
        throw explainFailure(error, watched, settings);
      }
      print(`  ${summaryOf(watched.changes)}`);
      if (cloud.describe().services.length === 0) await services?.control.stop();
      print(`${settings.environment} is down. Deploy it again with: npm start -- ${settings.environment}`);
      return 0;
    },
    unprotect,
  );
}

/** The settings that `docs/first-deployment.md` tells to change before an environment is taken down. */
function unprotect(config: Record<string, unknown>): void {
  const Section = z.record(z.string(), z.unknown());
  const secret = Section.safeParse(config["jwt-secret:secret"]);
  if (secret.success && secret.data.source !== "existing") secret.data.protected = false;
  if (secret.success) config["jwt-secret:secret"] = secret.data;
  const services = z.record(z.string(), Section).safeParse(config["jwt-secret:services"]);
  if (!services.success) return;
  for (const service of Object.values(services.data)) service.deletionProtection = false;
  config["jwt-secret:services"] = services.data;
}
