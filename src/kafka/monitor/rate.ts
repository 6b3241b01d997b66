interface Point {
  readonly ms: number;
  readonly produced: bigint;
  readonly bytes: number;
}

/** Growth of two running totals over the last seconds. */
export class RateWindow {
  #points: Point[] = [];

  constructor(private readonly windowSeconds: number) {}

  /** @param ms monotonic clock */
  add(ms: number, produced: bigint, bytes: number): void {
    const last = this.#points.at(-1);
    // a topic that was deleted and made again begins at 0
    if (last && produced < last.produced) this.#points = [];
    this.#points.push({ ms, produced, bytes });
    // the last point at or before the window's beginning stays: the window is never shorter than asked for
    const start = ms - this.windowSeconds * 1000;
    while (this.#points[1] && this.#points[1].ms <= start) this.#points.shift();
  }

  get alertsPerSecond(): number {
    return this.#per((from, to) => Number(to.produced - from.produced));
  }

  get bytesPerSecond(): number {
    return this.#per((from, to) => to.bytes - from.bytes);
  }

  #per(growth: (from: Point, to: Point) => number): number {
    const from = this.#points[0];
    const to = this.#points.at(-1);
    return from && to && to.ms > from.ms ? (growth(from, to) * 1000) / (to.ms - from.ms) : Number.NaN;
  }
}
