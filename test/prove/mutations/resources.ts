/** Changes to the resources around the services. */
import { accessor, elsewhere } from "../baseline.ts";
import { email } from "../model.ts";
import { type Mutation, memberIn, oneOfThePair } from "./change.ts";

export const resources: Readonly<Record<string, Mutation>> = {
  "the label of another environment": (_, environment) => {
    for (const secret of environment.secrets) secret.label = "elsewhere";
  },
  "no label": (_, environment) => {
    for (const secret of environment.secrets) secret.label = null;
  },
  "the secret not protected": (_, environment, dice) => {
    if (environment.secrets.length > 0) dice.pick(environment.secrets).protect = false;
  },
  "the secret expires": (_, environment, dice) => {
    if (environment.secrets.length > 0) dice.pick(environment.secrets).ttl = true;
  },
  "a version destroyed on replacement": (_, environment, dice) => {
    const [secret] = environment.secrets;
    if (secret && secret.versions.length > 0) {
      dice.pick(secret.versions).deletionPolicy = dice.pick(["DELETE", null]);
    }
  },
  "a version disabled": (_, environment, dice) => {
    const [secret] = environment.secrets;
    if (secret && secret.versions.length > 0) dice.pick(secret.versions).enabled = false;
  },
  "a version not declared": (_, environment) => {
    const [secret] = environment.secrets;
    if (secret) secret.versions = secret.versions.slice(0, -1);
  },
  "the secret not declared": (_, environment) => {
    environment.secrets = environment.secrets.filter(({ id }) => !id.startsWith("jwt"));
  },
  "one account not granted": (_, environment, dice) => {
    const member = memberIn(environment, dice);
    environment.grants = environment.grants.map((grant) => ({
      ...grant,
      members: grant.members.filter((other) => other !== member),
    }));
  },
  "no grants": (_, environment) => {
    environment.grants = [];
  },
  "the wrong role granted": (_, environment, dice) => {
    const role = dice.pick([
      "roles/secretmanager.viewer",
      "roles/viewer",
      "roles/secretmanager.secretVersionAdder",
    ]);
    environment.grants = environment.grants.map((grant) => ({ ...grant, role }));
  },
  "a stronger role granted": (_, environment, dice) => {
    const role = dice.pick(["roles/secretmanager.admin", "roles/owner"]);
    environment.grants = environment.grants.map((grant) => ({ ...grant, role }));
  },
  "granted on another secret": (_, environment) => {
    environment.grants = environment.grants.map((grant) => ({ ...grant, secret: "db-password" }));
  },
  "granted on another project": (_, environment) => {
    environment.grants = environment.grants.map((grant) => ({ ...grant, project: elsewhere }));
  },
  "granted with a condition": (_, environment) => {
    environment.grants = environment.grants.map((grant) => ({ ...grant, conditional: true }));
  },
  "everybody granted": (_, environment, dice) => {
    const [grant] = environment.grants;
    if (!grant) return;
    const members = [dice.pick(["allUsers", "allAuthenticatedUsers"])];
    environment.grants = [
      ...environment.grants,
      { ...grant, form: "member", role: accessor, members, project: environment.home },
    ];
  },
  "everybody may view": (_, environment) => {
    const [grant] = environment.grants;
    if (!grant) return;
    environment.grants = [
      ...environment.grants,
      { ...grant, form: "member", role: "roles/secretmanager.viewer", members: ["allUsers"] },
    ];
  },
  "everybody granted on an unrelated secret": (_, environment) => {
    const [grant] = environment.grants;
    const database = environment.secrets.find(({ id }) => id.startsWith("db"));
    if (!grant || !database) return;
    environment.grants = [
      ...environment.grants,
      { ...grant, form: "member", role: accessor, members: ["allUsers"], secret: database.id },
    ];
  },
  "a group granted instead": (_, environment) => {
    environment.grants = environment.grants.map((grant) => ({
      ...grant,
      members: ["group:ops@example.com"],
    }));
  },
  "the default account": (_, environment, dice) => {
    oneOfThePair(environment, dice).account = null;
  },
  "the default account, granted": (subject, environment, dice) => {
    const service = oneOfThePair(environment, dice);
    service.account = null;
    const [grant] = environment.grants;
    if (!grant) return;
    environment.grants = [
      ...environment.grants,
      { ...grant, members: [`serviceAccount:${email(subject.world, service)}`] },
    ];
  },
  "another account": (_, environment, dice) => {
    oneOfThePair(environment, dice).account = "somebody";
  },
};
