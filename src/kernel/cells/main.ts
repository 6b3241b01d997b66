import { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { getHeapStatistics } from "node:v8";
import vm from "node:vm";
import { MessageChannel, Worker } from "node:worker_threads";
import { provideCell } from "../../cell";
import type { CellError, Order, RunCell } from "../frames";
import { bundleOf } from "./bundle";
import { cellContext, currentCell, startCell } from "./cell-context";
import { receive } from "./comm";
import { answered, dialogs, input } from "./input";
import { mendIntrinsics } from "./intrinsics";
import { jupyter } from "./jupyter-api";
import { Modules } from "./modules";
import { Orders } from "./orders";
import { Interrupted, Mark, marks, RunningCell } from "./running-cell";
import { Scope } from "./scope";
import { nameCellsInStacks } from "./stacks";
import { takeStreams } from "./streams";
import { followTimers, showTimers } from "./timers";
import { type CellLines, cellError } from "./traceback";
import { tslabApi } from "./tslab-api";
import { writeFrame } from "./write-frame";

/** The process of the cells: runs one after the other and tells the kernel what they do. */
const home = join(__dirname, "..", "..", "..");
const known = createRequire(join(home, "package.json"));
const { peerDependencies } = known("./package.json") as { peerDependencies: { tslab: string } };
const modules = new Modules(process.cwd(), home, {
  // of the version whose names these are, whether or not it is installed
  tslab: tslabApi(peerDependencies.tslab.replace("^", ""), known("typescript-6/package.json").version),
});

/** Cells by the file name that stacks give them; of the oldest only late errors could tell. */
const texts = new Map<string, CellLines>();
const MOST_TEXTS = 1000;
const MOST_RECENT = 100;

let running: { readonly cell: RunningCell; readonly settled: Promise<unknown> } | undefined;
/** Cells that may have left something running. */
let recent: RunningCell[] = [];
let defined = new Set<string>();
const scope = new Scope(modules);

async function run({ cell: id, label, source, js, lines, modules: beside }: RunCell): Promise<void> {
  const file = `cell-${id}.ts`;
  texts.set(file, { label, source, lines });
  if (texts.size > MOST_TEXTS) texts.delete(texts.keys().next().value!);
  const cell = new RunningCell(id, label);
  cellContext.forget();
  startCell(cell);
  recent = [...recent.slice(-MOST_RECENT), cell];
  const names = (defined = new Set<string>());
  const calls = scope.callsOf(cell, (name) => names.add(name));
  modules.update(beside);
  let settle = () => {};
  running = { cell, settled: new Promise<void>((resolve) => (settle = resolve)) };
  try {
    await cellContext.run(cell, async () => {
      const script = new vm.Script(js, { filename: file });
      const outcome: { value: unknown } | undefined = await script.runInThisContext()(scope.names, calls);
      mend();
      cell.go();
      if (outcome?.value !== undefined) writeFrame({ type: "result", cell: id, data: await bundleOf(outcome.value) });
    });
    finish(cell);
  } catch (error) {
    mend();
    finish(cell, error);
  } finally {
    settle();
  }
}

/** Ends a cell once: by its end, its error, or an interrupt, whichever comes first. */
function finish(cell: RunningCell, ...thrown: [error?: unknown]): void {
  if (running?.cell !== cell) return;
  running = undefined;
  const error: CellError | undefined = thrown.length > 0 ? cellError(thrown[0], texts) : undefined;
  writeFrame({ type: "done", cell: cell.id, defined: [...defined], error });
}

/** Told by the watcher; the main thread hears it when it is not computing, or when what it computed was ended. */
const watcher = new Worker(join(__dirname, "watcher.js"), { workerData: marks });
watcher.unref();
watcher.on("message", async () => {
  mend();
  Atomics.store(marks, Mark.heard, 1);
  if (running?.cell.isInterrupted) return; // it is closing
  const { cell, settled = Promise.resolve() } = running ?? {};
  // what earlier cells left running ends as well: a sender in the background, a loop that nobody waits for
  await Promise.all(recent.map((one) => one.interrupt(one === cell ? settled : Promise.resolve())));
  recent = [];
  if (cell) finish(cell, new Interrupted());
});

/** A cell begins in a turn of its own: one that V8 ends takes nothing of the kernel's with it. */
const { port1, port2 } = new MessageChannel();
port2.on("message", (order: RunCell) => void run(order));

function take(order: Order): void {
  mend();
  if (order.type === "run") port1.postMessage(order);
  else if (order.type === "answer") answered(order);
  else if (order.type !== "preload") receive(order);
  else for (const name of order.names) void modules.load(name).catch(() => {});
}
const orders = new Orders(take, () => process.exit());

/** What a cell left running failed: said where the cell is, and nothing else ends. */
const late = (error: unknown): void => {
  mend();
  if (error instanceof Interrupted) return;
  const { traceback } = cellError(error, texts);
  const text = `Not caught, in what the cell left running: ${traceback.join("\n")}\n`;
  writeFrame({ type: "stream", cell: currentCell()?.id ?? 0, name: "stderr", text });
};
const listeners = {
  uncaughtException: late,
  unhandledRejection: late,
  SIGINT: () => {}, // the kernel hears it, and says what is to be done
};

/** Puts back what the kernel needs and a cell has taken away, and says so. */
function mend(): void {
  const names = mendIntrinsics();
  for (const [event, listener] of Object.entries(listeners)) {
    if (!EventEmitter.prototype.listeners.call(process, event).includes(listener)) {
      EventEmitter.prototype.on.call(process, event, listener);
    }
  }
  if (names === "") return;
  const text = `Put back, since the kernel and the library need it as it was: ${names}. A const of that name is for cells alone.\n`;
  writeFrame({ type: "stream", cell: currentCell()?.id ?? 0, name: "stderr", text });
}
mend();

takeStreams();
nameCellsInStacks(texts, (path) => modules.linesOf(path));
provideCell(() => currentCell());
Object.defineProperty(scope.names, "Deno", { value: { jupyter }, configurable: true, enumerable: true });
const own = { exports: {} };
const globals = {
  require: modules.require,
  module: own,
  exports: own.exports,
  input,
  ...dialogs(() => orders),
  jupyter,
  __dirname: process.cwd(),
  __filename: join(process.cwd(), "notebook.ts"),
};
for (const [name, value] of Object.entries(globals)) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
followTimers();
showTimers();

writeFrame({ type: "ready", heapMb: Math.round(getHeapStatistics().heap_size_limit / 1e6) });
