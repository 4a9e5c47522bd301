/**
 * The one way to put a key into a service. A `JwtReference` is opaque: it comes from a `JwtSecret`, and nothing else
 * can be written under a JWT variable's name.
 */
import * as pulumi from "@pulumi/pulumi";
import { fingerprintVariable, jwtVariableNames, previousVariable } from "../environment/names.ts";

/** A variable of a container, as `cloudrunv2.Service` takes it, with a name that is plain text. */
export interface Variable {
  readonly name: string;
  readonly value?: pulumi.Input<string>;
  readonly valueSource?: {
    readonly secretKeyRef: { readonly secret: pulumi.Input<string>; readonly version: pulumi.Input<string> };
  };
}

/** A reference to one version of the environment's one secret, pinned to its number. */
export class JwtReference {
  readonly #secret: pulumi.Input<string>;
  readonly #version: pulumi.Output<string>;

  /**
   * For `JwtSecret` alone.
   *
   * @param secret short ID in the same project, `projects/PROJECT/secrets/SECRET` in another
   * @param version the version's number
   */
  constructor(secret: pulumi.Input<string>, version: pulumi.Input<string>) {
    this.#secret = secret;
    this.#version = pulumi.output(version).apply((number) => {
      if (/^[1-9][0-9]*$/.test(number)) return number;
      throw new pulumi.RunError(
        `A JWT reference needs the number of a version, not ${JSON.stringify(number)}.`,
      );
    });
  }

  /** The variable of this name that carries the reference. */
  as(name: string): Variable {
    return { name, valueSource: { secretKeyRef: { secret: this.#secret, version: this.#version } } };
  }
}

/** The references a service carries: the key it works with and, during a rotation, the one still accepted. */
export interface JwtReferences {
  readonly current: JwtReference;
  readonly previous?: JwtReference;
  /**
   * Which key `current` is, in clear: the first 16 hex digits of the SHA-256 of its value. Absent where the value never
   * meets Pulumi.
   */
  readonly fingerprint?: pulumi.Output<string>;
}

/**
 * All JWT variables of a service: the current reference under every name a service may read it by, so that the order
 * in which it reads them cannot matter, the previous one under its own, and the fingerprint of the current key.
 */
export function jwtVariables(environment: string, references: JwtReferences): Variable[] {
  const { current, previous, fingerprint } = references;
  return [
    ...jwtVariableNames(environment).map((name) => current.as(name)),
    ...(previous === undefined ? [] : [previous.as(previousVariable)]),
    ...(fingerprint === undefined ? [] : [{ name: fingerprintVariable, value: fingerprint }]),
  ];
}
