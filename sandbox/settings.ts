/** What a user says to a sandbox command, by flags and environment variables, checked at the border. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { Failure, messageOf } from "./failure.ts";
import { root } from "./home.ts";

export const commands = ["up", "preview", "state", "stop", "destroy", "reset", "seed", "import"] as const;
export type Command = (typeof commands)[number];

export interface Settings {
  command: Command;
  environment: string;
  /** The sandbox's folder; `.sandbox` in the checkout when left out. */
  sandbox: string | undefined;
  /** The folder with `index.ts`, `Pulumi.yaml` and the stacks' files. */
  source: string;
  /** Learn first what is deployed, then update (up, preview). */
  refresh: boolean;
  /** Print the engine's own JSON document instead of text (preview, state). */
  json: boolean;
  /** Do not ask before something is taken down. */
  yes: boolean;
  /** Deploy, and start no services (up). */
  deployOnly: boolean;
  /** Leave the services running (up). */
  detach: boolean;
  /** Wait for Ctrl-C, as on a terminal, wherever the output goes (up). */
  stay: boolean;
  /** Seconds until a grant works, as on the real platform (up to a minute); the cloud's own default when left out. */
  grantDelay: number | undefined;
  /** Run previews and updates with the policy pack. */
  policyPack: boolean;
  /** Files to read (seed, import). */
  files: string[];
}

const Flags = z.strictObject({
  sandbox: z.string().min(1).optional(),
  project: z.string().min(1).default(root),
  "grant-delay": z.coerce.number().min(0).max(600).optional(),
  "deploy-only": z.boolean().default(false),
  detach: z.boolean().default(false),
  json: z.boolean().default(false),
  stay: z.boolean().default(false),
  "no-policy-pack": z.boolean().default(false),
  file: z.array(z.string().min(1)).default([]),
  refresh: z.boolean().default(false),
  yes: z.boolean().default(false),
});

const Environment = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, "an environment's name is lower-case letters, digits and -, such as staging");

export const help = `Usage: npm start [-- ENVIRONMENT]        deploy into the sandbox (staging unless named) and run the services
       npm run stop                      end services that --detach left running
       npm run preview [-- ENVIRONMENT]  what an update would change; --json for the engine's document
       npm run state [-- ENVIRONMENT]    what is deployed; --json for the engine's export
       npm run destroy [-- ENVIRONMENT]  take an environment down (asks; --yes does not)
       npm run reset                     throw the whole sandbox away (asks; --yes does not)
       npm run seed -- --file FILE ...   make in the sandbox what runs by gcloud's descriptions (to try adopt)
       npm run import -- --file FILE     pulumi import: let the state learn what runs already

The sandbox is a small model of Google Cloud on this machine with the real Pulumi engine on top.
Nothing leaves the machine, no account is needed, and everything it keeps lies in .sandbox/.

  --detach               leave the services running, and return (start)
  --stay                 wait for Ctrl-C (start); the default on a terminal. Elsewhere, and where CI is set, the
                         services are ended again after the handshake, unless they ran before
  --deploy-only          start no services (start)
  --sandbox FOLDER       keep the sandbox elsewhere; two sandboxes do not disturb each other
  --project FOLDER       deploy the index.ts and Pulumi.*.yaml of another folder
  --grant-delay SECONDS  let grants take a while to work, as they do on Google Cloud
  --refresh              look at what is deployed before comparing (up, preview)
  --json                 print JSON (preview, state)
  --no-policy-pack       leave the policy pack off (up, preview, destroy)
  --yes                  do not ask (destroy, reset)

exit 0 done · 1 the deployment failed or the policy is violated · 2 could not be tried or decided
`;

/** Reads the arguments after the program's name. Gives `help` when that is asked for. Throws a `Failure`. */
export function readSettings(args: readonly string[]): Settings | "help" {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    throw new Failure(`${messageOf(error).split("\n")[0]} See npm start -- --help.`);
  }
  if (parsed.values.help === true) return "help";
  const [command, environment = "staging", ...more] = parsed.positionals;
  const known = z.enum(commands).safeParse(command);
  if (!known.success) throw new Failure(`Choose one of ${commands.join(", ")}. See npm start -- --help.`);
  if (more.length > 0) throw new Failure(`One environment at a time: ${more.join(" ")} is too much.`);
  const { help: _, ...values } = parsed.values;
  const flags = Flags.safeParse(values);
  if (!flags.success) {
    const issue = flags.error.issues[0];
    throw new Failure(`--${issue?.path.join(".")}: ${issue?.message}. See npm start -- --help.`);
  }
  const name = Environment.safeParse(environment);
  if (!name.success) throw new Failure(`${JSON.stringify(environment)}: ${name.error.issues[0]?.message}.`);
  return {
    command: known.data,
    environment: name.data,
    sandbox: flags.data.sandbox,
    source: resolve(flags.data.project),
    refresh: flags.data.refresh,
    json: flags.data.json,
    deployOnly: flags.data["deploy-only"],
    detach: flags.data.detach,
    stay: flags.data.stay,
    yes: flags.data.yes,
    grantDelay: flags.data["grant-delay"],
    policyPack: !flags.data["no-policy-pack"],
    files: flags.data.file,
  };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      sandbox: { type: "string" },
      project: { type: "string" },
      "grant-delay": { type: "string" },
      "deploy-only": { type: "boolean" },
      detach: { type: "boolean" },
      json: { type: "boolean" },
      stay: { type: "boolean" },
      "no-policy-pack": { type: "boolean" },
      file: { type: "string", multiple: true },
      refresh: { type: "boolean" },
      yes: { type: "boolean", short: "y" },
      help: { type: "boolean", short: "h" },
    },
  });
}
