/** `npm run seed`: makes in the sandbox what gcloud's descriptions say runs elsewhere. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Inventory, merge, readInventory } from "../../src/adoption/inventory.ts";
import { DocumentError } from "../../src/documents/error.ts";
import { visible } from "../../src/reports/escape.ts";
import { Failure, messageOf } from "../failure.ts";
import { heading, print } from "../print.ts";
import { sandboxProject } from "../project.ts";
import { makeRunning } from "../running-elsewhere.ts";
import { showServices } from "../services.ts";
import { withSession } from "../session.ts";
import type { Settings } from "../settings.ts";

function read(file: string): Inventory {
  try {
    return readInventory(readFileSync(resolve(file)), file);
  } catch (error) {
    throw new Failure(
      error instanceof DocumentError ? error.describe() : `${file} cannot be read: ${messageOf(error)}`,
    );
  }
}

/** Makes what the files describe; gives the exit code. */
export async function seed(settings: Settings): Promise<number> {
  if (settings.files.length === 0) {
    throw new Failure("Name what runs: npm run seed -- --file auth.json --file backend.json.");
  }
  const inventory = merge(settings.files.map(read));
  const project = sandboxProject(settings.environment);
  return await withSession(settings, async ({ cloud, home }) => {
    const { services, secrets } = await makeRunning({ directory: home.cloud, project }, inventory);
    print(
      `Made in the sandbox's project ${project}: ${services.map(visible).join(", ")}, and ${secrets} secrets.`,
    );
    heading("Services");
    showServices(cloud, project);
    return 0;
  });
}
