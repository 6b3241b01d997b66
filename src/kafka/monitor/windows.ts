import type { LatencySummary } from "./types";

/** Width of a bin: quantiles are within 1 % of a value that was measured. */
const relativeError = 0.01;
const gamma = (1 + relativeError) / (1 - relativeError);
/** Everything shorter is one bin: clocks of milliseconds cannot tell it from 0. */
const smallestSeconds = 1e-4;

interface Slot {
  /** Bin → count. At most about 1,200 bins lie between 0.1 ms and 100 days. */
  bins: Map<number, number>;
  max: number;
  byHeader: number;
  byKafka: number;
}

/**
 * Quantiles of the latencies of the last `slots` intervals, in bounded memory: counts in bins of constant relative width
 * (the scheme of DDSketch, Masson, Rim & Lee 2019, PVLDB 12, 2195), one set per interval, so that an interval can leave.
 */
export class LatencyWindow {
  readonly #slots: Slot[] = [emptySlot()];

  constructor(private readonly slots: number) {}

  add(seconds: number, byHeader: boolean): void {
    const slot = this.#slots[0]!;
    const bin = Math.ceil(Math.log(Math.max(seconds, smallestSeconds) / smallestSeconds) / Math.log(gamma));
    slot.bins.set(bin, (slot.bins.get(bin) ?? 0) + 1);
    slot.max = Math.max(slot.max, seconds);
    if (byHeader) slot.byHeader++;
    else slot.byKafka++;
  }

  /** The interval is over: its counts stay for `slots` more. */
  turn(): void {
    this.#slots.unshift(emptySlot());
    if (this.#slots.length > this.slots + 1) this.#slots.pop();
  }

  summary(): LatencySummary {
    const bins = new Map<number, number>();
    const sum = emptySlot();
    for (const slot of this.#slots) {
      for (const [bin, count] of slot.bins) bins.set(bin, (bins.get(bin) ?? 0) + count);
      sum.max = Math.max(sum.max, slot.max);
      sum.byHeader += slot.byHeader;
      sum.byKafka += slot.byKafka;
    }
    const count = sum.byHeader + sum.byKafka;
    const sorted = [...bins].sort(([a], [b]) => a - b);
    const quantile = (q: number) => Math.min(valueAt(sorted, Math.ceil(q * count)), sum.max);
    return {
      count,
      p50: quantile(0.5),
      p90: quantile(0.9),
      p99: quantile(0.99),
      max: count > 0 ? sum.max : Number.NaN,
      from: origin(sum),
    };
  }
}

const emptySlot = (): Slot => ({ bins: new Map(), max: Number.NEGATIVE_INFINITY, byHeader: 0, byKafka: 0 });

/** Middle of the bin that holds the value of this rank. */
function valueAt(sorted: readonly [number, number][], rank: number): number {
  let seen = 0;
  for (const [bin, count] of sorted) {
    seen += count;
    if (seen >= rank) return bin === 0 ? 0 : (smallestSeconds * 2 * gamma ** bin) / (gamma + 1);
  }
  return Number.NaN;
}

function origin({ byHeader, byKafka }: Slot): LatencySummary["from"] {
  if (byHeader > 0 && byKafka > 0) return "mixed";
  if (byHeader > 0) return "producer_timestamp";
  return byKafka > 0 ? "kafka timestamp" : "none";
}

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
