/** Revisions that become ready, or not, after the call that made them: with a runtime, that takes a moment. */
import { asObject, asString, objectField } from "./context.ts";
import { serviceJson } from "./run-json.ts";
import type { CloudState, JsonObject } from "./state.ts";

/** Notes how the first instance of a revision fared: it is ready, or it is not for `failure`. */
export function noteStarted(
  state: CloudState,
  service: string,
  revision: string,
  failure: string | undefined,
): void {
  const found = state.services[service];
  const one = found?.revisions.find(({ name }) => name === revision);
  if (found === undefined || one?.starting !== true) return;
  delete one.starting;
  one.ready = failure === undefined;
  if (failure !== undefined) one.reason = failure;
  else if (found.latestCreated === revision) found.latestReady = revision;
}

/** The service that a call's answer says was changed; undefined when it is no operation on a service. */
export function revisedService(method: string, answer: JsonObject): string | undefined {
  if (method === "GET" || !/\/operations\//.test(asString(answer.name) ?? "")) return undefined;
  const name = asString(objectField(answer, "metadata").name) ?? "";
  return /\/services\//.test(name) ? name : undefined;
}

/** The operation's answer once the runtime is done: what a revision that was starting has come to. */
export function settled(state: CloudState, service: string, answer: JsonObject): JsonObject {
  const before = asObject(objectField(answer, "metadata").terminalCondition);
  const now = state.services[service];
  if (now === undefined || answer.error !== undefined) return answer;
  const json = serviceJson(state, now);
  const { name = "" } = answer;
  const reason = now.revisions.at(-1)?.reason;
  if (before?.state !== "CONDITION_RECONCILING" || reason === undefined) {
    return { name, done: true, metadata: json, response: json };
  }
  return { name, done: true, metadata: json, error: { code: 9, message: reason } };
}
