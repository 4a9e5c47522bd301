/**
 * How a run ends that must not go on: one line is logged, nothing more is registered, and the engine is never told that
 * the program is complete. A program that seems complete without a service has that service deleted.
 */
import * as pulumi from "@pulumi/pulumi";
import { textOf, wrap } from "./client.ts";

/** The exit code by which Pulumi's language host knows that the error was shown (cmd/run/index.js). */
const shown = 32;

/** What the SDK takes for an engine that has gone (gRPC's UNAVAILABLE), and says nothing about. */
const gone = { code: 14 };

/**
 * Whether this process was started by Pulumi's language host to run this program and nothing else. The programs of the
 * Automation API run inside somebody's own process, which is not the guard's to end.
 */
export function isLanguageHost(main: string | undefined = process.argv[1]): boolean {
  return /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run([\\/]index(\.js)?)?[\\/]?$/.test(main ?? "");
}

/** An error that keeps its one line: the SDK writes into the message of whatever passes its serializer (runtime/rpc.js). */
function lasting(message: string): pulumi.RunError {
  return Object.defineProperty(new pulumi.RunError(message), "message", {
    get: () => message,
    set: () => {},
  });
}

const refusals = new Set<string>();

/**
 * The SDK stops listening to rejections before the last of them arrive. In somebody's own process they would end it;
 * a refusal was told already.
 */
function expectRejections(error: pulumi.RunError): void {
  if (!process.listeners("unhandledRejection").includes(alreadyTold))
    process.on("unhandledRejection", alreadyTold);
  refusals.add(error.message);
}

function alreadyTold(reason: unknown): void {
  // The SDK and the engine put their own words around it.
  if (reason instanceof Error && [...refusals].some((message) => reason.message.includes(message))) return;
  // Being there at all must change nothing for any other rejection.
  if (process.listenerCount("unhandledRejection") === 1) throw reason;
}

/** The end of one run, once it is refused. */
export class Refusal {
  #error: pulumi.RunError | undefined;
  #logged = false;

  /**
   * Watches the connections of the running program.
   *
   * @param complete whether all that was constructed has been registered
   */
  constructor(monitor: object, engine: object | undefined, complete: () => boolean) {
    // What fails after a refusal fails because of it.
    wrap(monitor, "registerResource", (call) => (request, answer) => {
      this.check();
      return call(request, answer);
    });
    wrap(monitor, "signalAndWaitForShutdown", (call) => (request, answer) => {
      if (this.#error === undefined && complete()) return call(request, answer);
      if (!isLanguageHost())
        return answer(this.#error ?? new pulumi.RunError("The program ended too early."));
      process.exitCode = 1;
      return answer(gone);
    });
    if (engine === undefined) return;
    wrap(engine, "log", (call) => (request, answer) => {
      if (this.#error === undefined) return call(request, answer);
      if (this.#logged || textOf(request, "getMessage") !== this.#error.message) return answer(null);
      this.#logged = true;
      return call(request, answer);
    });
  }

  /** @throws RunError when the run is refused */
  check(): void {
    if (this.#error !== undefined) throw this.#error;
  }

  /**
   * Ends the run.
   *
   * @throws RunError always, the same one each time: whoever waits for a service that is refused gets it
   */
  async refuse(message: string): Promise<never> {
    this.check();
    const error = this.#end(message);
    await pulumi.log.error(message);
    if (isLanguageHost()) process.exit(shown);
    throw error;
  }

  /**
   * Ends the run as the answer to an engine that waits for one: it shows the error itself, and fails.
   *
   * @throws RunError always
   */
  answer(message: string): never {
    this.check();
    throw this.#end(message);
  }

  #end(message: string): pulumi.RunError {
    const error = lasting(message);
    this.#error = error;
    expectRejections(error);
    return error;
  }
}
