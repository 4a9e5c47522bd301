/** The SDK's connections to the engine, of which the guard wraps a few methods for the length of one run. */
import * as pulumi from "@pulumi/pulumi";

/** The answer to a call: an error, or null and the response. */
export type Answer = (error: unknown, response?: unknown) => void;

/** A call with one request and one answer, as gRPC clients have it. */
export type Call = (request: unknown, answer: Answer) => unknown;

/** A method of a client, bound to it. @throws RunError for an SDK that has no such method */
export function callOf(client: object, method: string): Call {
  const call: unknown = Reflect.get(client, method);
  if (typeof call !== "function") {
    throw new pulumi.RunError(
      `This version of @pulumi/pulumi has no ${method}: the guard cannot work with it.`,
    );
  }
  return (request, answer) => call.call(client, request, answer);
}

/** Puts `wrapper` before a method of this one client. */
export function wrap(client: object, method: string, wrapper: (original: Call) => Call): void {
  Reflect.set(client, method, wrapper(callOf(client, method)));
}

/** The text that a request's getter gives. */
export function textOf(request: unknown, getter: string): string {
  const get: unknown =
    typeof request === "object" && request !== null ? Reflect.get(request, getter) : undefined;
  const text: unknown = typeof get === "function" ? get.call(request) : undefined;
  return typeof text === "string" ? text : "";
}
