/** All resources of a stack but the stack itself. */
import { at, type Rendering, type World } from "../model.ts";
import { type PlannedEnvironment, unknown } from "../plan/planned.ts";
import { pathOf } from "../plan/resources.ts";
import type { Json, JsonObject } from "./json.ts";
import { ciphertext, type Resource } from "./resource.ts";
import { serviceResource } from "./service.ts";
import { defaults } from "./shape.ts";

export function resourcesOf(world: World, planned: PlannedEnvironment, rendering: Rendering): Resource[] {
  const { environment } = planned;
  const home = at(world.projects, environment.home);
  const inState = rendering.pulumi.kind !== "preview";
  const resources: Resource[] = [];
  for (const { urn, name, email, status } of planned.accounts) {
    const id = `projects/${home.id}/serviceAccounts/${email}`;
    resources.push({
      urn,
      status,
      id,
      inputs: defaults({ accountId: name }),
      outputs: { accountId: name, email, id, member: `serviceAccount:${email}`, name: id, project: home.id },
      propertyDependencies: { accountId: [] },
    });
  }
  for (const { secret, urn, status, versions } of planned.secrets) {
    const ref = { project: secret.project, secret: secret.id, version: null };
    const project = at(world.projects, secret.project);
    const ttl: JsonObject = secret.ttl ? { ttl: "86400s" } : {};
    const foreign: JsonObject = secret.project === environment.home ? {} : { project: project.id };
    resources.push({
      urn,
      status,
      protect: secret.protect,
      id: pathOf(world, ref, "id"),
      inputs: defaults({
        deletionProtection: true,
        ...(secret.label === null ? {} : { labels: { environment: secret.label } }),
        replication: defaults({ auto: defaults({}) }),
        secretId: secret.id,
        ...ttl,
        ...foreign,
      }),
      outputs: {
        deletionProtection: true,
        expireTime: "",
        id: pathOf(world, ref, "id"),
        labels: secret.label === null ? null : { environment: secret.label },
        name: pathOf(world, ref, "number"),
        project: project.id,
        secretId: secret.id,
        ttl: secret.ttl ? "86400s" : null,
      },
      propertyDependencies: { secretId: [], labels: [] },
    });
    for (const { urn: versionUrn, number, status: versionStatus, index } of versions) {
      const { enabled, deletionPolicy } = at(secret.versions, index);
      const name = `${pathOf(world, ref, "number")}/versions/${number}`;
      const policy: JsonObject = deletionPolicy === null ? {} : { deletionPolicy };
      const hidden: Json = inState ? ciphertext : "[secret]";
      resources.push({
        urn: versionUrn,
        status: versionStatus,
        id: name,
        inputs: defaults({
          ...policy,
          enabled,
          secret: status === "create" && !inState ? unknown : pathOf(world, ref, "id"),
          secretData: hidden,
        }),
        outputs: {
          deletionPolicy: deletionPolicy ?? "DELETE",
          destroyTime: "",
          enabled,
          id: name,
          name,
          project: null,
          secret: pathOf(world, ref, "id"),
          secretData: hidden,
          version: number,
        },
        propertyDependencies: { deletionPolicy: [], secret: [urn], secretData: [] },
      });
    }
  }
  for (const { grant, urn, status, secret, members, secretDrawsOn, membersDrawOn } of planned.grants) {
    const onProject = grant.form.startsWith("project-");
    const project = at(world.projects, grant.project).id;
    const target: JsonObject = onProject
      ? { project }
      : {
          secretId: inState && secret === unknown ? pathOf(world, { ...grant, version: null }, "id") : secret,
          ...(grant.project === environment.home ? {} : { project }),
        };
    const known = inState ? grant.members : members;
    const condition: JsonObject = grant.conditional
      ? { condition: { title: "hours", expression: "request.time.getHours() < 18" } }
      : {};
    const form = grant.form.replace("project-", "");
    let inputs: JsonObject;
    let property: string;
    if (form === "member") {
      property = "member";
      inputs = { ...target, role: grant.role, member: known[0] ?? "user:nobody@example.com", ...condition };
    } else if (form === "binding") {
      property = "members";
      inputs = { ...target, role: grant.role, members: known, ...condition };
    } else {
      property = "policyData";
      const policyData = JSON.stringify({ bindings: [{ role: grant.role, members: known, ...condition }] });
      inputs = { ...target, policyData: known.includes(unknown) ? unknown : policyData };
    }
    resources.push({
      urn,
      status,
      id: `${project}/${grant.role}`,
      inputs: defaults(inputs),
      outputs: { ...inputs, etag: "8joaD9zT", project },
      propertyDependencies: { ...(onProject ? {} : { secretId: secretDrawsOn }), [property]: membersDrawOn },
    });
  }
  for (const service of planned.services) {
    resources.push(serviceResource(world, environment, service, inState));
  }
  return resources;
}
