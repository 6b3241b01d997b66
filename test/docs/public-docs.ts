import { join } from "node:path";
import ts from "typescript-6";
import { root } from "../helpers/data";

/** What the library exports under a name that cells write, with its doc comment. */
export interface PublicName {
  readonly name: string;
  readonly isValue: boolean;
  readonly comment: string;
  readonly examples: readonly string[];
}

const index = join(root, "src/index.ts");
const config = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile).config;
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);

/** All of them: what is at the top, and in the rooms. */
export function publicNames(): PublicName[] {
  const program = ts.createProgram([index], options);
  const checker = program.getTypeChecker();
  const real = (symbol: ts.Symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
  const describe = (name: string, symbol: ts.Symbol): PublicName => ({
    name,
    isValue: (symbol.flags & ts.SymbolFlags.Value) !== 0,
    comment: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
    examples: symbol
      .getJsDocTags(checker)
      .filter((tag) => tag.name === "example")
      .map((tag) => ts.displayPartsToString(tag.text)),
  });
  const top = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(index)!)!);
  return top.flatMap((symbol) => {
    const named = real(symbol);
    const isRoom = ts.isSourceFile(named.declarations![0]!);
    // a function with members: its room is the type of the constant, and what is declared beside it for annotations
    const members = isRoom || symbol.name === "cut" ? checker.getExportsOfModule(named) : [];
    const properties = symbol.name === "cut" ? checker.getTypeOfSymbol(named).getProperties() : [];
    const inside = [...members, ...properties].map((one) => describe(`${symbol.name}.${one.name}`, real(one)));
    return isRoom ? inside : [describe(symbol.name, named), ...inside];
  });
}

/** What the compiler says of a module that lies in `test/docs`, strict as the project is. */
export function mistakesIn(text: string): string[] {
  const file = join(root, "test/docs/examples-of-doc-comments.ts");
  const all: ts.CompilerOptions = { ...options, noEmit: true, rootDir: root, module: ts.ModuleKind.ESNext };
  const settings = { ...all, moduleResolution: ts.ModuleResolutionKind.Bundler, noUncheckedIndexedAccess: false };
  const host = ts.createCompilerHost(settings);
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
  const program = ts.createProgram([file], settings, host);
  return ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map(({ messageText, start = 0 }) => {
    const line = text.slice(0, start).split("\n").length - 1;
    return `${text.split("\n")[line]}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}
