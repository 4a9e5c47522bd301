/** The sandbox's Pulumi providers: the door of the room. */
export { type Providers, type ProvidersOptions, startProviders } from "./start.ts";
