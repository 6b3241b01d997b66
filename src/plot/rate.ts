import { expectArgument } from "../expect";
import { axis, counted, type Figure, grouped, makeFigure, note, plain } from "./figure";

/** Alerts of one time window. */
export interface RateRow {
  /** Start of the window, ms since 1970 UTC. */
  readonly timeMs: number;
  readonly count: number;
}

/** Options of {@link plotRate}. */
export interface RateOptions {
  title?: string;
  /** Length of a window, seconds; default the smallest distance between rows, or 1. */
  windowSeconds?: number;
  /** Alerts counted before the first row, where the cumulative line starts. Default 0. */
  earlier?: number;
}

/**
 * Alerts per window as bars, and the cumulative count as a line on the right-hand axis. No rows gives an empty plot, so
 * that a live plot can start before the first alert.
 *
 * @param rows in any order; windows without alerts may be left out
 * @example
 * show(plot.rate([{ timeMs: Date.now(), count: 12 }], { windowSeconds: 5 }));
 */
export function plotRate(rows: readonly RateRow[], options: RateOptions = {}): Figure {
  expectArgument("moments", rows, "a list of windows { timeMs, count }");
  const sorted = [...rows].sort((a, b) => a.timeMs - b.timeMs);
  const windowSeconds = options.windowSeconds ?? smallestGapSeconds(sorted);
  const { earlier = 0 } = options;
  const first = sorted[0];
  // The line rises within a window and is level between windows.
  const cumulative: { x: string; y: number }[] = [];
  let sum = earlier;
  for (const row of sorted) {
    cumulative.push({ x: utc(row.timeMs), y: sum });
    sum += row.count;
    cumulative.push({ x: utc(row.timeMs + windowSeconds * 1000), y: sum });
  }
  const data = [
    {
      type: "bar",
      name: `alerts per ${seconds(windowSeconds)}`,
      x: sorted.map((row) => utc(row.timeMs)),
      y: sorted.map((row) => row.count),
      width: sorted.map(() => windowSeconds * 1000),
      offset: 0,
      marker: { color: "#56b4e9", line: { color: "#fff", width: 0.5 } },
      hovertemplate: "%{x}<br>%{y:,} alerts<extra></extra>",
    },
    {
      type: "scatter",
      mode: "lines",
      name: "cumulative",
      x: cumulative.map((point) => point.x),
      y: cumulative.map((point) => point.y),
      yaxis: "y2",
      line: { color: "#d55e00", width: 2 },
      hovertemplate: "%{x}<br>%{y:,} alerts so far<extra></extra>",
    },
  ];
  const peak = sorted.reduce((most, row) => Math.max(most, row.count), 0);
  const summary = `${counted(sum - earlier, "alert")} in ${counted(sorted.length, "window")}, at most ${grouped(peak)} per ${seconds(windowSeconds)}`;
  return makeFigure(data, {
    title: plain(options.title ?? "Alert rate"),
    subtitle: first ? summary : "",
    xTitle: "time (UTC)",
    yTitle: `alerts per ${seconds(windowSeconds)}`,
    xaxis: { type: "date", showgrid: false, showticklabels: first !== undefined },
    yaxis: { rangemode: "tozero", ...(peak <= 5 ? { dtick: 1 } : {}) },
    more: {
      yaxis2: axis("cumulative number of alerts", {
        overlaying: "y",
        side: "right",
        tickmode: "auto",
        rangemode: "tozero",
        showgrid: false,
      }),
      legend: { orientation: "h", x: 1, y: 1.02, yanchor: "bottom", xanchor: "right" },
      margin: { l: 70, r: 80, t: 90, b: 60 },
      bargap: 0,
      ...(first ? {} : { annotations: [note("no alert yet")] }),
    },
  });
}

/** Plotly takes dates without a zone as they are; with one it would still not convert, but say nothing. */
function utc(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, -1);
}

function seconds(value: number): string {
  if (value === 1) return "second";
  return value % 60 === 0 && value >= 60
    ? value === 60
      ? "minute"
      : `${value / 60} min`
    : `${Number(value.toPrecision(3))} s`;
}

function smallestGapSeconds(rows: readonly RateRow[]): number {
  let gap = Number.POSITIVE_INFINITY;
  for (let i = 1; i < rows.length; i++) {
    const step = rows[i]!.timeMs - rows[i - 1]!.timeMs;
    if (step > 0) gap = Math.min(gap, step);
  }
  return Number.isFinite(gap) ? gap / 1000 : 1;
}
