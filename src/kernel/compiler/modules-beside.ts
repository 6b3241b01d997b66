import { relative } from "node:path";
import ts from "typescript-6";
import type { Host } from "./host";
import { mistakesOf } from "./mistakes";
import type { Mistake } from "./types";

/**
 * Mistakes of the TypeScript modules beside the notebook that a cell imports, directly or through each other; of the first
 * that has any.
 */
export function mistakesBeside(program: ts.Program, cell: ts.SourceFile, host: Host): Mistake[] {
  const seen = new Set<string>();
  const waiting = importedFrom(cell, host);
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const file = program.getSourceFile(path);
    if (!file || seen.has(path)) continue;
    seen.add(path);
    waiting.push(...importedFrom(file, host));
    const syntax = program.getSyntacticDiagnostics(file);
    const mistakes = mistakesOf(syntax.length > 0 ? syntax : program.getSemanticDiagnostics(file), file, 0);
    const module = { label: relative(host.dir, path), source: file.text };
    if (mistakes.length > 0) return mistakes.map((mistake) => ({ ...mistake, module }));
  }
  return [];
}

/** Paths of the TypeScript modules that a file imports by a path, without other cells. */
function importedFrom({ text, fileName }: ts.SourceFile, host: Host): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.flatMap(({ fileName: name }) => {
    if (!/^\.{0,2}\//.test(name)) return [];
    const path = ts.resolveModuleName(name, fileName, host.options, host).resolvedModule?.resolvedFileName;
    const isOwn = path !== undefined && /(?<!\.d)\.[cm]?tsx?$/.test(path) && host.textOf(path) === undefined;
    return isOwn && !path.includes("/node_modules/") ? [path] : [];
  });
}
