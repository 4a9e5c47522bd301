import type { Invoke } from "../provider.ts";
import { text } from "../values.ts";
import { field, named } from "./common.ts";

/** gcp:organizations/getProject:getProject: a project's number and name. */
export const getProject: Invoke = async (args, { api, project: configured }) => {
  const project = text(args.projectId) ?? configured;
  if (project === undefined) throw new Error("project: required field is not set");
  const answer = await named("reading", "Project", project, () => api.call("GET", `/v1/projects/${project}`));
  return {
    id: `projects/${field(answer, "projectId")}`,
    projectId: field(answer, "projectId"),
    number: field(answer, "projectNumber"),
    name: field(answer, "name"),
    autoCreateNetwork: false,
    billingAccount: "",
    deletionPolicy: "PREVENT",
    effectiveLabels: {},
    folderId: "",
    labels: {},
    orgId: "",
    pulumiLabels: {},
    tags: {},
  };
};
