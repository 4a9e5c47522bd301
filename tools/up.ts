/**
 * `npm run up -- ENVIRONMENT`: the real `pulumi up`, on the pinned Node, whatever Node the machine has.
 * Everything after the environment goes to Pulumi as it is.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import { findEngine, languageHost } from "../sandbox/engine/find.ts";
import { homeIn, root } from "../sandbox/home.ts";
import { environmentsOf } from "../sandbox/project.ts";

const help = `Usage: npm run up -- ENVIRONMENT [PULUMI OPTIONS]

Runs \`pulumi up --stack ENVIRONMENT\` against Google Cloud, with the project's own Node.
Before the first time: docs/first-deployment.md. Without a cloud account: npm start.

Examples:
  npm run up -- staging
  npm run up -- staging --diff --yes
`;

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

const [environment, ...rest] = process.argv.slice(2);
if (environment === undefined || environment === "--help" || environment === "-h") {
  process.stdout.write(help);
  process.exit(environment === undefined ? 2 : 0);
}
if (!environmentsOf().includes(environment)) {
  fail(
    `There is no environment ${JSON.stringify(environment)}: choose one of ${environmentsOf().join(", ")}.`,
  );
}
const engine = await findEngine({
  keep: homeIn().engines,
  build: async () => {
    throw new Error("not tried, because a Go build has no language host");
  },
}).catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
const path = `${dirname(engine.path)}${delimiter}${process.env.PATH ?? ""}`;
const hosts = path.split(delimiter).map((folder) => languageHost(`${folder}/pulumi`));
if (!hosts.some((host) => existsSync(host) || existsSync(`${host}.exe`))) {
  fail(
    `The engine at ${engine.path} was built from Go and has no language host, which a real deployment needs: ` +
      "install Pulumi (https://www.pulumi.com/docs/install/), then run this again.",
  );
}
const child = spawn(engine.path, ["up", "--stack", environment, ...rest], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, PATH: path },
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 1));
