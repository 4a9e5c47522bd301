/** What `jwt-secret check --help` prints. */
import { formats } from "../../reports/writer.ts";

export const help = `jwt-secret check: decide whether both services of an environment carry one JWT secret.

Usage: jwt-secret check [FILE...] [options]

FILE is any of these, and several are checked together; - is standard input:
  a Pulumi preview         pulumi preview --json --show-sames > preview.json
  a stack export           pulumi stack export > state.json (or a checkpoint of a local backend)
  Cloud Run services       gcloud run services describe NAME --format=json (or yaml; v1 or v2; one or a list)
Without FILE, every Pulumi.<environment>.yaml of the project in this folder is evaluated: no cloud, no login.

Options:
  --environment NAME       the environment of Cloud Run services (a Pulumi document says its own: the stack);
                           without FILE: check this environment alone
  --service ROLE=NAME      the service that is auth, or backend, where its name does not tell; repeatable
  --reads ROLE=VAR,VAR     variables that role reads first, in order; they count as JWT variables; repeatable
  --project ID             the project of services that name none
  --project ID=NUMBER      the ID and the number of one project; repeatable
  --format FORMAT          ${formats.join(", ")} (default: text)
  --output FILE            write the report there instead of to standard output
  --waivers FILE           accepted findings (YAML or JSON): a list of { rule, target, reason, expires: YYYY-MM-DD },
                           where target is a service, an environment, or environment/service; days are UTC
  --help                   this text

A file jwt-secret.policy.yaml in this folder sets how much weight rules have:
  severity: { jwt-secret-guarded: mandatory }

Exit codes: 0 pass; 1 a mandatory violation; 2 undetermined, unreadable, no services, or wrong usage.

Examples:
  pulumi preview --json --show-sames | jwt-secret check -
  jwt-secret check auth.yaml backend.yaml --project my-project
  jwt-secret check services.json --service auth=identity --reads backend=JWT_SECRET_KEY --format markdown
`;
