/** Why an environment cannot be adopted as it is. */

/** One reason: a sentence that names the thing and says what to do. Several are said together, and nothing is written. */
export interface Problem {
  readonly text: string;
}

/** The reason as a problem. */
export const problem = (text: string): Problem => ({ text });
