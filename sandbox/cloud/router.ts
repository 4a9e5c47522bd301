import * as accounts from "./accounts.ts";
import type { Call } from "./context.ts";
import { findMarks, removeMarks } from "./marks.ts";
import * as projects from "./projects.ts";
import * as run from "./run.ts";
import * as secrets from "./secrets.ts";
import type { JsonObject } from "./state.ts";
import * as versions from "./versions.ts";

/** Which handler answers which method and path. */

type Handler = (call: Call) => JsonObject;

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly handler: Handler;
}

const project = "/v1/projects/{project}";
const secret = `${project}/secrets/{secret}`;
const version = `${secret}/versions/{version}`;
const account = `${project}/serviceAccounts/{account}`;
const service = "/v2/projects/{project}/locations/{location}/services/{service}";

const routes: readonly Route[] = [
  route("GET", project, projects.getProject),
  route("POST", `${project}:getIamPolicy`, projects.getProjectPolicy),
  route("POST", `${project}:setIamPolicy`, projects.setProjectPolicy),
  route("GET", `${project}/services/{api}`, projects.getApi),
  route("POST", `${project}/services/{api}:enable`, projects.enableApi),
  route("POST", `${project}/services/{api}:disable`, projects.disableApi),

  route("POST", `${project}/secrets`, secrets.createSecret),
  route("GET", secret, secrets.getSecret),
  route("PATCH", secret, secrets.patchSecret),
  route("DELETE", secret, secrets.deleteSecret),
  route("GET", `${secret}:getIamPolicy`, secrets.getSecretPolicy),
  route("POST", `${secret}:setIamPolicy`, secrets.setSecretPolicy),
  route("POST", `${secret}:addVersion`, versions.addVersion),
  route("GET", `${secret}/versions`, versions.listVersions),
  route("GET", version, versions.getVersion),
  route("GET", `${version}:access`, versions.accessVersion),
  route("POST", `${version}:enable`, versions.enableVersion),
  route("POST", `${version}:disable`, versions.disableVersion),
  route("POST", `${version}:destroy`, versions.destroyVersion),

  route("POST", `${project}/serviceAccounts`, accounts.createAccount),
  route("GET", account, accounts.getAccount),
  route("PATCH", account, accounts.patchAccount),
  route("DELETE", account, accounts.deleteAccount),
  route("POST", `${account}:disable`, accounts.disableAccount),
  route("POST", `${account}:enable`, accounts.enableAccount),

  route("POST", "/v2/projects/{project}/locations/{location}/services", run.createService),
  route("GET", "/v2/projects/{project}/locations/{location}/services", run.listServices),
  route("GET", service, run.getService),
  route("PATCH", service, run.patchService),
  route("DELETE", service, run.deleteService),
  route("GET", `${service}:getIamPolicy`, run.getServicePolicy),
  route("POST", `${service}:setIamPolicy`, run.setServicePolicy),
  route("GET", `${service}/revisions`, run.listRevisions),
  route("GET", `${service}/revisions/{revision}`, run.getRevision),

  route("GET", "/sandbox/marks", findMarks),
  route("DELETE", "/sandbox/marks/{urn}", removeMarks),
];

/** The handler of a call and the parts of its path; undefined: no such method. */
export function match(
  method: string,
  path: string,
): { handler: Handler; params: Record<string, string> } | undefined {
  for (const candidate of routes) {
    if (candidate.method !== method) continue;
    const found = candidate.pattern.exec(path);
    if (!found) continue;
    const params = Object.entries(found.groups ?? {}).map(([name, value]) => [
      name,
      decodeURIComponent(value),
    ]);
    return { handler: candidate.handler, params: Object.fromEntries(params) };
  }
  return undefined;
}

/** Whether a path belongs to Google's APIs, and not to the sandbox's own bookkeeping. */
export function isGoogleApi(path: string): boolean {
  return !path.startsWith("/sandbox/");
}

function route(method: string, path: string, handler: Handler): Route {
  const source = path.replace(/\{(\w+)\}/g, "(?<$1>[^/:]+)");
  return { method, pattern: new RegExp(`^${source}$`), handler };
}
