/**
 * Being last: whatever else rewrites a resource, the guard sees what leaves it. Two kinds of rewriting run one after
 * the other, transformations in the program and transforms by order of the engine, and each is a list that anybody may
 * append to at any time.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import { type Answer, callOf, wrap } from "./client.ts";

/** Runs `ours` after every transformation of the stack, those that are added later included. */
export function lastTransformation(stack: object, ours: pulumi.ResourceTransformation): void {
  // Where the SDK keeps them; it replaces the whole list to add one (runtime/stack.js, registerStackTransformation).
  const field = "__transformations";
  const listed: unknown = Reflect.get(stack, field);
  let others: unknown[] = Array.isArray(listed) ? listed : [];
  Object.defineProperty(stack, field, {
    enumerable: true,
    get: () => [...others, ours],
    set: (all: unknown[]) => {
      others = all.filter((one) => one !== ours);
    },
  });
}

/**
 * Runs `ours` after every transform of the stack. The engine runs them in the order in which they reached it, so each
 * that somebody adds is followed by ours once more.
 *
 * @returns settled once the engine knows it
 */
export async function lastTransform(monitor: object, ours: pulumi.ResourceTransform): Promise<void> {
  const callbacks = pulumi.runtime.getCallbacks();
  if (callbacks === undefined) throw new pulumi.RunError("The guard cannot reach the engine.");
  const register = callOf(monitor, "registerStackTransform");
  const registered = callbacks.registerTransform(ours).then((callback) => {
    inThisRun(callbacks, callback.getToken());
    return callback;
  });
  const again = (answer: Answer): void => {
    registered.then((callback) => register(callback, answer), answer);
  };
  let queue: Promise<void> = new Promise((resolve, reject) => {
    again((error) => (error ? reject(error) : resolve()));
  });
  const first = queue;
  wrap(monitor, "registerStackTransform", () => (request, answer) => {
    queue = queue.then(
      () =>
        new Promise((resolve) => {
          const done: Answer = (error, response) => {
            answer(error ?? null, response);
            resolve();
          };
          register(request, (error, response) => {
            if (error) done(error);
            else again((failure) => done(failure, response));
          });
        }),
    );
  });
  await first;
}

/**
 * Lets a callback of the engine run as part of this run. The Automation API keeps what belongs to a run in an
 * AsyncLocalStorage, which a call from outside does not have: the SDK would then take a preview for an update, and
 * leave every unknown out of the inputs. With the language host there is one run, and this changes nothing.
 */
function inThisRun(callbacks: object, token: string): void {
  const known: unknown = Reflect.get(callbacks, "_callbacks");
  const callback: unknown = known instanceof Map ? known.get(token) : undefined;
  if (!(known instanceof Map) || typeof callback !== "function") {
    throw new pulumi.RunError(
      "This version of @pulumi/pulumi keeps its callbacks elsewhere: the guard cannot work with it.",
    );
  }
  const run = AsyncLocalStorage.snapshot();
  known.set(token, (bytes: unknown) => run(() => callback(bytes)));
}
