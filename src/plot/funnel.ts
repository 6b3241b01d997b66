import { usageError } from "../errors";
import { expectArgument } from "../expect";
import type { FunnelRow } from "../select/funnel";
import { type Figure, grouped, makeFigure, note, plain } from "./figure";

/** What is drawn of one cut: its name, and what it let through of what reached it. */
export type FunnelBar = Pick<FunnelRow, "name" | "passed" | "rejected"> & Partial<FunnelRow>;

/**
 * How many alerts are left after each cut, and how many each one removed.
 *
 * @param funnel rows in the order the cuts were applied
 * @example
 * show(plot.funnel(await cut.funnel(night, clean)));
 */
export function plotFunnel(funnel: Iterable<FunnelBar>, options: { title?: string } = {}): Figure {
  expectArgument("rows", funnel, "what cut.funnel() returns", "write await cut.funnel(alerts, cut)");
  const rows = [...funnel];
  expectArgument("objects", rows, "rows of a funnel");
  const other = rows.find(({ passed, rejected }) => typeof passed !== "number" || typeof rejected !== "number");
  if (other) throw usageError("rows of a funnel, with what each cut passed and rejected", other);
  const failures = rows.map((row) => row.failed ?? 0);
  const total = rows[0] ? rows[0].passed + rows[0].rejected + failures[0]! : 0;
  const left = rows.at(-1)?.passed ?? 0;
  // A blank suffix keeps two cuts of one name on two lines.
  const names = ["all alerts", ...rows.map((row, i) => `${label(row)}${"\u200b".repeat(i)}`)];
  const kept = [total, ...rows.map((row) => row.passed)];
  const removed = [0, ...rows.map((row) => row.rejected)];
  const bar = (name: string, values: readonly number[], color: string, words: readonly string[]) => {
    const look = { marker: { color }, text: words, textposition: "auto", insidetextanchor: "start", cliponaxis: false };
    const hovertemplate = `%{x:,} ${name}<extra></extra>`;
    return { type: "bar", orientation: "h", name, y: names, x: values, hovertemplate, ...look };
  };
  const data = [
    bar(
      "passed",
      kept,
      "#0072b2",
      kept.map((count) => `${grouped(count)}${percent(count, total)}`),
    ),
    bar(
      "rejected",
      removed,
      "#cfcfcf",
      removed.map((count) => (count > 0 ? `−${grouped(count)}` : "")),
    ),
  ];
  if (failures.some((count) => count > 0)) {
    const words = ["", ...failures.map((count) => (count > 0 ? `${grouped(count)} failed` : ""))];
    data.push(bar("failed with an error", [0, ...failures], "#d55e00", words));
  }
  return makeFigure(rows.length === 0 ? [] : data, {
    title: plain(options.title ?? "Funnel"),
    subtitle: rows.length === 0 ? "" : `${grouped(total)} alerts → ${grouped(left)}${percent(left, total)}`,
    xTitle: "number of alerts",
    xaxis: { rangemode: "tozero", visible: rows.length > 0 },
    yaxis: { autorange: "reversed", showgrid: false, visible: rows.length > 0 },
    height: 150 + 44 * (rows.length + 1),
    more: {
      barmode: "stack",
      bargap: 0.25,
      legend: { traceorder: "normal" },
      annotations: rows.length === 0 ? [note("no cut")] : [],
    },
  });
}

function label(row: FunnelBar): string {
  const threshold = row.threshold ? `<br><span style="font-size:11px;color:#555">${plain(row.threshold)}</span>` : "";
  return `${plain(row.name)}${threshold}`;
}

function percent(part: number, whole: number): string {
  if (!(whole > 0)) return "";
  const value = (100 * part) / whole;
  return ` (${value >= 10 || value === 0 ? value.toFixed(0) : value.toPrecision(2)} %)`;
}
