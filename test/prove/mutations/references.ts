/** Changes to what JWT variables refer to. */
import { elsewhere } from "../baseline.ts";
import {
  declared,
  everyVariable,
  everywhere,
  inTurn,
  type Mutation,
  oneVariable,
  otherSecret,
  otherVersion,
  placeholder,
  version,
} from "./change.ts";

export const references: Readonly<Record<string, Mutation>> = {
  "another secret on one service": everyVariable(otherSecret),
  "another secret on one service, declared": inTurn(everyVariable(otherSecret), declared),
  "another secret in one variable": oneVariable(otherSecret),
  "another project on one service": everyVariable((ref) => ({ ...ref, project: elsewhere })),
  "another project in one variable": oneVariable((ref) => ({ ...ref, project: elsewhere })),
  "another project everywhere": everywhere((ref) => ({ ...ref, project: elsewhere })),
  "another secret everywhere": everywhere((ref) => ({ ...ref, secret: "jwt-signing" })),
  "another secret everywhere, declared": inTurn(
    everywhere((ref) => ({ ...ref, secret: "jwt-signing" })),
    declared,
  ),
  "another version on one service": everyVariable(otherVersion),
  "another version on one service, declared": inTurn(everyVariable(otherVersion), declared),
  "another version in one variable": oneVariable(otherVersion),
  "a version that does not exist": everywhere(version("9")),
  "latest everywhere": everywhere(version("latest")),
  "latest on one service": everyVariable(version("latest")),
  "latest in one variable": oneVariable(version("latest")),
  "a version alias everywhere": everywhere(version("current")),
  "a version alias on one service": everyVariable(version("current")),
  "no version everywhere": everywhere(version(null)),
  "no version on one service": everyVariable(version(null)),
  "a placeholder for the secret everywhere": everywhere((ref) => ({
    ...ref,
    secret: placeholder("JWT_SECRET_NAME"),
  })),
  "a placeholder for the version everywhere": everywhere(version(placeholder("VERSION"))),
  "a placeholder for the secret on one service": everyVariable((ref) => ({
    ...ref,
    secret: placeholder("JWT_SECRET_NAME"),
  })),
};
