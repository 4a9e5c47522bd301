/** What `jwt-secret rotate --help` prints. */

export const help = `jwt-secret rotate: change the key of an environment without refusing a token.

Usage: jwt-secret rotate [STEP] --stack NAME [options]

Each step edits Pulumi.<environment>.yaml in this folder, comments and all else kept, and says what to do next. Nothing
is deployed: you look at the diff and deploy.

Steps, in order:
  status      where the rotation stands and when it is safe to go on (default)
  start       the next key signs, the present one is still accepted
  back        turn it round: the present key signs again, the next one is still accepted
  finish      the previous key is accepted no more; refused while one of its tokens may live
  emergency   a key leaked: its tokens must die now, whatever it costs (it says what)

When auth began to sign with a key is read from the deployed state and never guessed; a state that does not tell is
undetermined, and nothing is edited. How long tokens live is jwt-secret:tokenLifetime (seconds) in the configuration.
The state knows nothing of traffic that somebody moved by hand: move it back first.

Options:
  --stack NAME     the environment, such as staging
  --state FILE     what \`pulumi stack export\` printed, - for standard input (default: Pulumi is asked)
  --sandbox        the stack of npm start (SANDBOX_FOLDER names a sandbox that is not .sandbox)
  --to NUMBER      the generation to go to (start, emergency); with source: existing the version's number, required
  --leaked NUMBER  the generation whose key leaked (emergency; default: the current one)
  --dry-run        say it, and write nothing
  --help           this text

Exit codes: 0 done, or where it stands; 1 refused, with the reason: too early, or not what is deployed; 2 undetermined,
unreadable, or wrong usage.

Examples:
  npm run rotate -- start --stack staging
  npm run rotate -- finish --stack staging --dry-run
  npm run rotate -- start --stack staging --sandbox
`;
