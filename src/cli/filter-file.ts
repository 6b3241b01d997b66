import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { basename, dirname, extname, join, resolve } from "node:path";
import { BootcampError, messageOf, usageError } from "../errors";
import type * as kafka from "../kafka";

type TypeScript = typeof import("typescript-6");

const library = "alert-bootcamp";

/** A filter file and the name that was given to it, if one was. */
export interface FilterFile {
  readonly path: string;
  readonly name?: string | undefined;
}

/**
 * The filters of TypeScript and JavaScript files: each file's default export, a test of the alert, a cut, or a list of
 * them. A filter is named after its file, one of several with its number, or its own name as a function: a name is where
 * a filter has its progress and its topic, so the label of a cut, which is text for people, takes no part in it.
 *
 * The files are checked by the compiler that checks notebook cells, so a misspelt property is found before the stream is;
 * all of them in one program, since reading the library's types takes half a second.
 *
 * @returns the filters of each file
 * @throws USAGE with file, line and message when one does not compile, fails when loaded, or exports something else
 */
export function loadFilterFiles(files: readonly FilterFile[]): kafka.AlertFilter[][] {
  for (const { path } of files) {
    if (existsSync(path) && statSync(path).isFile()) continue;
    throw usageError(
      "a ready-made filter or a file with one",
      path,
      "see the ready-made ones: npx alerts filter --list",
    );
  }
  if (files.length > 0) check(files.map(({ path }) => resolve(path)));
  return files.map(filtersOf);
}

function filtersOf({ path, name }: FilterFile): kafka.AlertFilter[] {
  const file = resolve(path);
  let exported: unknown;
  try {
    exported = load(file);
  } catch (error) {
    throw new BootcampError("USAGE", `${path}: Expected a filter file that loads, got: ${messageOf(error)}`, {
      where: path,
      cause: error,
    });
  }
  const list = Array.isArray(exported) ? exported : [exported];
  if (list.length === 0) throw usageError(`${path}: a filter as default export`, list);
  const stem = name ?? basename(file, extname(file));
  return list.map((test: unknown, n) => {
    if (typeof test !== "function") {
      throw usageError(
        `${path}: a function of the alert as default export`,
        test,
        "export default (alert) => alert.mag < 16",
      );
    }
    const accepts = test as kafka.AlertFilter["accepts"];
    return { name: list.length === 1 ? stem : `${stem}-${ownName(test) ?? n + 1}`, accepts };
  });
}

/** The name that a function was declared with; a cut has its label as name, and what is not declared that of its export. */
function ownName(test: object & { name?: string }): string | undefined {
  const isDeclared = !("label" in test) && !["", "default", "exports.default"].includes(test.name ?? "");
  return isDeclared ? test.name : undefined;
}

/** Types and syntax, as in a notebook cell, except that a parameter without a type is allowed. */
function check(files: readonly string[]): void {
  const ts = compiler();
  const options = {
    ...base(ts),
    noEmit: true,
    strict: true,
    noImplicitAny: false,
    skipLibCheck: true,
    allowJs: true,
    checkJs: false,
    // files of one program must not see each other's variables
    moduleDetection: ts.ModuleDetectionKind.Force,
    lib: ["lib.es2022.d.ts"],
    types: ["node"],
    typeRoots: [join(dirname(require.resolve("@types/node/package.json")), "..")],
    // by name, wherever the file lies
    paths: { [library]: [resolve(__dirname, "../index")] },
  };
  const program = ts.createProgram([...new Set(files)], options);
  for (const file of files) {
    const source = program.getSourceFile(file);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    const first = found.find(({ category }) => category === ts.DiagnosticCategory.Error);
    if (!first) continue;
    const text = ts.flattenDiagnosticMessageText(first.messageText, " ");
    const { line = 0, character = 0 } = first.file?.getLineAndCharacterOfPosition(first.start ?? 0) ?? {};
    const more = found.length > 1 ? ` (and ${found.length - 1} more)` : "";
    throw new BootcampError("USAGE", `Expected a filter file that compiles, got at line ${line + 1}: ${text}${more}`, {
      where: `${file}:${line + 1}:${character + 1}`,
      remedy: "correct the file; nothing was sent",
    });
  }
}

/** Compiles to CommonJS in memory and runs it; its imports of files beside it are loaded in the same way. */
function load(file: string): unknown {
  const ts = compiler();
  const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), { fileName: file, compilerOptions: base(ts) });
  const module = new Module(file) as Module & { _compile(code: string, name: string): void; paths: string[] };
  module.filename = file;
  module.paths = (Module as unknown as { _nodeModulePaths(from: string): string[] })._nodeModulePaths(dirname(file));
  const usual = createRequire(file);
  module.require = ((name: string) => {
    if (name === library) return require("../index");
    const beside = [`${name}.ts`, name]
      .map((part) => resolve(dirname(file), part))
      .find((path) => /\.ts$/.test(path) && existsSync(path));
    return name.startsWith(".") && beside ? exportsOf(beside) : usual(name);
  }) as NodeJS.Require;
  module._compile(outputText, file);
  const exported = module.exports as { default?: unknown } | null;
  loaded.set(file, exported);
  return exported?.default ?? exported;
}

const loaded = new Map<string, unknown>();

function exportsOf(file: string): unknown {
  if (!loaded.has(file)) load(file);
  return loaded.get(file);
}

function base(ts: TypeScript) {
  return {
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
    esModuleInterop: true,
  };
}

/** The compiler of notebook cells; loading it takes 0.2 s, which a command without filter files need not wait for. */
const compiler = (): TypeScript => require("typescript-6") as TypeScript;
