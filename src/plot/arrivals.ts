import { usageError } from "../errors";
import { expectArgument } from "../expect";
import type { Figure } from "./figure";
import type { LiveModel } from "./live";
import { plotRate, type RateRow } from "./rate";

/** Options of {@link arrivals}. */
export interface ArrivalsOptions<A> {
  /** Length of a window, seconds; default 1. */
  windowSeconds?: number;
  /** Time of an alert, ms since 1970 UTC; default when it arrived here. */
  timeMs?: (alert: A) => number;
  title?: string;
  /** Windows drawn; the oldest drop out, so that a stream without end can be watched. Default 600. */
  maxWindows?: number;
}

/** Counts per window of time, and the plot of them. */
export interface Arrivals<A> extends LiveModel<A> {
  /** The windows that are drawn, by time. */
  rows(): RateRow[];
  figure(): Figure;
}

/**
 * Counts alerts per window of time, for {@link watch}: the live rate plot.
 *
 * @throws USAGE for a window that is not above 0
 * @example
 * for await (const alert of watch(stream, plot.arrivals({ windowSeconds: 5 }))) console.log(alert.objectId);
 */
export function arrivals<A = unknown>(options: ArrivalsOptions<A> = {}): Arrivals<A> {
  expectArgument("object", options, "options");
  const { windowSeconds = 1, timeMs = () => Date.now(), maxWindows = 600, title = "Alerts as they arrive" } = options;
  if (!(windowSeconds > 0)) throw usageError("windowSeconds above 0", windowSeconds);
  const windowMs = windowSeconds * 1000;
  const counts = new Map<number, number>();
  let dropped = 0;
  const rows = (): RateRow[] =>
    [...counts].map(([timeMs, count]) => ({ timeMs, count })).sort((a, b) => a.timeMs - b.timeMs);
  return {
    add(alert) {
      const start = Math.floor(timeMs(alert) / windowMs) * windowMs;
      if (!Number.isFinite(start)) return;
      counts.set(start, (counts.get(start) ?? 0) + 1);
      if (counts.size <= maxWindows) return;
      const oldest = Math.min(...counts.keys());
      dropped += counts.get(oldest)!;
      counts.delete(oldest);
    },
    rows,
    figure: () => plotRate(rows(), { windowSeconds, title, earlier: dropped }),
  };
}
