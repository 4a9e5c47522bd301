/** The volumes of a template, and which of them hold a secret. */
import { fieldsOf, type Pod, requiredName, shown, Undecidable, type Volume } from "./pod.ts";
import type { Hidden } from "./shape.ts";
import { isObject, readText } from "./text.ts";

/** A volume that is there and shown. */
export type ShownVolume = NonNullable<Exclude<Volume, Hidden>>;

/** The secret of a volume. */
export type ShownSecret = NonNullable<Exclude<ShownVolume["secret"], Hidden>>;

/** What an instance writes, a share, a bucket, the sockets of databases (v2 reference, Volume). */
const withoutSecret: ReadonlySet<string> = new Set(["emptyDir", "nfs", "gcs", "cloudSqlInstance"]);

/** How v1 writes a bucket (v1 reference, CSIVolumeSource.driver); drivers of Kubernetes mount secrets too. */
function isBucket(source: unknown): boolean {
  const driver = readText(isObject(source) ? source.driver : undefined);
  return driver.kind === "text" && driver.text === "gcsfuse.run.googleapis.com";
}

/** The volumes by their names. @throws Undecidable where one is hidden, or two have one name */
export function volumesByName(volumes: Pod["volumes"]): ReadonlyMap<string, ShownVolume> {
  const byName = new Map<string, ShownVolume>();
  for (const entry of shown(volumes, "the list of volumes") ?? []) {
    const volume = shown(entry, "a volume");
    if (volume === undefined) continue;
    const name = requiredName(volume.name, "the name of a volume");
    if (byName.has(name)) throw new Undecidable("two volumes have one name");
    byName.set(name, volume);
  }
  return byName;
}

/** The secret of a volume; undefined for one that holds none. @throws Undecidable where that cannot be told */
export function secretOf(volume: ShownVolume | undefined): ShownSecret | undefined {
  if (volume === undefined) throw new Undecidable("a volume mount names a volume that is not shown");
  const sources = fieldsOf(volume).filter((field) => field !== "name");
  if (sources.length === 0) throw new Undecidable("the source of a volume is not shown");
  const isKnown = (source: string) =>
    source === "secret" || withoutSecret.has(source) || (source === "csi" && isBucket(volume.csi));
  if (!sources.every(isKnown)) throw new Undecidable("a volume is of a kind that may hold a secret");
  return shown(volume.secret, "the secret of a volume");
}
