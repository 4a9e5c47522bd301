/** What `jwt-secret token --help` prints. */
import { defaultLifetime, longestLifetime } from "./options.ts";

export const help = `jwt-secret token: print a token signed with exactly the version that a stack deploys, for end-to-end tests.

Usage: jwt-secret token --stack NAME --subject WHO [options]

Which key:
  --stack NAME             the stack whose output names the version; pulumi is asked
  --state FILE             read the outputs from this state instead (pulumi stack export; - is standard input)
  --sandbox                the stack of npm start (default: staging)
  --secret-version NAME    projects/PROJECT/secrets/SECRET/versions/NUMBER, where there is no stack

What the token says:
  --subject WHO            the sub claim
  --ttl TIME               how long it lives: 90s, 15m (default: ${defaultLifetime / 60}m, at most ${longestLifetime / 60}m)
  --claim NAME=TEXT        a further claim; repeatable
  --claim NAME:=JSON       the same for what is no text, such as roles:='["reader"]'

  --format FORMAT          text (the token alone) or json (default: text)
  --production             needed for production, and with it:
  --confirm NAME           the name of that stack once more (of the secret, where there is no stack)
  --help                   this text

The key is read from Secret Manager with your own Google credentials (Application Default Credentials), so your account
needs roles/secretmanager.secretAccessor on the secret: list it in jwt-secret:accessors. The key itself is never printed.
SECRET_MANAGER_ENDPOINT (or CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER) names a stand-in for Secret Manager on this
machine; SANDBOX_FOLDER a sandbox that is not .sandbox, SANDBOX_MEMBER whom to call it as.

Exit codes: 0 printed; 2 not: the reason is on standard error.

Examples:
  TOKEN=$(jwt-secret token --stack staging --subject e2e)
  jwt-secret token --stack staging --subject e2e --ttl 2m --claim role=tester
`;
