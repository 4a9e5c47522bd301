/** Builds the Pulumi engine from its Go module, for places that reach a Go module proxy and nothing else. */
import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { startProgress } from "./progress.ts";
import { run } from "./run.ts";
import { modulePath } from "./version.ts";

/** The CLI's main package: what `pulumi` is built from. */
const mainPackage = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/**
 * Builds `bin/pulumi` into `target` and gives its path. Six minutes on two cores the first time, seconds when Go's
 * build cache knows it. The result has no language host: it runs programs through the Automation API alone.
 * Throws an `Error` of one line when there is no Go or the build fails.
 */
export async function buildEngine(version: string, target: string, go = "go"): Promise<string> {
  const found = await run(go, ["version"]);
  if (found.code !== 0) throw new Error("there is no `go` on PATH");
  await mkdir(dirname(target), { recursive: true });
  const folder = await mkdtemp(`${target}.build-`);
  try {
    // A copy, because the build may write to go.mod, and the committed one stays as it is.
    await cp(modulePath, folder, { recursive: true });
    const environment = {
      ...process.env,
      GOFLAGS: `${process.env.GOFLAGS ?? ""} -mod=mod`.trim(),
      CGO_ENABLED: "0",
    };
    const progress = startProgress(`Building the Pulumi engine ${version} with Go (about six minutes, once)`);
    const tick = setInterval(() => progress.update(state), 1000);
    let state = "downloading modules";
    try {
      const listed = await run(go, ["list", "-deps", mainPackage], {
        cwd: folder,
        env: environment,
        onLine: (line) => {
          state = line.replace(/^go: /, "").slice(0, 80);
        },
      });
      if (listed.code !== 0) throw new Error(`go list failed: ${lastLine(listed.stderr)}`);
      const total = listed.stdout.trim().split("\n").length;
      let compiled = 0;
      const binary = join(folder, "bin", process.platform === "win32" ? "pulumi.exe" : "pulumi");
      const flags = `-s -w -X ${versionVariable}=v${version}`;
      const built = await run(go, ["build", "-v", "-o", binary, "-ldflags", flags, mainPackage], {
        cwd: folder,
        env: environment,
        onLine: () => {
          compiled += 1;
          state = `${compiled} of at most ${total} packages`;
        },
      });
      if (built.code !== 0) throw new Error(`go build failed: ${lastLine(built.stderr)}`);
      progress.done();
      await mkdir(target, { recursive: true });
      await rm(join(target, "bin"), { recursive: true, force: true });
      await rename(join(folder, "bin"), join(target, "bin"));
      return join(target, "bin", process.platform === "win32" ? "pulumi.exe" : "pulumi");
    } finally {
      clearInterval(tick);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
