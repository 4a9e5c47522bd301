/** What `jwt-secret adopt --help` prints. */

export const help = `jwt-secret adopt: bring two services that run already under this project, without refusing a token.

Usage: jwt-secret adopt FILE... --environment NAME [options]

FILE is what these print (JSON or YAML; services in v1 or v2; - is standard input):
  gcloud run services describe NAME --format=json              both services, required
  gcloud secrets versions list SECRET --format=json            which number latest is; required for a secret read at latest
  gcloud secrets describe SECRET --format=json                 what an alias of a version means
  gcloud iam service-accounts describe E-MAIL --format=json    whether an account was made by this project

It prints what the services read today, what is wrong, which secret stays, what the first update will change, and the
steps in the safe order. It asks no cloud and changes nothing; with --output it writes four files for those steps.

Options:
  --environment NAME       the environment, which becomes the stack's name; required
  --output FOLDER          write Pulumi.NAME.yaml, overrides/NAME.ts (where needed), import.NAME.json and
                           adoption.NAME.txt there, all or none; . is the project's folder
  --force                  write over files that are there
  --service ROLE=NAME      the service that is auth, or backend, where its name does not tell; repeatable
  --reads ROLE=VAR,VAR     variables that role reads first, in order; repeatable. Needed where auth carries several
  --project ID             the project's ID, where the files have its number alone
  --project ID=NUMBER      the ID and the number of one project; repeatable
  --policy SECRET=FILE     what gcloud secrets get-iam-policy SECRET --format=json prints: who may read it; repeatable
  --ignore PATH            give up a setting that adopt does not know; repeatable
  --help                   this text

Exit codes: 0 it can be adopted (and the files are written); 2 it cannot, or wrong usage. Nothing is written then.

Examples:
  jwt-secret adopt auth.json backend.json versions.json --environment staging --project my-project
  jwt-secret adopt *.json --environment staging --project my-project --reads auth=JWT_SECRET_KEY --output .
`;
