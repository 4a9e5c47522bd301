import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";
import anyProto from "google-protobuf/google/protobuf/any_pb.js";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import { z } from "zod";
import { CreatedButFailed } from "./resource.ts";
import type { Properties, Value } from "./values.ts";

/** Between the engine's protobuf messages and plain values. */

const valueSchema: z.ZodType<Value> = z.lazy(() =>
  z.union([
    z.null(),
    z.boolean(),
    z.number(),
    z.string(),
    z.array(valueSchema),
    z.record(z.string(), valueSchema),
  ]),
);
const propertiesSchema = z.record(z.string(), valueSchema);

export function fromStruct(struct: structProto.Struct | undefined): Properties {
  return struct ? propertiesSchema.parse(struct.toJavaScript()) : {};
}

export function toStruct(properties: Properties): structProto.Struct {
  return structProto.Struct.fromJavaScript(properties);
}

/**
 * A failure as the engine wants it. What was made but failed goes along, so that the engine keeps it
 * (pulumirpc.ErrorResourceInitFailed in the status details).
 */
export function toServiceError(cause: unknown, inputs?: Properties): Partial<ServiceError> {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (!(cause instanceof CreatedButFailed)) return { code: status.UNKNOWN, details: message };
  const failed = new provider.ErrorResourceInitFailed();
  failed.setId(cause.id);
  failed.setReasonsList([message]);
  failed.setProperties(toStruct(cause.outputs));
  failed.setInputs(toStruct(inputs ?? {}));
  const detail = new anyProto.Any();
  detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const grpcStatus = new statusProto.Status();
  grpcStatus.setCode(status.UNKNOWN);
  grpcStatus.setMessage(message);
  grpcStatus.addDetails(detail);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(grpcStatus.serializeBinary()));
  return { code: status.UNKNOWN, details: message, metadata };
}
