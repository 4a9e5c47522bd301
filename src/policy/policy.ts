/** The policy's front door: the rules, the policy as one schema, and the verdict on facts. */
export { decide, MalformedFacts } from "./decide.ts";
export { rules } from "./rules/index.ts";
export { Policy } from "./schema.ts";
export { Settings, severityOf } from "./settings.ts";
export { Waiver, type WaiverInput, Waivers } from "./waivers.ts";
