/** Labels on everything that takes them: whose environment it is, and what not to change by hand. */
export function labelsOf(environment: string): Record<string, string> {
  return { environment, "managed-by": "pulumi" };
}
