import { declared, inTurn, type Mutation, row } from "./change.ts";

export const field: Readonly<Record<string, Mutation>> = {
  "field 08-21": row({}, { JWT_SECRET: "jwt-secret" }, false),
  "field 08-22": row({ JWT_SECRET_KEY: "jwt-secret-key-$" }, { JWT_SECRET_KEY: "jwt-secret-$" }, false),
  "field 08-22, pinned and declared": inTurn(
    row({ JWT_SECRET_KEY: "jwt-secret-key-$" }, { JWT_SECRET_KEY: "jwt-secret-$" }, true),
    declared,
  ),
  "field 08-24": row(
    { JWT_SECRET_KEY: "jwt-secret-key-$" },
    { JWT_SECRET_KEY: "jwt-secret-key-$", JWT_SECRET: "jwt-secret-$" },
    false,
  ),
  "field 08-31": row(
    { OWN: "jwt-secret-$", JWT_SECRET_KEY: "jwt-secret-key" },
    { OWN: "jwt-secret-$", JWT_SECRET_KEY: "jwt-secret-key" },
    true,
    { auth: ["OWN"], backend: ["JWT_SECRET_KEY"] },
  ),
  "field 09-07": row(
    { JWT_SECRET_KEY: "jwt-secret-$", OWN: "jwt-secret-$", JWT_SECRET: "jwt-secret-$" },
    { JWT_SECRET_KEY: "jwt-secret-$", OWN: "jwt-secret-$", JWT_SECRET: "jwt-secret-$" },
    false,
  ),
  "field 09-07, pinned": row(
    { JWT_SECRET_KEY: "jwt-secret-$", OWN: "jwt-secret-$", JWT_SECRET: "jwt-secret-$" },
    { JWT_SECRET_KEY: "jwt-secret-$", OWN: "jwt-secret-$", JWT_SECRET: "jwt-secret-$" },
    true,
  ),
};
