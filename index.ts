/**
 * The program of every environment: the stack's configuration in, resources out.
 * `pulumi up --stack staging` runs it; `Pulumi.<environment>.yaml` holds what differs between environments.
 */
import { JwtEnvironment } from "./src/infrastructure/jwt-environment.ts";
import { readStack } from "./src/infrastructure/stack.ts";

const { environment, values } = readStack();
const { auth, backend, secret: jwtSecret } = new JwtEnvironment("environment", { environment, values });

/** URL of the auth service. */
export const authUrl = auth.url;
/** URL of the backend service. */
export const backendUrl = backend.url;
/** Full name of the secret both services read. */
export const secret = jwtSecret.name;
/** Full name of the exact version both services carry. */
export const version = jwtSecret.versionName;
/** Where the key comes from. */
export const source = environment.secret.source;
