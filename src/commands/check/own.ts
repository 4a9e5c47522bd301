/** The documents of `check` without files: each environment of the project in the working directory, evaluated. */
import type { CheckedDocument } from "../../check.ts";
import { DocumentError } from "../../documents/error.ts";
import { Failure, type World, withProgress } from "../command.ts";

const stackFile = (environment: string): string => `Pulumi.${environment}.yaml`;

/** One line, without the full stop that `describe` does not want. */
function problem(environment: string, text: string): DocumentError {
  const [line = "cannot be evaluated"] = text.split("\n");
  return new DocumentError(stackFile(environment), line.replace(/\.$/u, ""));
}

/** What evaluates is part of a checkout and not of the package. @throws Failure in the package */
async function projectFiles(): Promise<typeof import("../../infrastructure/project-files.ts")> {
  try {
    return await import("../../infrastructure/project-files.ts");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "ERR_UNKNOWN_FILE_EXTENSION") throw error;
    throw new Failure(
      "no FILE is given: name a document, such as what `pulumi preview --json --show-sames` prints (environments are evaluated without one by `npm run check` in a checkout of jwt-secret alone)",
    );
  }
}

/**
 * Evaluates every `Pulumi.<environment>.yaml`, or the one asked for. The Pulumi SDK is loaded here and nowhere else.
 * @throws Failure where there is none
 */
export async function ownDocuments(
  only: string | undefined,
  world: World,
): Promise<{ documents: CheckedDocument[]; problems: DocumentError[] }> {
  const { environmentsOf } = await projectFiles();
  const found = await environmentsOf(world.directory);
  const wanted = only === undefined ? found : found.filter((environment) => environment === only);
  if (wanted.length === 0) {
    const missing =
      only === undefined ? "no Pulumi.<environment>.yaml is here" : `no ${stackFile(only)} is here`;
    throw new Failure(
      `no FILE is given and ${missing}: name a document, or run this in the project's folder`,
    );
  }
  const { evaluateStack } = await import("../../infrastructure/evaluate.ts");
  const { ConfigurationError } = await import("../../environment/problems.ts");
  const documents: CheckedDocument[] = [];
  const problems: DocumentError[] = [];
  // One after another: Pulumi's runtime is global to the process.
  for (const environment of wanted) {
    const evaluate = () => evaluateStack(world.directory, environment);
    try {
      const content = await withProgress(`Evaluating ${environment} ...`, world, evaluate);
      documents.push({ file: stackFile(environment), content });
    } catch (error) {
      const texts =
        error instanceof ConfigurationError
          ? error.problems.map(({ key, text }) => `${key}: ${text}`)
          : [error instanceof Error ? error.message : String(error)];
      problems.push(...texts.map((text) => problem(environment, text)));
    }
  }
  return { documents, problems };
}
