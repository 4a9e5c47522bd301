/** `jwt-secret token`: a token signed with exactly the version a stack deploys. */
import { json } from "../../reports/escape.ts";
import { signToken } from "../../tokens/sign.ts";
import { type Command, exit, UsageError, type World } from "../command.ts";
import { type Located, locate, readKey } from "../key/locate.ts";
import { demandProduction, isProduction, nameOf } from "../key/production.ts";
import { help } from "./help.ts";
import { readOptions, type TokenOptions } from "./options.ts";

/** Twice: once that production is meant, once which. */
function demandTwice(located: Located, { production, confirm }: TokenOptions): void {
  const name = nameOf(located);
  demandProduction(
    located,
    production,
    `a token for it opens the real thing; if that is meant, add --production --confirm ${name}`,
  );
  if (isProduction(located) && confirm !== name)
    throw new UsageError(`${name} is production: say which once more, --production --confirm ${name}`);
}

async function run(args: readonly string[], world: World): Promise<number> {
  const options = readOptions(args);
  const { subject, ttl, claim, format } = options;
  if (subject === undefined) throw new UsageError("needs --subject WHO, whom the token speaks for");
  const located = await locate(options, world);
  demandTwice(located, options);
  const key = await readKey(located, world);
  const issuedAt = world.now;
  const token = await signToken(key, { subject, issuedAt, lifetime: ttl, claims: claim });
  const expires = new Date((Math.floor(issuedAt.getTime() / 1000) + ttl) * 1000).toISOString();
  const report = { token, version: located.version.full, subject, expires };
  world.stdout.write(format === "json" ? `${json(report)}\n` : `${token}\n`);
  return exit.pass;
}

export const command: Command = { help, run };
