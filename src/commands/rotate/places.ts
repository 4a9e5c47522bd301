/** Where a rotation takes place, and the commands that take it on there. */

/** A stack on Google Cloud, or the one of `npm start`. */
export interface Place {
  /** The stack's own name. */
  readonly environment: string;
  /** Whether it is the sandbox's. */
  readonly sandbox: boolean;
}

/** The commands that messages name. */
export function commandsOf({ environment, sandbox }: Place) {
  const named = environment === "staging" ? "" : ` -- ${environment}`;
  return {
    deploy: sandbox ? `npm start${named}` : `npm run up -- ${environment}`,
    export: sandbox
      ? `npm run --silent state -- ${environment} --json`
      : `pulumi stack export --stack ${environment}`,
    rotate: (step: string) =>
      `npm run rotate -- ${step} --stack ${environment}${sandbox ? " --sandbox" : ""}`,
  };
}
