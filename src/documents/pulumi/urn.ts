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

const start = "urn:pulumi:";
const none: readonly string[] = [];

/** `urn:pulumi:STACK::PROGRAM::PARENT$TYPE::NAME` (sdk/go/common/resource/urn); the name may hold `::`. */
export function parseUrn(urn: string): Urn | undefined {
  // By hand rather than by a pattern: a long document has a hundred thousand.
  const stackEnd = urn.indexOf(":", start.length);
  if (!urn.startsWith(start) || stackEnd <= start.length || urn[stackEnd + 1] !== ":") return undefined;
  const programEnd = urn.indexOf("::", stackEnd + 2);
  const chainEnd = programEnd === -1 ? -1 : urn.indexOf("::", programEnd + 2);
  if (chainEnd === -1) return undefined;
  const chain = urn.slice(programEnd + 2, chainEnd);
  const typeStart = chain.lastIndexOf("$") + 1;
  return {
    urn,
    stack: urn.slice(start.length, stackEnd),
    program: urn.slice(stackEnd + 2, programEnd),
    parents: typeStart === 0 ? none : chain.slice(0, typeStart - 1).split("$"),
    type: typeStart === 0 ? chain : chain.slice(typeStart),
    logicalName: urn.slice(chainEnd + 2),
  };
}
