/** A resource's properties as the engine sent them. */

/**
 * The SDK hands properties out behind proxies that throw for an unknown, and then downgrades the policy that asked to
 * an advisory one (@pulumi/policy, proxy.ts and server.ts): it fails open. Descriptors are read past the proxy, so that
 * an unknown is what it is in every other document: text that stands for a value.
 */
export function plainProperties(properties: object): Record<string, unknown> {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(properties));
  return Object.fromEntries(descriptors.map(([name, { value }]) => [name, value]));
}
