/** Which secret versions the sandbox's services carry, as its Cloud Run has them. */
import { visible } from "../src/reports/escape.ts";
import type { Cloud } from "./cloud/index.ts";
import { columns, print } from "./print.ts";

/** Prints each service of a project with its serving revision and the secret versions it reads. */
export function showServices(cloud: Cloud, project: string): void {
  const services = cloud
    .describe()
    .services.filter(({ name }) => name.startsWith(`projects/${project}/`))
    .sort((a, b) => a.name.localeCompare(b.name, "en"));
  if (services.length === 0) print("  none");
  for (const { name, url, latestReadyRevision, revisions } of services) {
    const serving = revisions.find((revision) => revision.name === latestReadyRevision);
    print(
      `  ${visible(name.split("/").at(-1) ?? name)}  ${visible(url)}  revision ${visible(latestReadyRevision ?? "none")}`,
    );
    columns(
      (serving?.references ?? []).map(({ variable, secret, version }) => [
        `  ${visible(variable ?? "a mounted file")}`,
        visible(
          secret.includes("/")
            ? `${secret}/versions/${version}`
            : `projects/${project}/secrets/${secret}/versions/${version}`,
        ),
      ]),
    );
  }
}
