/** What a program can do with the notebook cell it runs in. */
export interface Cell {
  /** Sends one thing in several forms, by MIME type; with an id and `update` the earlier one of that id is replaced. */
  display(data: Readonly<Record<string, unknown>>, displayId?: string, update?: boolean): void;
  /** Fires when the cell is interrupted. */
  readonly signal: AbortSignal;
}

const key = Symbol.for("alert-bootcamp.cell");

/** The cell whose code is running, also in what it left running; undefined in a plain program and in other kernels. */
export function runningCell(): Cell | undefined {
  return (globalThis as { [key]?: () => Cell | undefined })[key]?.();
}

/** For the kernel: says how the running cell is found. */
export function provideCell(find: () => Cell | undefined): void {
  Object.defineProperty(globalThis, key, { value: find, configurable: true });
}

/**
 * What everything that waits obeys: the caller's signal, and the interrupt of the cell it was called in.
 *
 * @example
 * const signal = untilInterrupted(options.signal);
 */
export function untilInterrupted(signal?: AbortSignal): AbortSignal | undefined {
  const interrupt = runningCell()?.signal;
  if (!interrupt || !signal) return interrupt ?? signal;
  // not AbortSignal.any: the kernel looks whether anybody listens, and leaves those time to close
  const either = new AbortController();
  for (const one of [signal, interrupt]) {
    if (one.aborted) either.abort(one.reason);
    one.addEventListener("abort", () => either.abort(one.reason), { once: true });
  }
  return either.signal;
}
