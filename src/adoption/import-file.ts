/** The file for `pulumi import --file`: everything that exists, under the names and parents the program gives it. */
import { type Role, roles } from "../environment/environment.ts";
import type { Place } from "./place.ts";

/** The version of the provider whose resources are imported, the same that the program uses (package.json). */
export const gcpVersion = "9.35.0";

/** A resource of an import file (pulumi/pkg/v3/cmd/pulumi/operations/import.go, `importSpec`). */
export interface ImportedResource {
  readonly type: string;
  /** Unique in the file; parents are named by it. */
  readonly name: string;
  /** The name in the program, where it is another one. */
  readonly logicalName?: string;
  readonly parent?: string;
  /** Absent for a component, which exists in the state alone. */
  readonly id?: string;
  readonly component?: true;
  readonly version?: string;
}

/** What exists. */
export interface Existing {
  readonly place: Place;
  /** Names of the services. */
  readonly services: Readonly<Record<Role, string>>;
  /** E-mails of the accounts that this program made. */
  readonly accounts: Readonly<Partial<Record<Role, string>>>;
  /** Grants on the secret that are there already. */
  readonly grants: Readonly<Partial<Record<Role, { readonly secret: string; readonly member: string }>>>;
}

const component = (type: string, name: string, parent?: string): ImportedResource => ({
  type: `jwt-secret:infrastructure:${type}`,
  name,
  ...(parent !== undefined && { parent }),
  component: true,
});

function custom(type: string, role: Role, suffix: string, id: string, logicalName: string): ImportedResource {
  return { type, name: `${role}-${suffix}`, logicalName, parent: role, id, version: gcpVersion };
}

function ofRole(role: Role, { place, services, accounts, grants }: Existing): ImportedResource[] {
  const { project, region } = place;
  const [account, grant] = [accounts[role], grants[role]];
  const resources = [component("CloudRunService", role, "environment")];
  if (account !== undefined) {
    const id = `projects/${project}/serviceAccounts/${account}`;
    resources.push(custom("gcp:serviceaccount/account:Account", role, "account", id, role));
  }
  if (grant !== undefined) {
    // The provider takes this form, with spaces, and no other (google provider, iam_secret_manager_secret, import).
    const id = `${grant.secret} roles/secretmanager.secretAccessor ${grant.member}`;
    const type = "gcp:secretmanager/secretIamMember:SecretIamMember";
    resources.push(custom(type, role, "grant", id, `${role}-accessor`));
  }
  const id = `projects/${project}/locations/${region}/services/${services[role]}`;
  resources.push(custom("gcp:cloudrunv2/service:Service", role, "service", id, role));
  return resources;
}

/** The resources of the import file. */
export function importedResources(existing: Existing): ImportedResource[] {
  return [
    component("JwtEnvironment", "environment"),
    component("JwtSecret", "jwt-secret", "environment"),
    ...roles.flatMap((role) => ofRole(role, existing)),
  ];
}

/** The file's text. */
export function importText(existing: Existing): string {
  return `${JSON.stringify({ resources: importedResources(existing) }, null, 2)}\n`;
}
