/**
 * An environment wired as people wire it by hand, without this project's components: for showing what its rotations do.
 *
 * - `rotation:version: latest` references the newest version instead of a number
 * - `rotation:first: auth` updates auth before backend
 */
import { Service } from "@pulumi/gcp/cloudrunv2/service.js";
import { Secret } from "@pulumi/gcp/secretmanager/secret.js";
import { SecretIamMember } from "@pulumi/gcp/secretmanager/secretIamMember.js";
import { SecretVersion } from "@pulumi/gcp/secretmanager/secretVersion.js";
import { Account } from "@pulumi/gcp/serviceaccount/account.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";

const google = new pulumi.Config("gcp");
const project = google.require("project");
const location = google.require("region");
const config = new pulumi.Config("rotation");
const current = config.requireNumber("current");
const previous = config.getNumber("previous");
const isLatest = config.get("version") === "latest";
const environment = pulumi.getStack();

const secret = new Secret("jwt-secret", {
  project,
  secretId: `jwt-secret-${environment}`,
  replication: { auto: {} },
  deletionProtection: false,
});

function version(generation: number): SecretVersion {
  const name = `jwt-secret-g${generation}`;
  const key = new RandomPassword(name, { length: 86, special: false });
  return new SecretVersion(name, {
    secret: secret.id,
    secretData: key.result,
    deletionPolicy: "DISABLE",
  });
}

const signing = version(current);
const accepted = previous === undefined ? undefined : version(previous);

function variable(name: string, { version: number }: SecretVersion) {
  return {
    name,
    valueSource: { secretKeyRef: { secret: secret.secretId, version: isLatest ? "latest" : number } },
  };
}

function service(role: string, after: pulumi.Resource[]): Service {
  const accountId = `${role}-${environment}`;
  const account = new Account(role, { project, accountId });
  const grant = new SecretIamMember(role, {
    project,
    secretId: secret.secretId,
    role: "roles/secretmanager.secretAccessor",
    member: account.member,
  });
  return new Service(
    role,
    {
      project,
      location,
      name: accountId,
      deletionProtection: false,
      invokerIamDisabled: true,
      template: {
        serviceAccount: account.email,
        containers: [
          {
            image: "us-docker.pkg.dev/cloudrun/container/hello",
            envs: [
              { name: "ENVIRONMENT", value: environment },
              variable("JWT_SECRET_KEY", signing),
              ...(accepted === undefined || isLatest ? [] : [variable("JWT_SECRET_PREVIOUS", accepted)]),
            ],
          },
        ],
      },
    },
    // A version that is referred to by no number must be there all the same.
    { dependsOn: [grant, signing, ...after] },
  );
}

if (config.get("first") === "auth") service("backend", [service("auth", [])]);
else service("auth", [service("backend", [])]);
