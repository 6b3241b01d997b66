import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { startupSnapshot } from "node:v8";
import { compileFunction } from "node:vm";
import type ts from "typescript-6";

/**
 * Run by `node --build-snapshot SCRIPT HOME TYPESCRIPT`: loads the compiler, has it parse what every cell needs, and says how to go on
 * from there. Node gives such a script its own modules alone, so those of the project and TypeScript are loaded here.
 */
const [, , home = "", typescript = ""] = process.argv;
const loaded = new Map<string, { exports: unknown }>();

function load(file: string): unknown {
  const known = loaded.get(file);
  if (known) return known.exports;
  const module = { exports: {} };
  loaded.set(file, module);
  const names = ["exports", "require", "module", "__filename", "__dirname"];
  const run = compileFunction(readFileSync(file, "utf8"), names, { filename: file });
  const requireFrom = (name: string): unknown => {
    if (name === "typescript-6") return load(typescript);
    if (!name.startsWith(".")) return require(name.replace(/^node:/, ""));
    const path = resolve(dirname(file), name);
    return load(statSync(`${path}.js`, { throwIfNoEntry: false }) ? `${path}.js` : path);
  };
  run(module.exports, requireFrom, module, file, dirname(file));
  return module.exports;
}

const compiler = join(home, "dist/kernel/compiler");
const { serve } = load(join(compiler, "process.js")) as typeof import("./process");
const { held } = load(join(compiler, "types.js")) as typeof import("./types");
const { CellCompiler } = load(join(compiler, "cell-compiler.js")) as typeof import("./cell-compiler");
const registry = (load(typescript) as typeof ts).createDocumentRegistry(true, home);
// keeps in the registry what it has parsed; the notebook's own folder is known later
const parsed = new CellCompiler({ cwd: join(home, "notebooks"), home }, registry);
parsed.hold(held);

startupSnapshot.setDeserializeMainFunction(() => {
  void parsed;
  serve(process.argv[1]!, registry);
});
