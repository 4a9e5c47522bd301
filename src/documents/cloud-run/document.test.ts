/** Lists of services, and what may stand among them. */
import { describe, expect, test } from "vitest";
import { v1, v2 } from "../testing/cloud-run.ts";
import { environmentsOf } from "../testing/facts.ts";

describe("lists", () => {
  const labels = (value: unknown) =>
    environmentsOf([value]).flatMap(({ services }) => services.map(({ label }) => label));
  test.each(["items", "services", "revisions", "jobs", "workerPools"])("under %s", (key) => {
    expect(labels({ [key]: [v1("auth"), v1("backend")] })).toEqual(["auth", "backend"]);
    expect(labels({ [key]: [] })).toEqual([]);
  });
  test("an item that is no object is an error with its place", () => {
    expect(() => labels([v1("auth"), "x"])).toThrow(
      expect.objectContaining({ message: "is no service", position: { line: 1, path: "[1]" } }),
    );
    expect(() => labels({ items: [v1("auth"), null] })).toThrow(
      expect.objectContaining({ position: { line: 1, path: "items[1]" } }),
    );
  });
  test("a list in a list is an error, not passed over", () => {
    const inner = { kind: "List", items: [{ kind: "Route" }, v1("worker")] };
    expect(() => labels({ items: [v1("auth"), inner] })).toThrow(
      expect.objectContaining({
        message: "is a list in a list: give the services in one",
        position: { line: 1, path: "items[1]" },
      }),
    );
    const routes = { kind: "RouteList", apiVersion: "serving.knative.dev/v1", items: [{ kind: "Route" }, 5] };
    expect(labels({ items: [v1("auth"), routes] })).toEqual(["auth"]);
  });
  test.each<[string, unknown]>([
    ["a service that names no kind", { metadata: {}, spec: v1("worker").spec }],
    ["a service of a kind that is not read", { ...v1("worker"), kind: "Configuration" }],
    ["a list of services", { items: [v1("worker")] }],
    ["a list of services and others", { items: [{ kind: "Route", apiVersion: "v1" }, v1("worker")] }],
  ])("%s in a list in a list is an error", (_, inner) => {
    const list = { kind: "List", apiVersion: "v1", items: [{ kind: "Route" }, inner] };
    expect(() => labels([v1("auth"), list])).toThrow("is a list in a list: give the services in one");
  });

  const { spec } = v1("worker");
  const v1beta = "run.cnrm.cloud.google.com/v1beta1";
  test.each<[string, Record<string, unknown>]>([
    ["of a kind in small letters", { ...v1("worker"), kind: "service" }],
    ["of a kind in capitals", { ...v1("worker"), apiVersion: "run.googleapis.com/v1", kind: "WORKERPOOL" }],
    ["of an API without a version", { ...v1("worker"), apiVersion: "serving.knative.dev" }],
    ["of such an API and kind", { ...v1("w"), apiVersion: "serving.knative.dev", kind: "Configuration" }],
    ["that is a Revision of another API", { ...v1("worker"), apiVersion: "v1", kind: "revision" }],
    ["that is a Job of another API", { ...v1("worker"), apiVersion: "my.batch/v1", kind: "Job" }],
    ["that is a worker pool of another API", { ...v1("worker"), apiVersion: "v1", kind: "WorkerPool" }],
    ["of another API, but of that kind", { ...v1("worker"), apiVersion: "v1" }],
    ["that is a Configuration", { ...v1("worker"), kind: "Configuration" }],
    ["that is an Execution", { apiVersion: "run.googleapis.com/v1", kind: "Execution", spec }],
    ["that is a Task", { apiVersion: "run.googleapis.com/v1", kind: "Task", spec: { containers: [] } }],
    ["that is Config Connector's", { apiVersion: v1beta, kind: "RunService", spec: { template: {} } }],
    ["with its template outside of a spec", { apiVersion: v1beta, kind: "RunJob", template: {} }],
    ["with its containers outside of a spec", { apiVersion: v1beta, kind: "RunJob", containers: [] }],
  ])("an item %s is an error, not passed over", (_, item) => {
    expect(() => labels([v1("auth"), item])).toThrow(
      expect.objectContaining({
        message:
          "runs containers and is of a kind or a version this check does not read: give the service, revision, job or worker pool",
        position: { line: 1, path: "[1]" },
      }),
    );
  });
  test.each<[string, Record<string, unknown>]>([
    ["a v1 item without a kind", { metadata: {}, spec }],
    ["an item of a kind without a version", { kind: "Route" }],
    ["an item of a version without a kind", { apiVersion: "serving.knative.dev/v1", spec }],
    ["a v2 item without a template", { name: "projects/p/locations/l/services/worker" }],
    ["a run of a job", { name: "projects/p/locations/l/jobs/j/executions/auth", template: {} }],
  ])("%s is an error", (_, item) => {
    expect(() => labels({ items: [v1("auth"), item] })).toThrow(
      expect.objectContaining({ message: "is no service", position: { line: 1, path: "items[1]" } }),
    );
  });
  test.each<[string, Record<string, unknown>]>([
    ["a route", { apiVersion: "serving.knative.dev/v1", kind: "Route", spec: { traffic: [] } }],
    ["Kubernetes' own Service", { apiVersion: "v1", kind: "Service", spec: { ports: [] } }],
    ["Kubernetes' own Job", { apiVersion: "batch/v1", kind: "Job", spec: { template: {} } }],
    ["a Deployment", { apiVersion: "apps/v1", kind: "Deployment", spec: { template: {} } }],
    [
      "what names a domain",
      { apiVersion: "domains.run.googleapis.com/v1", kind: "DomainMapping", template: {} },
    ],
    [
      "what has an empty template",
      { apiVersion: "run.googleapis.com/v1", kind: "X", spec: { template: null } },
    ],
  ])("%s is passed over", (_, item) => expect(labels([v1("auth"), item])).toEqual(["auth"]));
  test("an item of a wrong shape is an error with its path", () => {
    expect(() => labels({ items: [v1("auth"), { ...v1("backend"), spec: 5 }] })).toThrow(
      expect.objectContaining({ position: { path: "items[1].spec" } }),
    );
  });
  test("a service is no list, whatever else it has", () => {
    expect(labels({ ...v1("auth"), items: [v1("backend")] })).toEqual(["auth"]);
    expect(labels({ ...v2("auth"), services: [v2("backend")] })).toEqual(["auth"]);
    expect(() => labels({ spec: {}, items: [v1("backend")] })).toThrow(/not a document/u);
    expect(() => labels({ kind: "List", items: [{ kind: "Route" }] })).toThrow(/not a document/u);
  });
});
