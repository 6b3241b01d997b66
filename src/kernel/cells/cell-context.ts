import { AsyncLocalStorage } from "node:async_hooks";
import type { RunningCell } from "./running-cell";

/** Which cell the code belongs to that runs just now. */
interface CellContext {
  current(): RunningCell | undefined;
  run<T>(cell: RunningCell | undefined, work: () => T): T;
  /** What follows an `await` in a cell is of that cell. */
  resume(cell: RunningCell): void;
}

/** Node's own: it follows every promise and callback. */
class Followed implements CellContext {
  private readonly storage = new AsyncLocalStorage<RunningCell | undefined>();
  current = () => this.storage.getStore();
  run = <T>(cell: RunningCell | undefined, work: () => T): T => this.storage.run(cell, work);
  resume = () => {};
}

/**
 * Before Node 24 that is made by async hooks, and the process is ended by an assertion when V8 ends a cell inside of a
 * promise's callback. Here the cell's code says itself where it goes on, and timers are followed; output of a callback that
 * neither belongs to counts as the latest cell's.
 */
class Told implements CellContext {
  private cell: RunningCell | undefined;
  private isEnding = false;
  current = () => this.cell;
  run<T>(cell: RunningCell | undefined, work: () => T): T {
    const before = this.cell;
    this.cell = cell;
    try {
      return work();
    } finally {
      this.cell = before;
    }
  }
  resume(cell: RunningCell): void {
    this.cell = cell;
    if (this.isEnding) return;
    this.isEnding = true;
    // when all that was due has run
    process.nextTick(() => {
      this.isEnding = false;
      this.cell = undefined;
    });
  }
}

/** The flag that gives Node 22 what 24 has. */
const isFollowed =
  Number(process.versions.node.split(".")[0]) >= 24 || process.execArgv.includes("--experimental-async-context-frame");

export const cellContext: CellContext = isFollowed ? new Followed() : new Told();

/** Whose output something is: the cell that made it, else the latest. */
let latest: RunningCell | undefined;
export const currentCell = (): RunningCell | undefined => cellContext.current() ?? latest;
export const startCell = (cell: RunningCell): void => {
  latest = cell;
};

/** Callbacks of timers are of the cell that set them; intervals end with an interrupt of it. */
export function followTimers(): void {
  const follow = (name: "setTimeout" | "setInterval" | "setImmediate") => {
    const original = globalThis[name] as (...args: any[]) => any;
    const own = (callback: (...args: unknown[]) => void, ...args: unknown[]) => {
      const cell = cellContext.current();
      if (!cell || typeof callback !== "function") return original(callback, ...args);
      const timer = original((...values: unknown[]) => cellContext.run(cell, () => callback(...values)), ...args);
      return name === "setInterval" ? cell.ticks(timer) : timer;
    };
    // util.promisify looks for properties of the function
    const value = Object.defineProperties(own, Object.getOwnPropertyDescriptors(original));
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  };
  follow("setTimeout");
  follow("setInterval");
  follow("setImmediate");
}
