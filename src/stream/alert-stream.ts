import { inspect } from "node:util";
import { untilInterrupted } from "../cell";
import { isBootcampError, messageOf, usageError } from "../errors";
import { expectArgument } from "../expect";
import { say } from "../terminal";
import { Ledger } from "./ledger";
import { placeText } from "./place";

/** Opens the source anew: every iteration of a stream starts again. */
export type OpenSource<T> = (ledger: Ledger) => AsyncIterable<T> | Iterable<T> | Promise<AsyncIterable<T>>;

export interface StreamOptions {
  /** Says what an item is in the report of a failure; its `origin` or text by default. */
  describe?: (item: any) => string;
}

type Stage = (item: unknown, index: number) => unknown;
const ignore = (): void => {};
/** What a stage returns for an item that goes no further. */
const rejected = Symbol("rejected");

/**
 * A stream of alerts: an async iterable with the verbs a notebook needs. Nothing happens before it is iterated;
 * iterated twice it starts again; leaving a loop early closes the source.
 *
 * A filter or projection that throws does not stop the stream: the alert is entered as failed in the `ledger` and the
 * first such failure is said on stderr. Errors of the source itself are thrown.
 *
 * @example
 * const bright = await subscribe("ztf-stream").filter((a) => a.mag < 16).take(10).toArray();
 */
export class AlertStream<T> implements AsyncIterable<T> {
  protected constructor(
    private readonly open: OpenSource<unknown>,
    private readonly stages: readonly Stage[],
    private readonly limit: number,
    private readonly options: StreamOptions,
    /** Shared with the streams made from this one, so that `night.ledger` tells of `night.filter(…)` as well. */
    private readonly books: { latest: Ledger },
  ) {}

  /**
   * A stream over any source.
   * @param open called at each iteration with the ledger of that run; the source enters its own failures there
   */
  static from<T>(open: OpenSource<T>, options: StreamOptions = {}): AlertStream<T> {
    return new AlertStream<T>(open, [], Number.POSITIVE_INFINITY, options, { latest: new Ledger() });
  }

  /** The books of the latest iteration of this stream or of one made from it. */
  get ledger(): Ledger {
    return this.books.latest;
  }

  /**
   * Only the items that pass; a cut, or any function, also an async one. With a type guard the type narrows.
   * @throws USAGE for what is no function, here and in the other verbs
   */
  filter<S extends T>(test: (item: T) => item is S): AlertStream<S>;
  filter(test: (item: T) => boolean | Promise<boolean>): AlertStream<T>;
  filter(test: (item: T) => boolean | Promise<boolean>): AlertStream<any> {
    expectArgument("function", test, "a cut or function of an alert");
    return this.with((item) => {
      const passed = test(item as T);
      if (passed instanceof Promise) return passed.then((yes) => (yes ? item : rejected));
      return passed ? item : rejected;
    });
  }

  /** Each item turned into something else; the function may be async. */
  map<U>(project: (item: T, index: number) => U | Promise<U>): AlertStream<U> {
    expectArgument("function", project, "a function of an alert");
    return this.with(project as Stage);
  }

  /**
   * Plain objects with only the named properties. Asking one for another property is a type error in the cell.
   * @example stream.select("objectId", "ra", "dec")
   */
  select<K extends keyof T & string>(...names: K[]): AlertStream<Pick<T, K>> {
    const wrong = names.findIndex((name) => typeof name !== "string");
    if (wrong >= 0) throw usageError("names of properties, each of them text", names[wrong]);
    return this.with((item) => Object.fromEntries(names.map((name) => [name, (item as T)[name]])));
  }

  /** Calls `look` for each item that comes by and passes it on. */
  tap(look: (item: T) => void): AlertStream<T> {
    expectArgument("function", look, "a function of an alert");
    return this.with((item) => {
      look(item as T);
      return item;
    });
  }

  /**
   * At most `count` items; then the source is closed.
   * @throws USAGE unless count is a whole number ≥ 0
   */
  take(count: number): AlertStream<T> {
    checkCount(count);
    return new AlertStream<T>(this.open, this.stages, Math.min(count, this.limit), this.options, this.books);
  }

  /** As the value of a cell: who forgot to read it sees how. */
  [inspect.custom](): string {
    const { ledger } = this;
    const state = ledger.read > 0 ? String(ledger) : "not read yet";
    return `AlertStream, ${state}; read it by: for await (const alert of stream) …; or: await stream.toArray()`;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    const ledger = new Ledger();
    this.books.latest = ledger;
    if (this.limit === 0) return;
    const interrupt = untilInterrupted();
    // to listen is to ask for the time to close; the sources themselves look at their signal
    interrupt?.addEventListener("abort", ignore);
    try {
      let index = 0;
      for await (const item of await this.open(ledger)) {
        if (interrupt?.aborted) break;
        ledger.read++;
        const result = this.run(item, index++, ledger);
        const value =
          result instanceof Promise ? await result.catch((error) => this.failed(item, error, ledger)) : result;
        if (value === rejected) continue;
        ledger.selected++;
        ledger.settled = false;
        yield value as T;
        ledger.settled = true;
        if (ledger.selected >= this.limit) return;
      }
    } catch (error) {
      // what came until then is the reader's; a source that stops says so by an error
      if (!interrupt?.aborted || !isBootcampError(error, "ABORTED")) throw error;
    } finally {
      interrupt?.removeEventListener("abort", ignore);
    }
    if (interrupt?.aborted) {
      say(`stopped by you after ${ledger.selected} ${ledger.selected === 1 ? "alert" : "alerts"}`);
    }
  }

  /** All items, in memory. */
  async toArray(): Promise<T[]> {
    const items: T[] = [];
    for await (const item of this) items.push(item);
    return items;
  }

  /** How many items there are. */
  async count(): Promise<number> {
    let count = 0;
    for await (const _ of this) count++;
    return count;
  }

  /** Calls `visit` for each item, one after the other, and waits for it when it is async. */
  async forEach(visit: (item: T, index: number) => void | Promise<void>): Promise<void> {
    expectArgument("function", visit, "a function of an alert");
    let index = 0;
    for await (const item of this) await visit(item, index++);
  }

  /** The same stream without what a subclass adds. */
  protected plain(): AlertStream<T> {
    return new AlertStream<T>(this.open, this.stages, this.limit, this.options, this.books);
  }

  private with(stage: Stage): AlertStream<any> {
    // stages after take() must see only what take() let through
    if (Number.isFinite(this.limit)) return AlertStream.from<any>(() => this, this.options).with(stage);
    return new AlertStream<any>(this.open, [...this.stages, stage], this.limit, this.options, this.books);
  }

  private run(item: unknown, index: number, ledger: Ledger): unknown {
    let value: unknown = item;
    try {
      for (let i = 0; i < this.stages.length; i++) {
        value = this.stages[i]!(value, index);
        if (value === rejected) {
          ledger.rejected++;
          return rejected;
        }
        if (value instanceof Promise) return this.runAsync(value, i + 1, index, ledger);
      }
      return value;
    } catch (error) {
      return this.failed(item, error, ledger);
    }
  }

  private async runAsync(first: Promise<unknown>, from: number, index: number, ledger: Ledger): Promise<unknown> {
    let value = await first;
    for (const stage of this.stages.slice(from)) {
      if (value === rejected) break;
      value = await stage(value, index);
    }
    if (value === rejected) ledger.rejected++;
    return value;
  }

  private failed(item: unknown, error: unknown, ledger: Ledger): typeof rejected {
    const where = (this.options.describe ?? describeItem)(item);
    if (ledger.failed === 0) {
      say(`${where}: ${messageOf(error)} – counted as failed, the stream goes on`);
    }
    ledger.fail(where, error);
    return rejected;
  }
}

/** @throws USAGE unless count is a whole number ≥ 0 */
export function checkCount(count: number): void {
  if (!Number.isInteger(count) || count < 0) throw usageError("a whole number of alerts, 0 or more", count);
}

/** "topic[partition]@offset" or "file#record" of an alert; the text of anything else. */
export function describeItem(item: unknown): string {
  const origin = (item as { origin?: Record<string, unknown> } | null)?.origin;
  if (origin?.["kind"] === "kafka")
    return placeText(String(origin["topic"]), Number(origin["partition"]), String(origin["offset"]));
  if (origin?.["kind"] === "file")
    return origin["record"] ? `${origin["path"]}#${origin["record"]}` : String(origin["path"]);
  return String(item).slice(0, 120);
}
