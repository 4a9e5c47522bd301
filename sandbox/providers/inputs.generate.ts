import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import type { InputSchema } from "./inputs.ts";

/**
 * Reads the input properties of the resource types the sandbox serves from the type definitions of the Pulumi
 * SDKs, and writes them to `inputs.generated.json`. Run it after an SDK was updated:
 * `node sandbox/providers/inputs.generate.ts`.
 */

/** Resource type to the module and interface that declare its arguments. */
const sources: Record<string, readonly [module: string, type: string]> = {
  "gcp:secretmanager/secret:Secret": ["@pulumi/gcp/secretmanager/secret", "SecretArgs"],
  "gcp:secretmanager/secretVersion:SecretVersion": [
    "@pulumi/gcp/secretmanager/secretVersion",
    "SecretVersionArgs",
  ],
  "gcp:secretmanager/secretIamMember:SecretIamMember": [
    "@pulumi/gcp/secretmanager/secretIamMember",
    "SecretIamMemberArgs",
  ],
  "gcp:serviceaccount/account:Account": ["@pulumi/gcp/serviceaccount/account", "AccountArgs"],
  "gcp:cloudrunv2/service:Service": ["@pulumi/gcp/cloudrunv2/service", "ServiceArgs"],
  "gcp:cloudrunv2/serviceIamMember:ServiceIamMember": [
    "@pulumi/gcp/cloudrunv2/serviceIamMember",
    "ServiceIamMemberArgs",
  ],
  "gcp:projects/service:Service": ["@pulumi/gcp/projects/service", "ServiceArgs"],
  "random:index/randomPassword:RandomPassword": ["@pulumi/random/randomPassword", "RandomPasswordArgs"],
};

export const generatedFile = join(import.meta.dirname, "inputs.generated.json");

/** The content the generated file must have. */
export function generateInputs(): string {
  const require = createRequire(import.meta.url);
  const files = Object.values(sources).map(
    ([module]) => `${require.resolve(module).replace(/\.js$/, "")}.d.ts`,
  );
  const program = ts.createProgram(files, {
    strict: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    skipLibCheck: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const types = Object.entries(sources).map(([token, [, name]], index) => {
    const file = program.getSourceFile(files[index] ?? "");
    const symbol = file && checker.getSymbolAtLocation(file);
    const declared = symbol && checker.getExportsOfModule(symbol).find((entry) => entry.name === name);
    if (!declared) throw new Error(`${files[index]} declares no ${name}`);
    return [token, schemaOf(checker, checker.getDeclaredTypeOfSymbol(declared))];
  });
  return `${JSON.stringify(Object.fromEntries(types))}\n`
    .replaceAll('"gcp:', '\n"gcp:')
    .replaceAll('"random:', '\n"random:');
}

/** The schema of what a `pulumi.Input<...>` finally holds. */
function schemaOf(checker: ts.TypeChecker, type: ts.Type): InputSchema {
  const members = (type.isUnion() ? type.types : [type]).filter(
    (member) =>
      (member.flags & ts.TypeFlags.Undefined) === 0 &&
      !["Promise", "OutputInstance"].includes(member.symbol?.name ?? ""),
  );
  const flags = members.reduce((all, member) => all | member.flags, 0);
  if (flags & ts.TypeFlags.BooleanLike) return "boolean";
  if (flags & ts.TypeFlags.NumberLike) return "number";
  if (flags & ts.TypeFlags.StringLike) return "string";
  const [object] = members;
  if (members.length !== 1 || !object) throw new Error(`cannot read the type ${checker.typeToString(type)}`);
  if (checker.isArrayType(object)) {
    const [item] = checker.getTypeArguments(object as ts.TypeReference);
    if (!item) throw new Error(`an array of unknown items: ${checker.typeToString(type)}`);
    return { list: schemaOf(checker, item) };
  }
  const value = checker.getIndexTypeOfType(object, ts.IndexKind.String);
  if (value) return { map: schemaOf(checker, value) };
  const properties = checker.getPropertiesOfType(object);
  const required = properties
    .filter((property) => !(property.flags & ts.SymbolFlags.Optional))
    .map(({ name }) => name);
  return {
    object: Object.fromEntries(
      properties.map((property) => [property.name, schemaOf(checker, checker.getTypeOfSymbol(property))]),
    ),
    ...(required.length > 0 && { required }),
  };
}

/** Whether the generated file is what the installed SDKs say. */
export function isCurrent(): boolean {
  return readFileSync(generatedFile, "utf8") === generateInputs();
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(generatedFile, generateInputs());
  process.stdout.write(`${join(dirname(generatedFile), "inputs.generated.json")} written\n`);
}
