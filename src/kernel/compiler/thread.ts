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

const { cwd, home, held } = workerData as Places & { held: string[] };
const compiler = new CellCompiler({ cwd, home }, held);

parentPort!.on("message", ({ id, call }: Request) => {
  try {
    const value = (compiler[call.method] as (...args: unknown[]) => unknown)(...call.args);
    parentPort!.postMessage({ id, value } satisfies Answer);
  } catch (error) {
    parentPort!.postMessage({ id, error: (error as Error).stack ?? String(error) } satisfies Answer);
  }
});

compiler.warm();
parentPort!.postMessage({ id: 0, value: "warm" } satisfies Answer);
