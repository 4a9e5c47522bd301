/** The sandbox's Google Cloud: the door of the room. */
export type {
  Description,
  GrantDescription,
  RevisionDescription,
  SecretDescription,
  ServiceDescription,
} from "./describe.ts";
export type { Fault } from "./faults.ts";
export { projectNumber } from "./projects.ts";
export { noteStarted } from "./readiness.ts";
export { serviceUrl } from "./run-json.ts";
export { type Cloud, type CloudOptions, type LoggedCall, type ServiceRuntime, startCloud } from "./start.ts";
export type { CloudState, JsonObject, Revision, Service } from "./state.ts";
export { Store, StoreError } from "./store.ts";
