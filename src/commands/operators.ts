/** The commands of operators: one chunk of what ships, loaded when one of them is called. */
export { command as rotate } from "./rotate/rotate.ts";
export { command as smoke } from "./smoke/smoke.ts";
export { command as token } from "./token/token.ts";
