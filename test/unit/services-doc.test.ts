/** The page docs/services.md, run: its code starts with a right key and refuses each kind of wrong one. */
import { spawnSync } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { root } from "../../tools/generated.ts";

const page = readFileSync(join(root, "docs/services.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "services-doc-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The code blocks of the page by the file name that follows their language. */
const blocks = new Map(
  Array.from(page.matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms), ([, name = "", code = ""]) => [name, code]),
);
for (const [name, code] of blocks) writeFileSync(join(folder, name), code);

const random = () => randomBytes(48).toString("base64url");

interface Language {
  name: string;
  command: string;
  file: string;
  present: boolean;
  verifier: { file: string; present: boolean; call: (token: string | undefined) => string };
}

const answers = (command: string, args: string[]) =>
  spawnSync(command, args, { cwd: folder, encoding: "utf8" }).status === 0;

/** Where jose lies, when this project has it. */
function folderOfJose(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("jose/package.json")), "..");
  } catch {
    return undefined;
  }
}

const jose = folderOfJose();
if (jose !== undefined) symlinkSync(jose, join(folder, "node_modules"));

const languages: Language[] = [
  {
    name: "Python",
    command: "python3",
    file: "key.py",
    present: answers("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 10))"]),
    verifier: {
      file: "call.py",
      present: answers("python3", ["-c", "import jwt"]),
      call: (token) =>
        `from verify import Refused, verify\ntry:\n    print(verify(${token === undefined ? "None" : JSON.stringify(token)})["sub"])\nexcept Refused as why:\n    print(why)\n`,
    },
  },
  {
    name: "TypeScript",
    command: process.execPath,
    file: "key.ts",
    present: true,
    verifier: {
      file: "call.ts",
      present: jose !== undefined,
      call: (token) =>
        `import { verify } from "./verify.ts";\nconst token = ${JSON.stringify(token)};\nconsole.log(await verify(token).then((claims) => claims.sub, (why) => why.message));\n`,
    },
  },
];

function run(command: string, file: string, variables: Record<string, string | undefined>) {
  const env = {
    PATH: process.env.PATH,
    PYTHONDONTWRITEBYTECODE: "1",
    NODE_NO_WARNINGS: "1",
    ...variables,
  };
  return spawnSync(command, [join(folder, file)], { cwd: folder, encoding: "utf8", env });
}

/** An HS256 token of `alice` that expires in `seconds`. */
function sign(key: string, seconds: number): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const body = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: "alice", exp: Math.floor(Date.now() / 1000) + seconds })}`;
  return `${body}.${createHmac("sha256", key).update(body).digest("base64url")}`;
}

test("the page has a key-reading and a verifying block in both languages", () => {
  expect([...blocks.keys()].sort()).toEqual(["key.py", "key.ts", "verify.py", "verify.ts"]);
});

// A language that this machine has not got is skipped, and shows as skipped in the totals.
describe.each(languages)("$name", ({ command, file, present, verifier }) => {
  const good = random();

  test.skipIf(!present)("starts with a key, and with a previous one beside it", () => {
    for (const more of [{}, { JWT_SECRET_PREVIOUS: random() }]) {
      const ran = run(command, file, { JWT_SECRET_KEY: good, ...more });
      expect({ status: ran.status, said: ran.stdout + ran.stderr }).toEqual({ status: 0, said: "" });
    }
  });

  const wrong: [string, string | undefined][] = [
    ["missing", undefined],
    ["empty", ""],
    ["white space alone", " ".repeat(40)],
    ["31 bytes long", random().slice(0, 31)],
    ["followed by a line break", `${good}\n`],
    ["preceded by a space", ` ${good}`],
  ];

  test.skipIf(!present).each(wrong)("refuses to start when the key is %s", (_, value) => {
    const ran = run(command, file, value === undefined ? {} : { JWT_SECRET_KEY: value });
    expect(ran.status).toBe(1);
    expect(ran.stdout).toBe("");
    expect(ran.stderr.trim()).toMatch(/^JWT_SECRET_KEY .+\.$/);
    if (value?.trim()) expect(ran.stderr).not.toContain(value.trim());
  });

  test.skipIf(!present).each(wrong.slice(1))("refuses to start when the previous key is %s", (_, value) => {
    const ran = run(command, file, { JWT_SECRET_KEY: good, JWT_SECRET_PREVIOUS: value ?? "" });
    expect(ran.status).toBe(1);
    expect(ran.stderr.trim()).toMatch(/^JWT_SECRET_PREVIOUS .+\.$/);
    expect(ran.stderr).not.toContain(good);
  });

  test.skipIf(!present)("does not read the key under any other name", () => {
    const others = { JWT_SECRET: good, JWT_SECRET_STAGING: good, JWT_SECRET_PREVIOUS: good };
    expect(run(command, file, others).status).toBe(1);
  });

  test.skipIf(!verifier.present)("accepts both keys, and says why it refuses", () => {
    const previous = random();
    const said = (token: string | undefined) => {
      writeFileSync(join(folder, verifier.file), verifier.call(token));
      const keys = { JWT_SECRET_KEY: good, JWT_SECRET_PREVIOUS: previous };
      return run(command, verifier.file, keys).stdout.trim();
    };
    expect({
      current: said(sign(good, 60)),
      previous: said(sign(previous, 60)),
      none: said(undefined),
      otherKey: said(sign(random(), 60)),
      old: said(sign(previous, -60)),
      rubbish: said("rubbish"),
    }).toEqual({
      current: "alice",
      previous: "alice",
      none: "no token",
      otherKey: "bad signature",
      old: "expired",
      rubbish: "not a valid token",
    });
  });
});
