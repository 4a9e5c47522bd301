/** The arguments of `smoke`. */
import { z } from "zod";
import { KeyValues, keyFlags, readArguments, span } from "../key/arguments.ts";
import { formats } from "./writers.ts";

const Path = z.string().regex(/^\/(?!\/)[^#\s\\]*$/u, {
  error: (issue) => `takes a path that begins with /, not "${String(issue.input)}"`,
});

const Address = z.string().transform((text, context): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url?.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (url !== undefined && plain && /^https?:$/u.test(url.protocol)) return url;
  context.addIssue({
    code: "custom",
    message: `takes an address such as https://api.example.com, not "${text}"`,
  });
  return z.NEVER;
});

const Host = z
  .string()
  .regex(/^[^\s/:@]+(?::\d+)?$|^\[[0-9a-f:.]+\](?::\d+)?$/iu, {
    error: (issue) => `takes a host, such as api.example.com, not "${String(issue.input)}"`,
  })
  .transform((host) => host.toLowerCase());

/** A token in the sense of HTTP (RFC 9110), as a subprotocol must be. */
const Subprotocol = z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/u, {
  error: (issue) => `takes a subprotocol's name, not "${String(issue.input)}"`,
});

const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values, { error: (issue) => `takes ${values.join(", ")}, not "${String(issue.input)}"` });

const Values = KeyValues.extend({
  url: Address.optional(),
  "auth-url": Address.optional(),
  "confirm-host": z.array(Host).default([]),
  "websocket-path": Path.optional(),
  "no-websocket": z.boolean().default(false),
  "http-path": Path.optional(),
  "no-http": z.boolean().default(false),
  "remote-path": Path.optional(),
  "websocket-token": oneOf(["header", "subprotocol"]).default("header"),
  subprotocol: z.array(Subprotocol).default([]),
  "auth-token-path": Path.optional(),
  "auth-token-method": oneOf(["GET", "POST"]).default("POST"),
  "auth-token-body": z.string().min(1, "takes a file").optional(),
  "auth-validate-path": Path.optional(),
  "no-identity-token": z.boolean().default(false),
  timeout: span(1, 300, "10s").default(10),
  settle: span(0, 60, "1s").default(1),
  wait: span(0, 900, "2m").default(0),
  format: oneOf(formats).default("text"),
  output: z.string().min(1, "takes a file").optional(),
});
export type SmokeOptions = z.output<typeof Values>;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const list = { type: "string", multiple: true } as const;

/** @throws UsageError */
export function readOptions(args: readonly string[]): SmokeOptions {
  const flags = {
    ...keyFlags,
    url: text,
    "auth-url": text,
    "confirm-host": list,
    "websocket-path": text,
    "no-websocket": flag,
    "http-path": text,
    "no-http": flag,
    "remote-path": text,
    "websocket-token": text,
    subprotocol: list,
    "auth-token-path": text,
    "auth-token-method": text,
    "auth-token-body": text,
    "auth-validate-path": text,
    "no-identity-token": flag,
    timeout: text,
    settle: text,
    wait: text,
    format: text,
    output: text,
  } as const;
  return readArguments(args, flags, Values);
}
