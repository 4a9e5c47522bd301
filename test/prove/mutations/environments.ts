/** Changes between environments. */
import { jwtSecretName } from "../baseline.ts";
import { changeRef, currentRef, jwtVariables, type Mutation } from "./change.ts";

export const environments: Readonly<Record<string, Mutation>> = {
  "environments share a secret": (subject) => {
    const [first, ...others] = subject.world.environments;
    if (!first) return;
    for (const other of others) {
      const own = jwtSecretName(other.name);
      for (const service of other.services) {
        for (const variable of jwtVariables(other, service)) {
          changeRef(variable, (ref) => (ref.secret === own ? currentRef(first) : ref));
        }
      }
    }
  },
  "environments use the same secret name": (subject) => {
    for (const environment of subject.world.environments) {
      for (const secret of environment.secrets) {
        if (secret.id === jwtSecretName(environment.name)) secret.id = "jwt-secret-shared";
      }
      environment.grants = environment.grants.map((grant) =>
        grant.secret === jwtSecretName(environment.name) ? { ...grant, secret: "jwt-secret-shared" } : grant,
      );
      for (const service of environment.services) {
        for (const container of service.containers) {
          for (const variable of container.variables) {
            changeRef(variable, (ref) =>
              ref.secret === jwtSecretName(environment.name) ? { ...ref, secret: "jwt-secret-shared" } : ref,
            );
          }
          container.files = container.files.map((file) =>
            file.ref.secret === jwtSecretName(environment.name)
              ? { ...file, ref: { ...file.ref, secret: "jwt-secret-shared" } }
              : file,
          );
        }
      }
    }
  },
};
