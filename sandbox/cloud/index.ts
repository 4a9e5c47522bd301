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
export { type Cloud, type CloudOptions, type LoggedCall, startCloud } from "./start.ts";
export { StoreError } from "./store.ts";
