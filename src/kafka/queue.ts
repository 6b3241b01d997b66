/**
 * A queue between a consumer that pushes and a reader that pulls, bounded by bytes.
 */
export class Queue<T> {
  private items: T[] = [];
  private head = 0;
  private bytes = 0;
  private error: unknown;
  private readonly wake = new Set<() => void>();
  private readonly afterwards: { at: number; run: () => void }[] = [];
  private pushed = 0;
  private pulled = 0;
  ended = false;

  /**
   * @param maxBytes `room` says no from here on
   * @param sizeOf bytes of an item
   */
  constructor(
    private readonly maxBytes: number,
    private readonly sizeOf: (item: T) => number,
  ) {}

  push(item: T): void {
    this.items.push(item);
    this.bytes += this.sizeOf(item);
    this.pushed++;
    this.notify();
  }

  /** True when there is room, at once or within `ms`. */
  async room(ms: number): Promise<boolean> {
    if (this.bytes < this.maxBytes) return true;
    await this.changed(ms);
    return this.bytes < this.maxBytes;
  }

  /**
   * The next item; undefined when the queue has ended, or nothing came within `idleMs`.
   * @throws what `fail` was called with, after the items before it
   */
  async next(idleMs?: number): Promise<T | undefined> {
    const deadline = idleMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + idleMs;
    for (;;) {
      this.runDue();
      if (this.head < this.items.length) return this.shift();
      if (this.error !== undefined) throw this.error;
      const left = deadline - performance.now();
      if (this.ended || left <= 0) return undefined;
      await this.changed(left);
    }
  }

  /** Runs `work` once everything pushed so far has been pulled. */
  whenEmpty(work: () => void): void {
    this.afterwards.push({ at: this.pushed, run: work });
    this.notify();
  }

  /** Leaves out the items that are not wanted any more. */
  keep(isWanted: (item: T) => boolean): void {
    const waiting = this.items.slice(this.head);
    this.items = waiting.filter(isWanted);
    this.head = 0;
    this.pulled += waiting.length - this.items.length;
    this.bytes = this.items.reduce((sum, item) => sum + this.sizeOf(item), 0);
    this.notify();
  }

  /** No more items: `next` gives undefined when the rest is gone. */
  end(): void {
    this.ended = true;
    this.notify();
  }

  fail(error: unknown): void {
    this.error = error;
    this.notify();
  }

  private shift(): T {
    const item = this.items[this.head]!;
    this.items[this.head++] = undefined as T; // lets the message go
    if (this.head > 1024 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    this.bytes -= this.sizeOf(item);
    this.pulled++;
    this.notify();
    return item;
  }

  private runDue(): void {
    while (this.afterwards[0] && this.afterwards[0].at <= this.pulled) this.afterwards.shift()!.run();
  }

  private notify(): void {
    for (const wake of this.wake) wake();
    this.wake.clear();
  }

  /** Resolves at the next push, pull or end, or after `ms`. */
  private changed(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = Number.isFinite(ms) ? setTimeout(done, ms) : undefined;
      const wake = this.wake;
      function done() {
        clearTimeout(timer);
        wake.delete(done);
        resolve();
      }
      wake.add(done);
    });
  }
}
