/**
 * Lints the workflows: `npm run lint:workflows`. actionlint is a Go module and zizmor a package of PyPI; each is fetched
 * once, at the version pinned here, into .sandbox/tools. Where Go or Python is missing, or what they fetch cannot be
 * had, that linter is skipped and said to be; under GitHub Actions, which has both, that is a failure.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../generated.ts";

const tools = join(root, ".sandbox", "tools");
/** A download that takes longer than this, in milliseconds, will not end. */
const patience = 600_000;

/** A linter: how it is fetched, and how it is run. */
export interface Linter {
  name: string;
  /** What must be on PATH to fetch it. */
  needs: string;
  /** The arguments of `needs` that fetch it, and what they must know. */
  fetch: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** The fetched program. */
  program: string;
  /** How it is run in the repository. */
  args: readonly string[];
  runEnv?: Readonly<Record<string, string>>;
}

const actionlint = "1.7.12";
const zizmor = "1.32.0";
const goBin = join(tools, `actionlint-${actionlint}`);
const pipTarget = join(tools, `zizmor-${zizmor}`);

/** The linters of the workflows. zizmor asks GitHub nothing, so that a run needs no token. */
export const linters: readonly Linter[] = [
  {
    name: `actionlint ${actionlint}`,
    needs: "go",
    fetch: ["install", `github.com/rhysd/actionlint/cmd/actionlint@v${actionlint}`],
    env: { GOBIN: goBin, GOFLAGS: "" },
    program: join(goBin, "actionlint"),
    // Not everybody has shellcheck and pyflakes, and a finding must not depend on it: no script is longer than a line.
    args: ["-shellcheck=", "-pyflakes="],
  },
  {
    name: `zizmor ${zizmor}`,
    needs: "python3",
    fetch: [
      ..."-m pip install --quiet --disable-pip-version-check --no-deps --target".split(" "),
      pipTarget,
      `zizmor==${zizmor}`,
    ],
    program: join(pipTarget, "bin", "zizmor"),
    args: ["--offline", "--no-progress", "--quiet", ".github"],
  },
];

/** What came of a linter. */
export interface Result {
  outcome: "clean" | "findings" | "skipped";
  /** Findings, or the reason why it was skipped. */
  text: string;
}

const firstLine = (text: string) => text.trim().split("\n").at(-1) ?? "";

/** Fetches a linter unless it is there; gives the reason why it cannot be had. */
function fetched({ needs, fetch, env, program }: Linter): string | undefined {
  if (existsSync(program)) return undefined;
  mkdirSync(tools, { recursive: true });
  const ran = spawnSync(needs, fetch, {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: "utf8",
    timeout: patience,
  });
  if (ran.error !== undefined && "code" in ran.error && ran.error.code === "ENOENT")
    return `${needs} is not here`;
  if (ran.status === 0 && existsSync(program)) return undefined;
  return `${needs} could not fetch it (${firstLine(ran.stderr ?? "") || "no reason given"})`;
}

/** Runs one linter on the workflows of a folder. */
export function lint(linter: Linter, folder: string = root): Result {
  const missing = fetched(linter);
  if (missing !== undefined) return { outcome: "skipped", text: missing };
  const ran = spawnSync(linter.program, linter.args, { cwd: folder, encoding: "utf8", timeout: patience });
  if (ran.error !== undefined) return { outcome: "skipped", text: ran.error.message };
  const text = `${ran.stdout}${ran.stderr}`.trim();
  return { outcome: ran.status === 0 ? "clean" : "findings", text };
}

function main(): void {
  for (const linter of linters) {
    const { outcome, text } = lint(linter);
    if (outcome === "clean") process.stdout.write(`${linter.name}: nothing found\n`);
    else if (outcome === "findings") process.stderr.write(`${text}\n${linter.name}: see above\n`);
    else process.stderr.write(`${linter.name}: SKIPPED, because ${text}\n`);
    if (outcome === "findings" || (outcome === "skipped" && process.env.GITHUB_ACTIONS === "true")) {
      process.exitCode = 1;
    }
  }
}

if (import.meta.main) main();
