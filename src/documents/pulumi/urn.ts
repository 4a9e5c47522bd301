/** The names of resources in Pulumi documents. */

export interface Urn {
  urn: string;
  stack: string;
  /** The Pulumi project. */
  program: string;
  /** Types of the components it is a child of, outermost first. */
  parents: readonly string[];
  type: string;
  /** The logical name. */
  logicalName: string;
}

/** `urn:pulumi:STACK::PROGRAM::PARENT$TYPE::NAME` (sdk/go/common/resource/urn); the name may hold `::`. */
const pattern = /^urn:pulumi:([^:]+)::(.*?)::(.*?)::(.*)$/su;

export function parseUrn(urn: string): Urn | undefined {
  const [, stack, program, chain, logicalName] = pattern.exec(urn) ?? [];
  if (stack === undefined || program === undefined || chain === undefined || logicalName === undefined)
    return undefined;
  const parents = chain.split("$");
  const type = parents.pop() ?? "";
  return { urn, stack, program, parents, type, logicalName };
}
