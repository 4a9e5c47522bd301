import { randomInt } from "node:crypto";
import { asString, type Call, objectField, param } from "./context.ts";
import { ApiError } from "./errors.ts";
import { projectOfCall } from "./projects.ts";
import type { Account, CloudState, JsonObject } from "./state.ts";

/** Service accounts (IAM v1, projects.serviceAccounts). */

const api = "iam.googleapis.com";

/** https://cloud.google.com/iam/docs/service-accounts-create: 6 to 30 lowercase alphanumeric characters and dashes. */
const accountIdFormat = /^[a-z]([-a-z0-9]*[a-z0-9])$/;

/** Accounts Google itself makes: a project's default compute account and its service agents. */
const managedByGoogle =
  /^(\d+-compute@developer|\d+@cloudservices|service-\d+@[a-z0-9-]+\.iam)\.gserviceaccount\.com$/;

/** Whether an email names a service account that exists; those that Google makes always do. */
export function accountExists(state: CloudState, email: string): boolean {
  return state.accounts[email] !== undefined || managedByGoogle.test(email);
}

export function createAccount(call: Call): JsonObject {
  const project = projectOfCall(call, api);
  const accountId = asString(call.body.accountId) ?? "";
  if (accountId.length < 6 || accountId.length > 30) {
    throw new ApiError(
      "INVALID_ARGUMENT",
      `The account ID "${accountId}" does not have a length between 6 and 30.`,
    );
  }
  if (!accountIdFormat.test(accountId)) {
    throw new ApiError(
      "INVALID_ARGUMENT",
      `Invalid service account ID "${accountId}": use lowercase letters, digits and dashes.`,
    );
  }
  const email = `${accountId}@${project}.iam.gserviceaccount.com`;
  if (call.state.accounts[email]) {
    throw new ApiError(
      "ALREADY_EXISTS",
      `Service account ${accountId} already exists within project projects/${project}.`,
    );
  }
  const settings = objectField(call.body, "serviceAccount");
  const account: Account = {
    project,
    accountId,
    uniqueId: `1${Array.from({ length: 20 }, () => randomInt(10)).join("")}`,
    displayName: asString(settings.displayName) ?? "",
    description: asString(settings.description) ?? "",
    disabled: false,
    revision: 1,
    ...(call.mark && { mark: call.mark }),
  };
  call.state.accounts[email] = account;
  return accountJson(email, account);
}

export function getAccount(call: Call): JsonObject {
  const { email, account } = find(call);
  return accountJson(email, account);
}

export function patchAccount(call: Call): JsonObject {
  const { email, account } = find(call);
  const settings = objectField(call.body, "serviceAccount");
  const mask = (asString(call.body.updateMask) ?? Object.keys(settings).join(",")).split(",");
  if (mask.includes("displayName")) account.displayName = asString(settings.displayName) ?? "";
  if (mask.includes("description")) account.description = asString(settings.description) ?? "";
  account.revision += 1;
  return accountJson(email, account);
}

export function disableAccount(call: Call): JsonObject {
  find(call).account.disabled = true;
  return {};
}

export function enableAccount(call: Call): JsonObject {
  find(call).account.disabled = false;
  return {};
}

/**
 * Deletes an account. Its grants stay, naming the deleted account: one made again under the same email does
 * not get them back (https://cloud.google.com/iam/docs/service-accounts-delete-undelete).
 */
export function deleteAccount(call: Call): JsonObject {
  const { email, account } = find(call);
  delete call.state.accounts[email];
  const policies = [
    ...Object.values(call.state.projects),
    ...Object.values(call.state.secrets),
    ...Object.values(call.state.services),
  ].map(({ policy }) => policy);
  for (const policy of policies) {
    for (const grant of policy.grants) {
      if (grant.member !== `serviceAccount:${email}`) continue;
      grant.member = `deleted:serviceAccount:${email}?uid=${account.uniqueId}`;
      policy.revision += 1;
    }
  }
  return {};
}

function find(call: Call): { email: string; account: Account } {
  // The API takes `-` for the project and the unique ID for the email; clients of ours use the full form.
  if (param(call, "project") !== "-") projectOfCall(call, api);
  const email = param(call, "account");
  const account = call.state.accounts[email];
  if (!account) throw new ApiError("NOT_FOUND", `Unknown service account ${email}`);
  return { email, account };
}

function accountJson(email: string, account: Account): JsonObject {
  return {
    name: `projects/${account.project}/serviceAccounts/${email}`,
    projectId: account.project,
    uniqueId: account.uniqueId,
    email,
    oauth2ClientId: account.uniqueId,
    etag: Buffer.from(`account ${account.revision}`).toString("base64"),
    ...(account.displayName && { displayName: account.displayName }),
    ...(account.description && { description: account.description }),
    ...(account.disabled && { disabled: true }),
  };
}
