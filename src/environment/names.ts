/** Names that this project gives meaning to, and the limits Google sets on names. */

/** Environments whose `JWT_SECRET_<ENVIRONMENT>` would be one of the names below. */
export const forbiddenEnvironments = ["key", "previous", "fingerprint"] as const;

/** The variables a service may find the current key under, in the order they are usually read. */
export function jwtVariableNames(environment: string): readonly [string, string, string] {
  return [`JWT_SECRET_${environment.toUpperCase().replaceAll("-", "_")}`, "JWT_SECRET_KEY", "JWT_SECRET"];
}

/** The variable that carries the generation still accepted during a rotation. */
export const previousVariable = "JWT_SECRET_PREVIOUS";

/** The variable that tells which key is current without telling the key. */
export const fingerprintVariable = "JWT_SECRET_FINGERPRINT";

/**
 * Set by Cloud Run and not to be set by anyone else
 * (https://cloud.google.com/run/docs/container-contract#env-vars).
 */
const cloudRunVariables = ["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"];

/** Why a plain variable may not have this name; undefined when it may. Case does not matter: some readers ignore it. */
export function reservedVariable(name: string): string | undefined {
  const upper = name.toUpperCase();
  if (upper === "JWT_SECRET" || upper.startsWith("JWT_SECRET_"))
    return "JWT variables come from the one secret";
  if (upper === "ENVIRONMENT") return "ENVIRONMENT is set to the stack's name";
  if (upper === "AUTH_SERVICE_URL") return "AUTH_SERVICE_URL is made from auth's name, project and region";
  if (cloudRunVariables.includes(upper)) return `${upper} is set by Cloud Run`;
  if (upper.startsWith("X_GOOGLE_")) return "names that begin with X_GOOGLE_ belong to Google";
  return undefined;
}

/** A variable name every shell and language can read. */
export const variablePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Service names: at most 49 characters of a DNS label (https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services/create). */
export const servicePattern = /^(?=.{1,49}$)[a-z]([a-z0-9-]*[a-z0-9])?$/;

/** Account IDs: 6 to 30 characters (https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/create). */
export const accountPattern = /^(?=.{6,30}$)[a-z][a-z0-9-]*[a-z0-9]$/;

/** E-mails of service accounts, Google's own default ones included. */
export const accountEmailPattern = /^[a-z0-9][a-z0-9-]*@[a-z0-9-]+(\.[a-z0-9-]+)*\.gserviceaccount\.com$/;

/** Whether a runtime account is given by its e-mail: it exists, and is not this program's to make. */
export const isAccountEmail = (account: string): boolean => account.includes("@");

/** A secret and one of its versions, as `SECRET@VERSION` or `projects/PROJECT/secrets/SECRET@VERSION`. */
export const secretValuePattern =
  /^(?<secret>(?:projects\/[a-z0-9][a-z0-9.:-]*\/secrets\/)?[A-Za-z0-9_-]{1,255})@(?<version>[A-Za-z0-9_-]{1,63})$/;

/** Secret IDs (https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/create). */
export const secretPattern = /^[A-Za-z0-9_-]{1,255}$/;

/** Project IDs, also domain-scoped ones such as `example.com:shop`. */
export const projectPattern = /^([a-z0-9.-]+\.[a-z]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/;

/** Project numbers. */
export const projectNumberPattern = /^[1-9][0-9]{5,18}$/;

/** Environment names: they become labels, parts of names and of a variable's name. */
export const environmentPattern = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;

/** The project that committed files hold until somebody names theirs. */
export function isPlaceholderProject(project: string): boolean {
  return project.startsWith("your-project");
}

const wordsOf = (name: string): string[] => name.toLowerCase().split(/[^a-z0-9]+/);

const productionWords: ReadonlySet<string> = new Set(["production", "prod", "prd", "live"]);

/** Whether a word of a name says production. What is called otherwise is not known to be it. */
export const isProductionName = (name: string): boolean =>
  wordsOf(name).some((word) => productionWords.has(word));

const testWords: ReadonlySet<string> = new Set(["test", "tests", "testing", "tester", "e2e", "smoke", "qa"]);

/** Whether a word of an IAM member's own name, before its `@`, says that it is a test's. Its project does not count. */
export const isTestIdentity = (member: string): boolean =>
  wordsOf(member.replace(/@.*$/, "").replace(/^.*\//, "")).some((word) => testWords.has(word));
