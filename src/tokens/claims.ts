/** Claims as people write them on a command line: `role=tester`, `roles:=["admin"]`. */

/** Claims that the command sets itself. */
const own: Readonly<Record<string, string>> = {
  sub: "--subject",
  exp: "--ttl",
  iat: "--ttl",
  nbf: "--ttl",
  jti: "nothing: it is random",
};

/**
 * `NAME=TEXT` or `NAME:=JSON`, read into one object.
 * @throws Error of one sentence for the first that cannot be meant.
 */
export function readClaims(written: readonly string[]): Record<string, unknown> {
  const claims: Record<string, unknown> = {};
  for (const one of written) {
    const [, name = "", kind, rest = ""] = /^([^=]+?)(:?=)(.*)$/su.exec(one) ?? [];
    if (name === "") throw new Error(`takes NAME=TEXT or NAME:=JSON, not "${one}"`);
    const flag = Object.hasOwn(own, name) ? own[name] : undefined;
    if (flag !== undefined) throw new Error(`cannot set ${name}; what sets it is ${flag}`);
    if (Object.hasOwn(claims, name)) throw new Error(`gives ${name} twice`);
    // Defined, not assigned: a claim may be called __proto__.
    Object.defineProperty(claims, name, {
      value: kind === ":=" ? jsonOf(name, rest) : rest,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return claims;
}

function jsonOf(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${name}:= takes JSON, such as ${name}:='["reader"]'`);
  }
}
