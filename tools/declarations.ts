/**
 * The types of the library as one declaration file that imports nothing: what zod infers is written out, so whoever
 * installs the package needs no zod to use its types.
 */
import ts from "typescript";

const formatFlags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseSingleQuotesForStringLiteralType;

/** Writes declarations from the types of one program. */
class Writer {
  readonly #checker: ts.TypeChecker;
  readonly #folder: string;
  /** Types with a name of ours, in the order they are met. */
  readonly #named = new Map<string, ts.Type>();

  constructor(checker: ts.TypeChecker, folder: string) {
    this.#checker = checker;
    this.#folder = folder;
  }

  /** All that `file` exports, and every type of ours that it speaks of. */
  module(file: ts.SourceFile): string {
    const symbol = this.#checker.getSymbolAtLocation(file);
    const parts: string[] = [];
    for (const one of symbol === undefined ? [] : this.#checker.getExportsOfModule(symbol)) {
      const declaration = one.valueDeclaration;
      if (declaration === undefined) this.#type(this.#checker.getDeclaredTypeOfSymbol(one));
      else {
        const [signature] = this.#checker.getTypeOfSymbol(one).getCallSignatures();
        if (signature === undefined) throw new Error(`${one.name} is exported and is no function`);
        parts.push(
          `${this.#comment(one, "")}export declare function ${one.name}${this.#signature(signature, ": ")};`,
        );
      }
    }
    // The map grows while its types are written.
    for (const [name, type] of this.#named) {
      const base = type.getBaseTypes()?.some((each) => each.symbol.name === "Error") ? " extends Error" : "";
      const own = type.symbol;
      parts.push(
        `${this.#comment(own, "")}export interface ${name}${base} ${this.#members(type, "", base !== "")}`,
      );
    }
    return `${parts.join("\n\n")}\n`;
  }

  #isOurs(symbol: ts.Symbol | undefined): boolean {
    const file = symbol?.declarations?.[0]?.getSourceFile().fileName;
    return file?.startsWith(this.#folder) === true;
  }

  #comment(symbol: ts.Symbol, indent: string): string {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(this.#checker));
    const tags = symbol
      .getJsDocTags(this.#checker)
      .map(({ name, text: parts }) => `@${name} ${ts.displayPartsToString(parts)}`.trim());
    const lines = [text, ...tags]
      .filter((each) => each !== "")
      .join("\n")
      .split("\n");
    if (lines.join("") === "") return "";
    if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
    return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join("")}${indent} */\n`;
  }

  #signature(signature: ts.Signature, arrow: string): string {
    const parameters = signature.parameters.map((parameter) => {
      const optional =
        parameter.valueDeclaration &&
        ts.isParameter(parameter.valueDeclaration) &&
        this.#checker.isOptionalParameter(parameter.valueDeclaration);
      return `${parameter.name}${optional ? "?" : ""}: ${this.#type(this.#checker.getTypeOfSymbol(parameter))}`;
    });
    return `(${parameters.join(", ")})${arrow}${this.#type(signature.getReturnType())}`;
  }

  #members(type: ts.Type, indent: string, skipsInherited = false): string {
    const inner = `${indent}  `;
    const fields = type
      .getProperties()
      .filter((field) => !skipsInherited || this.#isOurs(field))
      .map((field) => {
        const optional = (field.flags & ts.SymbolFlags.Optional) !== 0;
        const fieldType = this.#checker.getTypeOfSymbol(field);
        const text = this.#type(optional ? withoutUndefined(this.#checker, fieldType) : fieldType, inner);
        return `${this.#comment(field, inner)}${inner}${field.name}${optional ? "?" : ""}: ${text};\n`;
      });
    const indexes = this.#checker
      .getIndexInfosOfType(type)
      .map((info) => `${inner}[key: ${this.#type(info.keyType)}]: ${this.#type(info.type, inner)};\n`);
    return `{\n${[...fields, ...indexes].join("")}${indent}}`;
  }

  #type(type: ts.Type, indent = ""): string {
    const plain = () =>
      this.#checker.typeToString(type, undefined, formatFlags).replace("<ArrayBufferLike>", "");
    if (type.flags & (ts.TypeFlags.Boolean | ts.TypeFlags.EnumLike)) return plain();
    if (type.isUnion()) {
      const isOneOf = this.#checker.typeToString(type) === "boolean";
      const parts = type.types.map((each) => this.#type(each, indent));
      const text = isOneOf ? "boolean" : [...new Set(parts)].join(" | ").replace("false | true", "boolean");
      return text;
    }
    if (!(type.flags & ts.TypeFlags.Object)) return plain();
    if (this.#checker.isArrayType(type)) {
      const [item] = this.#checker.getTypeArguments(type as ts.TypeReference);
      const text = item === undefined ? "unknown" : this.#type(item, indent);
      return `${type.symbol.name === "ReadonlyArray" ? "readonly " : ""}${/[ |]/u.test(text) ? `(${text})` : text}[]`;
    }
    const [signature] = type.getCallSignatures();
    if (signature !== undefined) return this.#signature(signature, " => ");
    const isNamed = (type.symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) !== 0;
    if (isNamed && !this.#isOurs(type.symbol)) return plain();
    if (!isNamed) return this.#members(type, indent);
    this.#named.set(type.symbol.name, type);
    return type.symbol.name;
  }
}

function withoutUndefined(checker: ts.TypeChecker, type: ts.Type): ts.Type {
  if (!type.isUnion()) return type;
  const nullable = type.types.some((each) => each.flags & ts.TypeFlags.Null);
  return nullable ? type : checker.getNonNullableType(type);
}

/** The declarations of what a file exports. @throws Error for what cannot be declared without imports. */
export function declarations(file: string, configuration: string): string {
  const { config } = ts.readConfigFile(configuration, ts.sys.readFile);
  const folder = configuration.slice(0, configuration.lastIndexOf("/"));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const program = ts.createProgram([file], options);
  const source = program.getSourceFile(file);
  if (source === undefined) throw new Error(`${file} is not there`);
  return new Writer(program.getTypeChecker(), `${folder}/src`).module(source);
}
