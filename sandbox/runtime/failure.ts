/** An instance that did not start. */

/** Why an instance is not there; `message` is one sentence for whoever deploys. Holds no value of a secret. */
export class StartFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = "StartFailure";
  }
}

/** What Cloud Run says of a container that does not come up, and the last line the container itself said. */
export function notListening(revision: string, lastWords: string): StartFailure {
  const said = lastWords === "" ? "it said nothing" : lastWords;
  return new StartFailure(
    `Revision '${revision}' is not ready and cannot serve traffic. The user-provided container failed to start and ` +
      `listen on the port defined provided by the PORT environment variable within the allocated timeout. Its log: ${said}`,
  );
}
