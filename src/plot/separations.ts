import { usageError } from "../errors";
import { expectArgument } from "../expect";
import type { ChanceRow } from "../match/chance";
import { counted, type Figure, grouped, makeFigure, note, plain, type Trace } from "./figure";

/** Options of {@link plotSeparations}. */
export interface SeparationsOptions {
  title?: string;
  /** Right-hand end of the axis, arcseconds; default the largest separation. */
  maxArcsec?: number;
  /** Matching radius to mark with a line, arcseconds. */
  radiusArcsec?: number;
  /** Default 30. */
  bins?: number;
  /**
   * What chance alone would give: separations found after shifting the positions, or the density of the catalogue, with
   * which N alerts have N × density × ring area chance neighbours in a bin.
   */
  chance?: readonly number[] | { readonly alerts: number; readonly perSquareArcsec: number };
}

/**
 * Histogram of the separations between alerts and their matches, with the level that chance matches would have.
 *
 * @param arcsec separations, arcseconds; NaN (no match) is left out and counted
 * @throws USAGE for bins below 1 or a maximum that is not above 0
 * @example
 * show(plot.separations(matches.map((m) => m.separationArcsec), { radiusArcsec: 1.5 }));
 */
export function plotSeparations(arcsec: readonly number[], options: SeparationsOptions = {}): Figure {
  expectArgument("list", arcsec, "a list of separations in arcseconds");
  const { bins = 30, radiusArcsec, chance } = options;
  if (!(bins >= 1)) throw usageError("bins of 1 or more", bins);
  const found = arcsec.filter(Number.isFinite);
  const largest = found.reduce((a, b) => Math.max(a, b), 0);
  const maxArcsec = options.maxArcsec ?? (largest || radiusArcsec || 1);
  if (!(maxArcsec > 0)) throw usageError("maxArcsec above 0", maxArcsec);
  const width = maxArcsec / bins;
  const centres = Array.from({ length: bins }, (_, i) => Number(((i + 0.5) * width).toPrecision(6)));
  const counts = histogram(found, bins, maxArcsec);
  const data: Trace[] = [
    {
      type: "bar",
      name: "matches",
      x: centres,
      y: counts,
      width,
      marker: { color: "#56b4e9", line: { color: "#fff", width: 1 } },
      hovertemplate: "%{x:.3f}″: %{y:,}<extra></extra>",
    },
  ];
  if (chance !== undefined) {
    const y = isDensity(chance)
      ? centres.map((r) => chance.alerts * chance.perSquareArcsec * 2 * Math.PI * r * width)
      : histogram(chance, bins, maxArcsec);
    const line = { color: "#d55e00", width: 2, shape: isDensity(chance) ? "linear" : "hvh" };
    data.push({ type: "scatter", mode: "lines", name: "expected by chance", x: centres, y, line });
  }
  const beyond = found.filter((value) => value > maxArcsec).length;
  const parts = [
    counted(found.length, "match").replace("matchs", "matches"),
    arcsec.length > found.length && `${grouped(arcsec.length - found.length)} unmatched`,
    beyond > 0 && `${grouped(beyond)} beyond ${maxArcsec}″`,
  ];
  return makeFigure(data, {
    title: plain(options.title ?? "Separations"),
    subtitle: parts.filter(Boolean).join(" · "),
    xTitle: "separation (″)",
    yTitle: `matches per ${Number(width.toPrecision(3))}″`,
    xaxis: { range: [0, maxArcsec], showgrid: false },
    yaxis: { rangemode: "tozero" },
    more: {
      bargap: 0,
      showlegend: chance !== undefined,
      ...(radiusArcsec === undefined ? {} : radiusLine(radiusArcsec)),
      ...(found.length === 0 ? { annotations: [note("no match")] } : {}),
    },
  });
}

/** Share of the positions with a match, and with one by chance, within one radius: what `match.chanceRate` returns. */
export type ChancePoint = Pick<ChanceRow, "radiusArcsec" | "matched" | "chance">;

/**
 * Matches and chance matches against the matching radius: the radius to choose is where the upper line has flattened and
 * the lower one has not yet risen.
 *
 * @example
 * show(plot.chanceRate([{ radiusArcsec: 1, matched: 0.53, chance: 0.01 }, { radiusArcsec: 3, matched: 0.6, chance: 0.07 }]));
 */
export function plotChanceRate(
  rows: Iterable<ChancePoint>,
  options: { title?: string; radiusArcsec?: number } = {},
): Figure {
  expectArgument("rows", rows, "rows of chanceMatchRate");
  const list = [...rows];
  expectArgument("objects", list, "rows of chanceMatchRate");
  const sorted = list.sort((a, b) => a.radiusArcsec - b.radiusArcsec);
  const x = sorted.map((row) => row.radiusArcsec);
  const line = (name: string, y: number[], color: string, symbol: string): Trace => ({
    type: "scatter",
    mode: "lines+markers",
    name,
    x,
    y,
    line: { color, width: 2 },
    marker: { color, symbol, size: 7 },
    hovertemplate: `within %{x}″: %{y:.1%} ${name}<extra></extra>`,
  });
  const data = [
    line(
      "matched",
      sorted.map((row) => row.matched),
      "#0072b2",
      "circle",
    ),
    line(
      "matched by chance",
      sorted.map((row) => row.chance),
      "#d55e00",
      "square",
    ),
  ];
  return makeFigure(data, {
    title: plain(options.title ?? "Matches against radius"),
    xTitle: "matching radius (″)",
    yTitle: "share of alerts",
    xaxis: { rangemode: "tozero" },
    yaxis: { rangemode: "tozero", tickformat: ".0%" },
    more: {
      ...(options.radiusArcsec === undefined ? {} : radiusLine(options.radiusArcsec)),
      ...(sorted.length === 0 ? { annotations: [note("no radius tried")] } : {}),
    },
  });
}

function radiusLine(radiusArcsec: number): object {
  const ends = { x0: radiusArcsec, x1: radiusArcsec, y0: 0, y1: 1, yref: "paper" };
  const label = { text: `radius ${radiusArcsec}″`, textposition: "end", textangle: 0, font: { size: 12 } };
  return { shapes: [{ type: "line", ...ends, line: { color: "#222", width: 1.5, dash: "dash" }, label }] };
}

type Chance = NonNullable<SeparationsOptions["chance"]>;

function isDensity(chance: Chance): chance is Extract<Chance, { readonly alerts: number }> {
  return !Array.isArray(chance);
}

function histogram(values: readonly number[], bins: number, largest: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    if (!(value >= 0 && value <= largest)) continue;
    // the largest value belongs to the last bin, and the quotient of floats may come out at the next one
    counts[Math.min(bins - 1, Math.floor(value / (largest / bins)))]!++;
  }
  return counts;
}
