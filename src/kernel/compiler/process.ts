import { performance } from "node:perf_hooks";
import type ts from "typescript-6";
import { projectRoot } from "../../version";
import { CellCompiler } from "./cell-compiler";
import { type CompilerCall, held } from "./types";

/** What the compiler's process is asked; what it answers. Without a number: it is ready. */
export interface Request {
  readonly id: number;
  readonly call: CompilerCall;
}
export type Answer = "ready" | { readonly id: number; readonly value?: unknown; readonly error?: string };

const IDLE_MS = 250;

/**
 * Does what it is asked by the process that started it, one after the other, and ends with it.
 *
 * @param cwd folder of the notebook
 * @param registry files that are parsed already
 */
export function serve(cwd: string, registry?: ts.DocumentRegistry): void {
  const send = (answer: Answer) => void process.send!(answer, undefined, undefined, () => {});
  process.on("SIGINT", () => {}); // an interrupt goes to all processes of the kernel, and means the cell
  process.on("disconnect", () => process.exit());
  const compiler = new CellCompiler({ cwd, home: projectRoot }, registry);
  // what is parsed costs nothing; else it can wait until nobody asks
  if (registry) compiler.hold(held);
  else compiler.warm();
  const rest = registry ? [] : [() => compiler.hold(held)];
  // the engine makes the compiler three times as fast once it has run a while
  rest.push(...Array.from({ length: 12 }, () => () => compiler.warm()));
  let askedAt = performance.now();
  const doRest = () => {
    const idleMs = performance.now() - askedAt;
    if (idleMs >= IDLE_MS) rest.shift()?.();
    if (rest.length > 0) setTimeout(doRest, idleMs >= IDLE_MS ? 10 : IDLE_MS - idleMs);
  };
  process.on("message", ({ id, call }: Request) => {
    try {
      send({ id, value: (compiler[call.method] as (...args: unknown[]) => unknown)(...call.args) });
    } catch (error) {
      send({ id, error: (error as Error).stack ?? String(error) });
    }
    askedAt = performance.now();
  });
  setTimeout(doRest, IDLE_MS);
  send("ready");
}

if (require.main === module) serve(process.argv[2]!);
