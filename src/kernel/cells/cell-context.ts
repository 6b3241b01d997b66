import { AsyncLocalStorage } from "node:async_hooks";
import type { RunningCell } from "./running-cell";

/** Which cell the code belongs to that runs just now. */
interface CellContext {
  current(): RunningCell | undefined;
  run<T>(cell: RunningCell | undefined, work: () => T): T;
  /** What follows an `await` in a cell is of that cell. */
  resume(cell: RunningCell): void;
  /** What V8 has ended has put nothing back. */
  forget(): void;
}

/** Node's own: it follows every promise and callback. */
class Followed implements CellContext {
  private readonly storage = new AsyncLocalStorage<RunningCell | undefined>();
  current = () => this.storage.getStore();
  run = <T>(cell: RunningCell | undefined, work: () => T): T => this.storage.run(cell, work);
  resume = () => {};
  forget = () => {};
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
  forget(): void {
    this.cell = undefined;
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
