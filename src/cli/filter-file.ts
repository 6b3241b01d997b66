import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { basename, dirname, extname, join, resolve } from "node:path";
import { type AlertFilter, BootcampError, messageOf, usageError } from "../index";

/** What is used of the TypeScript compiler that the notebook kernel brings: the last one with an interface for programs. */
type TypeScript = typeof import("@tslab/typescript-for-tslab");

const ownName = "alert-bootcamp";
const kernel = dirname(require.resolve("tslab/package.json"));

/**
 * The filters of a TypeScript or JavaScript file: its default export, a test of the alert, a cut, or a list of them. A
 * filter is named by its label or function name, else by the file.
 *
 * The file is checked by the compiler that checks notebook cells, so a misspelt property is found before the stream is.
 *
 * @throws USAGE with file, line and message when it does not compile, fails when loaded, or exports something else
 */
export function loadFilterFile(path: string): AlertFilter[] {
  const file = resolve(path);
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw usageError(
      "a ready-made filter or a file with one",
      path,
      "see the ready-made ones: npx alerts filter --list",
    );
  }
  check(file);
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
  const stem = basename(file, extname(file));
  return list.map((test: unknown, n) => {
    if (typeof test !== "function") {
      throw usageError(
        `${path}: a function of the alert as default export`,
        test,
        "export default (alert) => alert.mag < 16",
      );
    }
    const { label, name } = test as { label?: string; name: string };
    const own = label ?? (name === "" || name === "default" || name === "exports.default" ? undefined : name);
    const fallback = list.length > 1 ? `${stem}-${n + 1}` : stem;
    return { name: own ?? fallback, accepts: test as AlertFilter["accepts"] };
  });
}

/** Types and syntax, as in a notebook cell, except that a parameter without a type is allowed. */
function check(file: string): void {
  const ts = compiler();
  const options = {
    ...base(ts),
    noEmit: true,
    strict: true,
    noImplicitAny: false,
    skipLibCheck: true,
    allowJs: true,
    checkJs: false,
    lib: ["lib.es2022.d.ts"],
    types: ["node"],
    typeRoots: [join(kernel, "node_modules/@types"), join(kernel, "../@types")],
    baseUrl: dirname(file),
    // by name, wherever the file lies
    paths: { [ownName]: [resolve(__dirname, "../index")] },
  };
  const program = ts.createProgram([file], options);
  const source = program.getSourceFile(file);
  const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  const first = found.find(({ category }) => category === ts.DiagnosticCategory.Error);
  if (!first) return;
  const text = ts.flattenDiagnosticMessageText(first.messageText, " ");
  const { line = 0, character = 0 } = first.file?.getLineAndCharacterOfPosition(first.start ?? 0) ?? {};
  const more = found.length > 1 ? ` (and ${found.length - 1} more)` : "";
  throw new BootcampError("USAGE", `Expected a filter file that compiles, got at line ${line + 1}: ${text}${more}`, {
    where: `${file}:${line + 1}:${character + 1}`,
    remedy: "correct the file; nothing was sent",
  });
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
    if (name === ownName) return require("../index");
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
    moduleResolution: ts.ModuleResolutionKind.NodeJs,
    target: ts.ScriptTarget.ES2022,
    esModuleInterop: true,
  };
}

/** The kernel's compiler, found from the kernel: it is the kernel's dependency, of the version pinned with it. */
function compiler(): TypeScript {
  return createRequire(join(kernel, "package.json"))("@tslab/typescript-for-tslab") as TypeScript;
}
