/**
 * The sandbox's Cloud Run, running: the door of the room.
 *
 * A service is real processes on loopback. Each revision has instances; an instance is a process that is given its
 * variables when it **starts**, its secrets read from the sandbox's Secret Manager as the revision's runtime account at
 * that moment. A front per service, on a loopback port of its own that stays, sends HTTP and WebSocket to the instances
 * of the revisions that have traffic. A new revision takes traffic once one of its instances is ready; the one before
 * goes on until its last request and its last WebSocket end. Nothing is dropped.
 *
 * **In one's own process**, without Pulumi (tests):
 *
 * ```ts
 * await using platform = await startPlatform({ directory });     // a cloud and its runtime
 * platform.cloud.url                                              // its APIs; POST, PATCH services there as ever
 * platform.runtime.service("auth-staging")?.address               // http://127.0.0.1:PORT
 * await platform.runtime.scale("auth-staging", 3)                 // two more instances, started now
 * ```
 *
 * A create or a patch of a service answers when its new revision is ready, or with the reason why it is not: then the
 * traffic stays where it was. A rollback is Cloud Run's own call: PATCH `...?updateMask=traffic` with
 * `{traffic: [{type: "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", revision, percent: 100}]}`; the way forward again is
 * `TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST`.
 *
 * **Beside `npm start`**: one process per sandbox, the supervisor, keeps cloud and runtime; every later `npm start`
 * (and `preview`, `destroy`) of that sandbox deploys through it while it serves. `running.json` in the sandbox's folder
 * says where everything is (`readRunning`). `connect(folder)` gives its controls: `scale` and `stop`. Rollback goes
 * through the cloud's API at `readRunning(folder).cloud`. `npm start -- --detach` leaves it running, `npm run stop` ends
 * it, and `--deploy-only` deploys without starting it.
 *
 * What is not there: containers (the image is not run: the sandbox's own `auth` and `backend` run whatever it is, chosen
 * by role; `SANDBOX_PLACEHOLDER=1` among a service's plain variables runs Google's hello page instead), sidecars,
 * mounted files, and scaling by load.
 */
export { type Control, connect, controlPath, type HoldEnd } from "./control.ts";
export { type Answered, type HandshakeOptions, handshake } from "./handshake.ts";
export { type Platform, type PlatformOptions, startPlatform } from "./platform.ts";
export { placeholderVariable } from "./program.ts";
export { RunningFile, readRunning, runningPath } from "./running.ts";
export type { InstanceView, Runtime, ServiceView } from "./runtime.ts";
export { servicesLog, startSupervisor } from "./start.ts";
