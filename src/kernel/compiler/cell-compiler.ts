import ts from "typescript-6";
import type { Translated } from "../frames";
import { completionAt } from "./complete";
import { type Declared, declarations, isAugmentation } from "./declarations";
import { PRELUDE_MODULE, preludeNames } from "./globals";
import { Host, type Places } from "./host";
import { inspectionAt } from "./inspect";
import { isComplete } from "./is-complete";
import { lineMap } from "./line-map";
import { mistakesOf } from "./mistakes";
import { mistakesBeside } from "./modules-beside";
import { rewrite } from "./rewrite";
import type { Checked, Completeness, Completion, Inspection } from "./types";

/** What a name means to the next cell: the module of the cell that declared it last. */
interface Origin {
  readonly module: string;
  readonly isLet: boolean;
}

/** Where a cell is shown to the language service. */
interface Staged {
  readonly path: string;
  /** Length of the line before the cell. */
  readonly start: number;
  readonly own: readonly Declared[];
}

/** For completion and the like: never kept, so its names are of nobody. */
const DRAFT = 0;

/**
 * TypeScript's language service on the cells of a notebook.
 *
 * Each cell is a module in memory. One line before it imports the earlier names that it uses, and exports its own. A `let`
 * of an earlier cell is declared there, since imports cannot be assigned. The line stands before the cell and not after it,
 * because an unfinished `alert.` would swallow what follows.
 */
export class CellCompiler {
  private readonly host: Host;
  private readonly service: ts.LanguageService;
  private readonly scope = new Map<string, Origin>();
  /** Declarations of cells that are checked and not yet run to their end. */
  private readonly pending = new Map<number, readonly Declared[]>();
  /** Cells that add to the types of all. */
  private readonly augmenting = new Set<string>();
  /** Modules beside the notebook as JavaScript, while their file stays as it is. */
  private readonly translated = new Map<ts.SourceFile, Translated>();

  private held: readonly string[] = [];

  constructor(
    places: Places,
    /** Parsed files, which several compilers may share. */
    registry = ts.createDocumentRegistry(true, places.cwd),
  ) {
    this.host = new Host(places);
    this.begin();
    this.service = ts.createLanguageService(this.host, registry);
  }

  check(code: string, id: number): Checked {
    const staged = this.stage(code, id);
    const program = this.service.getProgram()!;
    const file = program.getSourceFile(staged.path)!;
    const syntax = program.getSyntacticDiagnostics(file);
    const found = syntax.length > 0 ? syntax : program.getSemanticDiagnostics(file);
    const mistakes = mistakesOf(found, file, staged.start);
    if (mistakes.length === 0) mistakes.push(...mistakesBeside(program, file, this.host));
    if (mistakes.length > 0) {
      if (mistakes.some((one) => one.code === "TS2307")) this.host.forgetPackages();
      this.host.remove(staged.path);
      return { mistakes };
    }
    const { start, own } = staged;
    const source = rewrite({ program, file, start, own, isEarlier: (name) => this.scope.has(name) });
    const translated = translate(source, { module: ts.ModuleKind.ESNext });
    this.pending.set(id, own);
    if (file.statements.some(isAugmentation)) this.augmenting.add(`cell-${id}`);
    // the function's own line stands before the cell's first
    const lines = translated.lines.map((line) => Math.max(0, line - 1));
    const js = translated.js.replace(/;\s*$/, "");
    return { mistakes: [], js, lines, modules: this.modulesBeside(program) };
  }

  commit(id: number, defined: readonly string[]): void {
    const names = new Set(defined);
    for (const { name, kind } of this.pending.get(id) ?? []) {
      // types and imported types have no moment at which they are run
      const isThere = kind === "type" || kind === "import" || names.has(name);
      if (isThere && kind !== "using") this.scope.set(name, { module: `cell-${id}`, isLet: kind === "let" });
    }
    this.pending.delete(id);
  }

  complete(code: string, at: number): Completion {
    const { path, start } = this.stage(code, DRAFT, true);
    return completionAt(this.service, path, code, start, at);
  }

  inspect(code: string, at: number): Inspection | undefined {
    const { path, start } = this.stage(code, DRAFT);
    return inspectionAt(this.service, path, start, at);
  }

  isComplete(code: string): Completeness {
    return isComplete(code);
  }

  private begin(): void {
    for (const name of preludeNames) this.scope.set(name, { module: PRELUDE_MODULE, isLet: false });
  }

  reset(): void {
    this.scope.clear();
    this.begin();
    this.augmenting.clear();
    this.pending.clear();
  }

  /** Keeps the types of these packages loaded, so that the cell that imports them is quick. */
  hold(packages: readonly string[]): void {
    this.held = packages;
    this.warm();
  }

  /** Loads what every cell needs: the standard library and Node's types. */
  warm(): void {
    this.check("console.log([1].map((x) => x + 1));", DRAFT);
    this.pending.delete(DRAFT);
  }

  private stage(code: string, id: number, isAll = false): Staged {
    const path = `${this.host.dir}cell-${id}.ts`;
    const own = declarations(ts.createSourceFile(path, code, ts.ScriptTarget.ES2022, false, ts.ScriptKind.TS));
    const line = this.lineBefore(own, isAll ? undefined : words(code));
    this.host.put(path, line + code);
    const live = new Set([...this.augmenting, ...[...this.scope.values()].map(({ module }) => module)]);
    for (const pending of this.pending.keys()) live.add(`cell-${pending}`);
    live.add(`cell-${id}`);
    const held = this.held.map((name) => `import {} from ${JSON.stringify(name)};`);
    this.host.setRoot([...held, ...[...live].map((module) => `import ${moduleName(module)};`)].join(""));
    return { path, start: line.length, own };
  }

  /** @param used only these of the earlier names; all of them for a completion */
  private lineBefore(own: readonly Declared[], used: ReadonlySet<string> | undefined): string {
    const mine = new Set(own.map(({ name }) => name));
    const imports = new Map<string, string[]>();
    let line = "";
    for (const [name, { module, isLet }] of this.scope) {
      if (mine.has(name) || (used && !used.has(name))) continue;
      if (isLet) line += `declare let ${name}: typeof import(${moduleName(module)}).${name};`;
      else imports.set(module, [...(imports.get(module) ?? []), name]);
    }
    for (const [module, names] of imports) line += `import { ${names.join(", ")} } from ${moduleName(module)};`;
    const exported = own.filter(({ isExported, kind }) => !isExported && kind !== "using").map(({ name }) => name);
    return `${line}export { ${exported.join(", ")} };\n`;
  }

  private modulesBeside(program: ts.Program): Record<string, Translated> {
    const modules: Record<string, Translated> = {};
    for (const file of program.getSourceFiles()) {
      const { fileName } = file;
      if (file.isDeclarationFile || !/\.[cm]?tsx?$/.test(fileName) || this.host.textOf(fileName) !== undefined)
        continue;
      if (!this.translated.has(file)) {
        const asRequired = { module: ts.ModuleKind.CommonJS, esModuleInterop: true };
        this.translated.set(file, translate(file.text, asRequired, fileName));
      }
      modules[fileName] = this.translated.get(file)!;
    }
    return modules;
  }
}

function translate(text: string, options: ts.CompilerOptions, fileName?: string): Translated {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, isolatedModules: true, sourceMap: true, ...options };
  const { outputText, sourceMapText } = ts.transpileModule(text, { compilerOptions, ...(fileName && { fileName }) });
  const js = outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "");
  return { js, lines: lineMap(JSON.parse(sourceMapText!).mappings) };
}

const moduleName = (module: string): string => JSON.stringify(`./${module}`);
const words = (code: string): Set<string> => new Set(code.match(/[\p{ID_Start}_$][\p{ID_Continue}$]*/gu));
