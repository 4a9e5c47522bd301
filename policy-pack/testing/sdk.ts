/** Asks policies as the engine does, through the SDK's own server functions, without an engine. */
import { createRequire } from "node:module";
import type { PolicyPackArgs } from "@pulumi/policy";
import analyzerProto from "@pulumi/pulumi/proto/analyzer_pb.js";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import { z } from "zod";
import { type TestResource, urnOf } from "../../src/documents/testing/stack.ts";

type Policies = PolicyPackArgs["policies"];
type Response = InstanceType<typeof analyzerProto.AnalyzeResponse>;
type Handler = (
  call: { request: unknown },
  callback: (error: Error | null | undefined, response: Response) => void,
) => void;
type Maker = (pack: string, version: string, level: string, policies: Policies) => Handler;

const maker = z.custom<Maker>((value) => typeof value === "function");
/** The SDK's types leave its server out. */
const server = z
  .object({ makeAnalyzeRpcFun: maker, makeAnalyzeStackRpcFun: maker })
  .parse(createRequire(import.meta.url)("@pulumi/policy/server.js"));

/** One thing that a policy reported. */
export interface Reported {
  policy: string;
  level: "advisory" | "mandatory";
  message: string;
  urn: string;
}

const { ADVISORY } = analyzerProto.EnforcementLevel;

async function asked(make: Maker, policies: Policies, request: unknown): Promise<Reported[]> {
  const response = await new Promise<Response>((resolve, reject) => {
    make(
      "jwt-secret",
      "0.1.0",
      "mandatory",
      policies,
    )({ request }, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
  return response.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    level: diagnostic.getEnforcementlevel() === ADVISORY ? "advisory" : "mandatory",
    message: diagnostic.getMessage(),
    urn: diagnostic.getUrn(),
  }));
}

function optionsOf({ protect = false }: TestResource) {
  const options = new analyzerProto.AnalyzerResourceOptions();
  options.setProtect(protect);
  return options;
}

type JavaScript = Parameters<typeof structProto.Struct.fromJavaScript>[0];
const Properties = z.custom<JavaScript>((value) => typeof value === "object" && value !== null);
const struct = (value: unknown) => structProto.Struct.fromJavaScript(Properties.parse(value));

/** The default provider, which the stack's configuration gives a project. */
function provider() {
  const shown = new analyzerProto.AnalyzerProviderResource();
  shown.setType("pulumi:providers:gcp");
  shown.setName("default_9_35_0");
  shown.setUrn(urnOf("pulumi:providers:gcp", "default_9_35_0"));
  shown.setProperties(struct({ project: "netra-staging" }));
  return shown;
}

/** Asks about one resource before it is changed. */
export function askResource(policies: Policies, resource: TestResource): Promise<Reported[]> {
  const request = new analyzerProto.AnalyzeRequest();
  request.setType(resource.type);
  request.setName(resource.name);
  request.setUrn(urnOf(resource.type, resource.name));
  request.setProperties(struct(resource.inputs));
  request.setOptions(optionsOf(resource));
  request.setProvider(provider());
  return asked(server.makeAnalyzeRpcFun, policies, request);
}

/** Asks about the whole stack, whose resources show their outputs. */
export function askStack(policies: Policies, resources: readonly TestResource[]): Promise<Reported[]> {
  const request = new analyzerProto.AnalyzeStackRequest();
  request.setResourcesList(
    resources.map((resource) => {
      const shown = new analyzerProto.AnalyzerResource();
      shown.setType(resource.type);
      shown.setName(resource.name);
      shown.setUrn(urnOf(resource.type, resource.name));
      shown.setProperties(struct({ ...resource.inputs, ...resource.outputs }));
      shown.setOptions(optionsOf(resource));
      shown.setProvider(provider());
      for (const [property, urns] of Object.entries(resource.dependsOn ?? {})) {
        const from = new analyzerProto.AnalyzerPropertyDependencies();
        from.setUrnsList(urns);
        shown.getPropertydependenciesMap().set(property, from);
      }
      return shown;
    }),
  );
  return asked(server.makeAnalyzeStackRpcFun, policies, request);
}
