import { cellContext } from "./cell-context";
import type { Modules } from "./modules";
import { Interrupted, type RunningCell } from "./running-cell";

type Accessors = Readonly<Record<string, readonly [get: () => unknown, set?: (value: unknown) => void]>>;

interface Waited<T> {
  readonly cell: RunningCell;
  readonly value: T;
}

/** What the code of a cell calls (`compiler/rewrite.ts`). */
export interface KernelCalls {
  /** A cell has declared these names; how they are read and set. */
  def(names: Accessors): void;
  /** Between two statements. */
  go(): void;
  /** What is awaited, and for which cell: the one that called, which need not be the one that declared the function. */
  wait<T>(value: T | PromiseLike<T>): Waited<T> | PromiseLike<Waited<T>>;
  /** Behind an `await`: that cell goes on. */
  back<T>(waited: Waited<T>): T;
  each<T>(source: AsyncIterable<T> | Iterable<T>): AsyncIterable<T> | Iterable<T>;
  import(name: string, bindings?: readonly string[]): Promise<unknown[]>;
  load(name: string): Promise<unknown>;
  readonly meta: object;
}

/** The names of a notebook, as properties of one object, and what cells call. */
export class Scope {
  readonly names: object = Object.create(null);

  constructor(private readonly modules: Modules) {}

  /**
   * What one cell calls.
   *
   * @param declared hears of each name that the cell has declared, when it has
   */
  callsOf(cell: RunningCell, declared: (name: string) => void): KernelCalls {
    const calls: KernelCalls = {
      def: (names) => {
        for (const [name, [get, set]] of Object.entries(names)) {
          declared(name);
          Object.defineProperty(this.names, name, { get, set, configurable: true, enumerable: true });
        }
      },
      go: () => cell.go(),
      wait: <T>(value: T | PromiseLike<T>) => {
        const caller = cellContext.current() ?? cell;
        if (!isThenable(value)) return { cell: caller, value };
        const waited = caller.wait(value, () => cellContext.resume(caller));
        return waited.then((result) => ({ cell: caller, value: result }));
      },
      back: ({ cell: caller, value }) => {
        cellContext.resume(caller);
        return value;
      },
      each: (source) => (Symbol.asyncIterator in Object(source) ? each(source as AsyncIterable<any>, calls) : source),
      import: (name, bindings) => this.modules.bindings(name, bindings),
      load: (name) => this.modules.load(String(name)),
      meta: this.modules.meta,
    };
    return calls;
  }
}

const isThenable = <T>(value: T | PromiseLike<T>): value is PromiseLike<T> =>
  typeof (value as PromiseLike<T> | null)?.then === "function";

/** An interrupt ends the wait for the next item, and tells the source that it may close. */
async function* each<T>(source: AsyncIterable<T>, { wait, back }: KernelCalls): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let isOver = false;
  try {
    for (;;) {
      const next = back(await wait(iterator.next()));
      if (next.done) {
        isOver = true;
        return;
      }
      yield next.value;
    }
  } catch (error) {
    // an error of the source itself has ended it
    isOver = !(error instanceof Interrupted);
    throw error;
  } finally {
    if (!isOver) await wait(Promise.resolve(iterator.return?.()));
  }
}
