import { type CellLines, kernelFolder } from "./traceback";

/**
 * Makes `error.stack` speak of cells as the notebook does, wherever it is shown: as the value of a cell, by `console.error`,
 * by `console.trace`. Calls of Node and of the kernel are left out.
 *
 * @param cells by the file name that the engine knows
 * @param linesOf lines of modules beside the notebook, which the kernel has translated
 */
export function nameCellsInStacks(
  cells: ReadonlyMap<string, CellLines>,
  linesOf: (path: string) => readonly number[] | undefined = () => undefined,
): void {
  Error.prepareStackTrace = (error, calls) =>
    [headOf(error), ...calls.flatMap((call) => rowOf(call, cells, linesOf)).map((row) => `    at ${row}`)].join("\n");
}

function headOf(error: unknown): string {
  try {
    // what console.trace has is no Error
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

function rowOf(
  call: NodeJS.CallSite,
  cells: ReadonlyMap<string, CellLines>,
  linesOf: (path: string) => readonly number[] | undefined,
): string[] {
  const file = call.getFileName() ?? "";
  if (file.startsWith("node:") || file.includes(kernelFolder)) return [];
  const cell = cells.get(file);
  const lines = cell?.lines ?? linesOf(file);
  if (!lines) return [String(call)];
  const line = lines[call.getLineNumber() ?? 0] ?? 0;
  if (line === 0) return [];
  if (!cell) return [String(call).replace(/:\d+:\d+(\)?)$/, `:${line}$1`)];
  const name = /^(?:async )?(.*) \(/.exec(String(call))?.[1];
  const place = `${cell.label}, line ${line}`;
  return [name === undefined || name === "cell" ? place : `${name.replaceAll("__scope.", "")} (${place})`];
}
