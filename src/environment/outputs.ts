/** The outputs of a stack, as `index.ts` exports them and the documentation lists them. */
export const outputs = {
  authUrl: "URL of the auth service.",
  backendUrl: "URL of the backend service.",
  secret: "Full name of the secret both services read, `projects/PROJECT/secrets/SECRET`.",
  version:
    "Full name of the exact version both services carry, `projects/PROJECT/secrets/SECRET/versions/NUMBER`.",
  fingerprint:
    "Which key that is: the first 16 hex digits of the SHA-256 of its value, as in `JWT_SECRET_FINGERPRINT`. Absent with `existing`.",
  accessors: "IAM members who may read the secret besides the services, as the configuration lists them.",
  source: "Where the key comes from: `generated`, `supplied` or `existing`.",
} as const;
export type OutputName = keyof typeof outputs;
