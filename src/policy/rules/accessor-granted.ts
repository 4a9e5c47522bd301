import { distinct, identity, keyReferences, matchSecret, type Named } from "../declared.ts";
import { printCarried, printReference, printSecret } from "../describe.ts";
import type { Declared, DeclaredSecret, Environment, Reference, Service } from "../facts.ts";
import { hidden, judged, notApplicable, undetermined, violation } from "../finding.ts";
import { accountDoubt, mayAccess, openToAnybody, strangers } from "../grants.ts";
import type { Finding, Rule } from "../rule.ts";
import { carriers } from "../services.ts";

const id = "accessor-granted";

export const accessorGranted: Rule = {
  id,
  description:
    "Each runtime account, a further service's too, may access the secrets its service refers to; nobody may through allUsers or allAuthenticatedUsers, nor, where the list is shown, anyone whom the configuration does not list as an accessor.",
  severity: "mandatory",
  unwaivable: false,
  why: 'Without the accessor role, Cloud Run refuses the revision with "Permission denied on secret", or an instance of an older one fails to start. With allUsers or allAuthenticatedUsers, anybody may read the key and sign tokens for any user; so may an account that was let in once and forgotten.',
  remediation:
    "Give each service a runtime account of its own and grant it `roles/secretmanager.secretAccessor` on that one secret, without a condition. Remove allUsers and allAuthenticatedUsers, and make a new key if they were ever there. List every other reader in `jwt-secret:accessors`.",
  judge(environment) {
    const { declared } = environment;
    if (declared === undefined) return notApplicable("this kind of document does not show grants");
    const open = new Map<string, Finding[]>();
    const judgements = carriers(environment).flatMap((service): Finding[][] => {
      const unseen = hidden(id, service, "which secret its account must access");
      if (unseen !== undefined) return [[unseen]];
      return referred(service, declared, environment).flatMap(({ secrets, elsewhere, doubt }) => {
        if (doubt !== undefined) return [[doubt]];
        // Grants of a secret that another stack makes may be made here, and then they are seen.
        const named =
          elsewhere === undefined ? secrets.map((one) => identity(one, environment)) : [elsewhere];
        for (const { project, secret } of named) {
          const key = JSON.stringify([project, secret]);
          const asked = { service, named: { project, secret } };
          if (!open.has(key))
            open.set(key, [
              ...openness(asked, declared, environment),
              ...unlisted(asked, declared, environment),
            ]);
        }
        // Grants of a secret that is made elsewhere are made there too.
        const own = secrets.filter(({ external }) => external !== true);
        return own.length === 0
          ? []
          : [own.flatMap((secret) => access(service, secret, declared, environment))];
      });
    });
    const found = [...judgements, ...open.values()].flat();
    if (judgements.length === 0 && found.length === 0)
      return notApplicable("no secret that a service refers to is made by this stack");
    return judged(found);
  },
};

/** The declared secrets a service refers to, each once; a finding where that cannot be told. */
function referred(
  service: Service,
  declared: Declared,
  environment: Environment,
): { secrets: DeclaredSecret[]; elsewhere?: Reference; doubt?: Finding }[] {
  const seen = new Set<string>();
  return distinct(keyReferences(service, environment)).flatMap((one) => {
    const match = matchSecret(one.reference, declared, environment);
    if (match.kind === "elsewhere") return [{ secrets: [], elsewhere: one.reference }];
    if (match.kind === "undetermined") {
      const doubt = undetermined(id, {
        services: [service],
        message: `${service.label} reads ${printCarried(one)} from ${printReference(one.reference)}: whether its account may access that secret cannot be told (${match.reason}).`,
        fix: "Check a document that shows the stack's secrets and grants, such as a preview with --show-sames.",
        at: one,
      });
      return [{ secrets: [], doubt }];
    }
    const secrets = match.secrets.filter(({ urn }) => (seen.has(urn) ? false : seen.add(urn) !== undefined));
    return [{ secrets }];
  });
}

function access(
  service: Service,
  secret: DeclaredSecret,
  declared: Declared,
  environment: Environment,
): Finding[] {
  const named = identity(secret, environment);
  const answer = mayAccess(service, named, declared, environment);
  if (answer === "yes") return [];
  const name = printSecret(named);
  const fix = `Grant the runtime account of ${service.label} roles/secretmanager.secretAccessor on ${name}, without a condition.`;
  const reason =
    service.account.kind === "absent"
      ? onDefault
      : answer === "maybe"
        ? (accountDoubt(service, declared) ?? partly(service))
        : declared.incomplete;
  if (reason !== undefined) {
    return [
      undetermined(id, {
        services: [service],
        message: `Whether the runtime account of ${service.label} may access ${name} cannot be told (${reason}).`,
        fix:
          service.account.kind === "absent"
            ? `Give ${service.label} a runtime account of its own and grant it roles/secretmanager.secretAccessor on ${name}.`
            : fix,
      }),
    ];
  }
  return [
    violation(id, {
      services: [service],
      message: `No grant lets the runtime account of ${service.label} access ${name}: Cloud Run will refuse its next revision with "Permission denied on secret".`,
      fix,
    }),
  ];
}

const onDefault = "it names no account, so it runs as the default one of its project";

function partly({ account }: Service): string {
  return account.kind === "unknown"
    ? account.reason
    : "only grants whose condition, role, members or target are not fully known, or which another one takes away, could give it access";
}

/** A secret that a service reads. */
interface Asked {
  service: Service;
  named: Named;
}

function openness({ service, named }: Asked, declared: Declared, environment: Environment): Finding[] {
  const open = openToAnybody(named, declared, environment);
  if (open === undefined) return [];
  const name = printSecret(named);
  const said = {
    services: [service],
    fix: `Remove ${open.member} from the grant, and make a new key.`,
  };
  const finding =
    open.answer === "yes"
      ? violation(id, {
          ...said,
          message: `${open.member} may access ${name}, which ${service.label} reads: anybody can sign tokens for any user.`,
        })
      : undetermined(id, {
          ...said,
          message: `A grant to ${open.member} may open ${name}, which ${service.label} reads, to anybody; its role or its target cannot be told.`,
        });
  return [{ ...finding, location: open.grant.location }];
}

/** Who may sign tokens and stands nowhere in the configuration. */
function unlisted({ service, named }: Asked, declared: Declared, environment: Environment): Finding[] {
  const name = printSecret(named);
  return strangers(named, environment.services, declared, environment).map(({ answer, member, grant }) => {
    const who = member.kind === "known" ? member.value : "A member that is not known";
    const said = {
      services: [service],
      fix: `List ${member.kind === "known" ? who : "it"} in jwt-secret:accessors, or remove the grant and make a new key.`,
    };
    const finding =
      answer === "yes"
        ? violation(id, {
            ...said,
            message: `${who} may access ${name}, which ${service.label} reads, and the configuration does not list it as an accessor: it can sign tokens for any user.`,
          })
        : undetermined(id, {
            ...said,
            message: `${who} may perhaps access ${name}, which ${service.label} reads, and the configuration does not list it as an accessor: its role, its target or the member cannot be told.`,
          });
    return { ...finding, location: grant.location };
  });
}
