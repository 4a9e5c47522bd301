/** Failures a user can do something about: one line, no stack trace. */

/** An expected failure; `message` names the thing, the reason and what to do next. */
export class Failure extends Error {
  /** 1: the deployment failed or the policy is violated; 2: wrong usage, or nothing could be tried. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 2) {
    super(message);
    this.name = "Failure";
    this.exitCode = exitCode;
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
