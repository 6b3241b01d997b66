import { parentPort, workerData } from "node:worker_threads";
import { CellCompiler } from "./cell-compiler";
import type { Places } from "./host";
import type { CompilerCall } from "./types";

/** The compiler's thread: does what it is asked, one after the other. */
export interface Request {
  readonly id: number;
  readonly call: CompilerCall;
}
export type Answer = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string };

const IDLE_MS = 250;
const { cwd, home, held } = workerData as Places & { held: string[] };
const compiler = new CellCompiler({ cwd, home });

parentPort!.on("message", ({ id, call }: Request) => {
  scheduleRest();
  try {
    const value = (compiler[call.method] as (...args: unknown[]) => unknown)(...call.args);
    parentPort!.postMessage({ id, value } satisfies Answer);
  } catch (error) {
    parentPort!.postMessage({ id, error: (error as Error).stack ?? String(error) } satisfies Answer);
  }
});

/**
 * What can wait until nobody asks: the packages' types, and some cells for nothing, since the engine makes the compiler
 * three times as fast once it has run a while.
 */
const rest = [() => compiler.hold(held), ...Array.from({ length: 12 }, () => () => compiler.warm())];
let timer: NodeJS.Timeout | undefined;
function scheduleRest(): void {
  clearTimeout(timer);
  if (rest.length > 0) timer = setTimeout(doRest, IDLE_MS);
}
function doRest(): void {
  rest.shift()?.();
  if (rest.length > 0) timer = setTimeout(doRest, 10);
}

compiler.warm();
scheduleRest();
parentPort!.postMessage({ id: 0, value: "warm" } satisfies Answer);
