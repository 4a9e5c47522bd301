/** A sandbox in which services run that were not deployed by this program, and the steps of taking them over. */
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { root } from "../../../sandbox/home.ts";
import { adopt } from "../../../src/adoption/adoption.ts";
import { runIn } from "../../acceptance/command.ts";
import { readCloud } from "../cloud-file.ts";
import { type Ran, TestSandbox } from "../sandbox.ts";

const Step = z.looseObject({
  op: z.string(),
  urn: z.string(),
  detailedDiff: z.record(z.string(), z.unknown()).nullish(),
  oldState: z.looseObject({ inputs: z.record(z.string(), z.unknown()).optional() }).optional(),
  newState: z.looseObject({ inputs: z.record(z.string(), z.unknown()).optional() }).optional(),
});
const Preview = z.looseObject({ steps: z.array(Step) });
export type Step = z.infer<typeof Step>;

const Env = z.looseObject({
  name: z.string(),
  value: z.string().optional(),
  valueSource: z.unknown().optional(),
});
const Inputs = z.looseObject({
  template: z.looseObject({ containers: z.array(z.looseObject({ envs: z.array(Env).default([]) })) }),
});

/** The variables of a service's first container, by name. */
function variables(inputs: unknown, serving: number): Map<string, string> {
  const { containers } = Inputs.parse(inputs).template;
  return new Map(
    (containers[serving]?.envs ?? []).map(({ name, value, valueSource }) => [
      name,
      // The provider notes defaults in every object.
      JSON.stringify([value ?? "", valueSource ?? null], (key, part) =>
        key === "__defaults" ? undefined : part,
      ),
    ]),
  );
}

/** What a preview changes about a service, in the report's words. `serving` is the index of its container today. */
export function changedPaths(step: Step, serving = 0): string[] {
  const [before, after] = [variables(step.oldState?.inputs, serving), variables(step.newState?.inputs, 0)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const envs = names.filter((name) => before.get(name) !== after.get(name)).map((name) => `envs.${name}`);
  const others = Object.keys(step.detailedDiff ?? {})
    .filter((path) => !/^template\.containers\[\d+\]\.envs\b/.test(path))
    .map((path) => /^(template\.\w+|\w+)/.exec(path)?.[0] ?? path);
  return [...new Set([...envs, ...others])].sort();
}

export class Adopted {
  readonly sandbox = new TestSandbox();

  constructor() {
    // A real file, not a link, so that it finds the overrides beside it.
    const program = join(this.sandbox.source, "index.ts");
    const text = readFileSync(join(root, "index.ts"), "utf8");
    rmSync(program);
    writeFileSync(program, text.replaceAll('"./src/', `"${join(root, "src")}/`));
    writeFileSync(join(this.sandbox.source, "package.json"), '{ "type": "module" }');
  }

  /** Writes a document, and gives its path. */
  put(name: string, content: unknown): string {
    const path = join(this.sandbox.folder, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  }

  /** Takes a committed example. */
  example(name: string): string {
    const path = join(this.sandbox.folder, name);
    cpSync(join(root, "docs", "examples", "adopting", name), path);
    return path;
  }

  async run(args: readonly string[]): Promise<Ran> {
    const ran = await this.sandbox.run(args);
    if (ran.code !== 0) throw new Error(`${args.join(" ")}: ${ran.stderr}${ran.stdout}`);
    return ran;
  }

  /** Lets services run. */
  seed(files: readonly string[]): Promise<Ran> {
    return this.run(["seed", ...files.flatMap((file) => ["--file", file])]);
  }

  /** Runs `jwt-secret adopt` in the project's folder, and gives the plan that it made. */
  async adopt(files: readonly string[], options: readonly string[] = [], reads: string[] = []) {
    const given = ["adopt", ...files, "--environment", "staging", ...options];
    const ran = await runIn(this.sandbox.source, [...given, "--output", "."]);
    if (ran.code !== 0) throw new Error(`${ran.stdout}${ran.stderr}`);
    const project = options[options.indexOf("--project") + 1];
    const { plan } = adopt({
      files: files.map((file) => ({ file, content: readFileSync(file) })),
      policies: [],
      environment: "staging",
      named: {},
      reads: reads.length > 0 ? { auth: reads } : {},
      ...(options.includes("--project") && project !== undefined && { project }),
      projects: [],
      ignore: [],
      unread: [],
    });
    if (plan === undefined) throw new Error(ran.stdout);
    return { plan, report: ran.stdout };
  }

  import(): Promise<Ran> {
    return this.run(["import", "--file", join(this.sandbox.source, "import.staging.json")]);
  }

  async preview(): Promise<Step[]> {
    const { stdout } = await this.run(["preview", "--json"]);
    return Preview.parse(JSON.parse(stdout)).steps;
  }

  /** The settings of every service, by name. */
  services(): Record<string, unknown> {
    return Object.fromEntries(
      Object.values(readCloud(this.sandbox.home).services).map(({ serviceId, settings }) => [
        serviceId,
        settings,
      ]),
    );
  }

  remove(): void {
    this.sandbox.remove();
  }
}
