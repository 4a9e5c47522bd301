/** Where a sandbox keeps what it keeps: one folder, ignored by git. */
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** The folders and files of one sandbox. All paths are absolute. */
export interface Home {
  folder: string;
  /** Pulumi's local backend. */
  state: string;
  /** Pulumi's own home (plugins, workspaces), apart from the user's. */
  pulumi: string;
  /** The copy of the project's YAML that the engine may write to. */
  project: string;
  /** The embedded Google Cloud. */
  cloud: string;
  /** The passphrase that encrypts the state. */
  passphrase: string;
  lock: string;
  /** Engines that were downloaded or built; shared by all sandboxes of the checkout. */
  engines: string;
  /** What Node compiled of the policy pack; shared by all sandboxes of the checkout. */
  cache: string;
}

/** The layout of the sandbox in `folder` (default: `.sandbox` in the checkout). */
export function homeIn(folder: string = join(root, ".sandbox")): Home {
  const base = resolve(folder);
  return {
    folder: base,
    state: join(base, "state"),
    pulumi: join(base, "pulumi"),
    project: join(base, "project"),
    cloud: join(base, "cloud"),
    passphrase: join(base, "passphrase"),
    lock: join(base, "lock"),
    engines: join(root, ".sandbox", "engine"),
    cache: join(root, ".sandbox", "cache"),
  };
}
