/** All documents of a case: which file holds what, in which syntax and encoding. */
import { stringify } from "yaml";
import { shuffled } from "../dice.ts";
import type { Case, RenderedFile } from "../model.ts";
import type { PlannedEnvironment } from "../plan/planned.ts";
import { renderCloudRun } from "./cloudrun.ts";
import { encode, type Json, reordered } from "./json.ts";
import { renderPulumi } from "./pulumi.ts";

export function renderDocuments(subject: Case, planned: readonly PlannedEnvironment[]): RenderedFile[] {
  const { rendering } = subject;
  const texts =
    rendering.family === "pulumi" ? pulumiTexts(subject, planned) : cloudRunTexts(subject, planned);
  return texts.map((text, index) => ({
    name: `document-${index}.${rendering.family === "cloudrun" ? rendering.cloudrun.syntax : "json"}`,
    bytes: encode(text, rendering.encoding),
  }));
}

function pulumiTexts(subject: Case, planned: readonly PlannedEnvironment[]): string[] {
  return planned.map((environment) =>
    JSON.stringify(reordered(renderPulumi(subject, environment), subject.rendering.order), null, 2),
  );
}

function cloudRunTexts(subject: Case, planned: readonly PlannedEnvironment[]): string[] {
  const { order, cloudrun } = subject.rendering;
  const services = shuffled(
    planned.flatMap((environment) => environment.services.filter(({ status }) => status !== "leaving")),
    order,
  ).map((service) => reordered(renderCloudRun(subject, service), order));
  const print = (value: Json) =>
    cloudrun.syntax === "json" ? JSON.stringify(value, null, 2) : stringify(value);
  switch (cloudrun.layout) {
    case "one-file-each":
      return services.map(print);
    case "several-documents":
      return cloudrun.syntax === "yaml" && services.length > 0
        ? [services.map((service) => `---\n${stringify(service)}`).join("")]
        : [print(services)];
    default:
      if (order % 3 !== 1) return [print(services)];
      return [
        print(
          cloudrun.kind === "v2"
            ? { services }
            : { apiVersion: "serving.knative.dev/v1", kind: "ServiceList", items: services },
        ),
      ];
  }
}
