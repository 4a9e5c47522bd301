/** `npm run state`: what is deployed, from the engine's state and the sandbox's cloud. */
import { z } from "zod";
import { nameOf, typeOf } from "../events.ts";
import { showAddresses } from "../handshake.ts";
import { columns, heading, print } from "../print.ts";
import { sandboxProject } from "../project.ts";
import { showServices } from "../services.ts";
import { withSession } from "../session.ts";
import type { Settings } from "../settings.ts";
import { judge } from "../verdict.ts";

const Export = z.looseObject({
  deployment: z.looseObject({
    resources: z
      .array(z.looseObject({ urn: z.string(), custom: z.boolean(), id: z.string().optional() }))
      .default([]),
    pending_operations: z.array(z.unknown()).default([]),
  }),
});

/** Prints the state; gives the exit code. With `--json`, the engine's export is all that is printed. */
export async function state(settings: Settings): Promise<number> {
  return await withSession(settings, async ({ exported: readState, cloud, home }) => {
    const exported = Export.parse(await readState());
    if (settings.json) {
      print(JSON.stringify(exported, null, 2));
      return 0;
    }
    const { deployment } = exported;
    const resources = deployment.resources.filter(
      ({ urn, custom }) => custom && !urn.includes("::pulumi:providers:"),
    );
    if (resources.length === 0) {
      print(`${settings.environment} is not deployed. Deploy it with: npm start -- ${settings.environment}`);
      return 0;
    }
    heading(`Resources of ${settings.environment}`);
    columns(resources.map(({ urn, id }) => [typeOf(urn), nameOf(urn), id ?? ""]));
    if (deployment.pending_operations.length > 0) {
      print(
        `  ${deployment.pending_operations.length} operations were cut off: the next npm start takes them up.`,
      );
    }
    heading("Services");
    showServices(cloud, sandboxProject(settings.environment));
    heading("Running");
    showAddresses(home.folder, settings.environment);
    heading("Policy");
    const { text, exitCode } = judge(JSON.stringify(exported), "pulumi stack export");
    print(text.trimEnd());
    return exitCode;
  });
}
