/** Asks Pulumi for the outputs of a stack, with the login and the backend that the caller has. */
import { execFile } from "node:child_process";
import { StackError } from "./error.ts";
import { type DeployedStack, stackOf } from "./stack.ts";

/** Outputs are a few lines; more is no outputs. */
const longest = 10_000_000;

interface Ran {
  code: number | string;
  stdout: string;
  stderr: string;
}

function run(args: readonly string[], cwd: string): Promise<Ran> {
  return new Promise((done) => {
    execFile("pulumi", [...args], { cwd, maxBuffer: longest }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : (error.code ?? 1), stdout, stderr });
    });
  });
}

/** What the CLI says is wrong, without its marks. */
function complaint(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim());
  const line = lines.find((one) => one.startsWith("error:")) ?? lines.find((one) => one !== "");
  return (line ?? "no reason given").replace(/^error: */u, "").replace(/\.$/u, "");
}

/**
 * @param directory The folder of the Pulumi project.
 * @throws StackError
 */
export async function askPulumi(name: string, directory: string): Promise<DeployedStack> {
  const args = ["stack", "output", "--json", "--non-interactive", "--stack", name];
  const { code, stdout, stderr } = await run(args, directory);
  if (code === "ENOENT")
    throw new StackError(
      `pulumi, which knows what ${name} deploys, is not found: install it, give --state FILE (pulumi stack export), or ` +
        "--sandbox for the one of npm start",
    );
  if (code !== 0)
    throw new StackError(
      `pulumi does not give the outputs of ${name} (${complaint(stderr)}): run this in the folder of Pulumi.yaml, ` +
        "logged in (pulumi login), or give --state FILE",
    );
  let outputs: unknown;
  try {
    outputs = JSON.parse(stdout);
  } catch {
    throw new StackError(`pulumi ${args.join(" ")} prints no JSON: use a current Pulumi`);
  }
  return stackOf(name, outputs, `the stack ${name}`);
}
