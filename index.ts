/**
 * The program of every environment: the stack's configuration in, resources out.
 * `pulumi up --stack staging` runs it; `Pulumi.<environment>.yaml` holds what differs between environments.
 */
import { guard } from "./src/guard/guard.ts";
import { JwtEnvironment } from "./src/infrastructure/jwt-environment.ts";
import { readOverrides } from "./src/infrastructure/overrides.ts";
import { readStack } from "./src/infrastructure/stack.ts";

const { environment, values } = readStack();
// First: whatever is constructed after it is held to the environment's one reference (docs/guard.md).
guard(environment);
const overrides = await readOverrides(import.meta.dirname, environment.name);
const {
  auth,
  backend,
  secret: jwtSecret,
} = new JwtEnvironment("environment", {
  environment,
  values,
  overrides,
});

/** URL of the auth service. */
export const authUrl = auth.url;
/** URL of the backend service. */
export const backendUrl = backend.url;
/** Full name of the secret both services read. */
export const secret = jwtSecret.name;
/** Full name of the exact version both services carry. */
export const version = jwtSecret.versionName;
/** Which key that is: the first 16 hex digits of its SHA-256; absent with `source: existing`. */
export const fingerprint = jwtSecret.fingerprint;
/** Who may read the key besides the services; anyone else with access is a finding. */
export const accessors = environment.accessors;
/** Where the key comes from. */
export const source = environment.secret.source;
