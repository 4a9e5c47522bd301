/** Which version of which secret each service reads, before and after. */
import { check } from "../../src/check.ts";
import { readValue } from "../../src/documents/document.ts";
import { DocumentError } from "../../src/documents/error.ts";
import { printReference } from "../../src/policy/describe.ts";
import { referenceText } from "../../src/reports/reference.ts";

/** The references of one service, as text. */
export interface Carries {
  role: string;
  name: string;
  /** What it signs or verifies with; undefined when the document does not settle it. */
  current?: string;
  /** What it still accepts during a rotation. */
  previous?: string;
}

/** A service before and after; one of them is undefined for a service that comes or goes. */
export interface Row {
  role: string;
  name: string;
  before?: Carries;
  after?: Carries;
}

const previousName = "JWT_SECRET_PREVIOUS";

/** The version still accepted, by the resource's URN. */
function previousVersions(document: object): Map<string, string> {
  const found = new Map<string, string>();
  for (const { location, containers } of readValue(document, { file: "preview" }).services) {
    if (location.urn === undefined || !Array.isArray(containers)) continue;
    for (const { name, value } of containers.flatMap(({ variables }) => variables)) {
      if (name === previousName && value.kind === "reference")
        found.set(location.urn, printReference(value.reference));
    }
  }
  return found;
}

/** The services of a preview, by URN; none when it cannot be read, which the verdict on it says. */
function servicesOf(document: object): Map<string, Carries> {
  try {
    const previous = previousVersions(document);
    const report = check({ documents: [{ file: "preview", content: document }] });
    const services = report.environments.flatMap((environment) => environment.services);
    return new Map(
      services.map(({ role, kind, name, reference, location: { urn = name } }) => {
        const accepted = previous.get(urn);
        const carries: Carries = {
          role: role ?? kind,
          name,
          ...(reference === null ? {} : { current: referenceText(reference) }),
          ...(accepted === undefined ? {} : { previous: accepted }),
        };
        return [urn, carries];
      }),
    );
  } catch (error) {
    if (error instanceof DocumentError) return new Map();
    throw error;
  }
}

/** The services of both documents, in the order of the second. */
export function compare(before: object, after: object): Row[] {
  const old = servicesOf(before);
  const now = servicesOf(after);
  const urns = new Set([...now.keys(), ...old.keys()]);
  return [...urns].flatMap((urn): Row[] => {
    const [was, is] = [old.get(urn), now.get(urn)];
    const any = is ?? was;
    if (any === undefined) return [];
    return [
      {
        role: any.role,
        name: any.name,
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { after: is }),
      },
    ];
  });
}
