import { usageError } from "../errors";
import { expectArgument } from "../expect";
import { counted, type Figure, grouped, makeFigure, note, plain } from "./figure";
import { lookGroups } from "./look";
import { numberOf, type Quantity, quantity } from "./quantity";
import { readable } from "./readable";

/** Options of {@link plotHistogram}. */
export interface HistogramOptions<R> {
  /** What is counted. */
  x: Quantity<R>;
  /** Bars of equal width; default 30. */
  bins?: number;
  /** From the left edge of the first bar to the right edge of the last; default from the least to the largest value. */
  range?: readonly [number, number];
  /** Groups, stacked on one another. */
  color?: Quantity<R>;
  /** Logarithmic counts. Groups then stand side by side. */
  yLog?: boolean;
  /** With the unit; needed beside a function. */
  xTitle?: string;
  colorTitle?: string;
  title?: string;
  caption?: string;
}

const mostBins = 10_000;

/**
 * How often each value occurs: bars of equal width, as `numpy.histogram` counts them – a value on an edge belongs to the bar at its
 * right, the largest to the last bar.
 *
 * @param rows alerts or rows of one's own; those without a number, or outside the range, are counted in the title
 * @throws USAGE for bins or a range that are none, or a function without the title of its axis; NO_FIELD
 * @example
 * show(plot.histogram(night, { x: "mag", bins: 40, color: "band" }));
 */
export function plotHistogram<R extends object>(rows: readonly R[], options: HistogramOptions<R>): Figure {
  expectArgument("objects", rows, "a list of alerts or rows");
  expectArgument("object", options, "options { x }");
  const { bins = 30 } = options;
  if (!Number.isSafeInteger(bins) || bins < 1 || bins > mostBins) throw usageError(`bins from 1 to ${mostBins}`, bins);
  const x = quantity(rows, options.x, options.xTitle, "x");
  const color = options.color === undefined ? null : quantity(rows, options.color, options.colorTitle, "color");
  const values = readable(rows, (row) => ({ x: numberOf(x.read(row)), color: color?.read(row) }), "the histogram");
  const known = values.filter((value) => !Number.isNaN(value.x));
  const [low, high] = rangeOf(known, options.range);
  const inside = known.filter((value) => value.x >= low && value.x <= high);
  const width = (high - low) / bins;
  const edges = Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : low + i * width));
  const centres = Array.from({ length: bins }, (_, i) => Number(((edges[i]! + edges[i + 1]!) / 2).toPrecision(10)));
  const groups = color
    ? lookGroups(inside, (value) => value.color, options.color === "band")
    : [{ name: "rows", color: "#56b4e9", members: inside }];
  const data = groups.map((group) => ({
    type: "bar",
    name: group.name,
    x: centres,
    y: countIn(
      group.members.map((value) => value.x),
      edges,
    ),
    ...(options.yLog && color ? {} : { width }),
    marker: { color: group.color, line: { color: "#fff", width: bins > 100 ? 0 : 0.5 } },
    hovertemplate: `%{x}: %{y:,}<extra>${color ? group.name : ""}</extra>`,
  }));
  const words = [
    counted(inside.length, "value"),
    known.length > inside.length && `${grouped(known.length - inside.length)} outside the range`,
    values.length > known.length && `${grouped(values.length - known.length)} missing`,
    color && `colour: ${plain(color.title)}`,
  ];
  return makeFigure(inside.length === 0 ? [] : data, {
    title: plain(options.title ?? `Distribution of ${x.title}`),
    subtitle: words.filter(Boolean).join(" · "),
    caption: options.caption,
    xTitle: plain(x.title),
    yTitle: `rows per bin of ${Number(width.toPrecision(3))}`,
    xaxis: { ...x.axis, range: [low, high], showgrid: false },
    yaxis: options.yLog ? { type: "log", dtick: 1 } : { rangemode: "tozero" },
    more: {
      barmode: options.yLog ? "group" : "stack",
      bargap: 0,
      showlegend: color !== null,
      ...(inside.length === 0 ? { annotations: [note("no value")] } : {}),
    },
  });
}

function rangeOf(values: readonly { x: number }[], given: readonly [number, number] | undefined): [number, number] {
  if (given !== undefined) {
    const [low, high] = Array.isArray(given) ? given : [Number.NaN, Number.NaN];
    if (!(Number.isFinite(low) && Number.isFinite(high) && low < high))
      throw usageError("range as [low, high]", Array.isArray(given) ? `[${given}]` : given);
    return [low, high];
  }
  const low = values.reduce((least, { x }) => Math.min(least, x), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, { x }) => Math.max(most, x), Number.NEGATIVE_INFINITY);
  // as numpy: one value alone stands in the middle of a range of 1
  if (low === high) return [low - 0.5, high + 0.5];
  return low < high ? [low, high] : [0, 1];
}

/** As numpy counts: by the quotient, put right by the edges where floats came out at the neighbour. */
function countIn(values: readonly number[], edges: readonly number[]): number[] {
  const bins = edges.length - 1;
  const counts = new Array<number>(bins).fill(0);
  const [low, high] = [edges[0]!, edges[bins]!];
  for (const value of values) {
    let bin = Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins));
    if (value < edges[bin]!) bin--;
    else if (bin < bins - 1 && value >= edges[bin + 1]!) bin++;
    counts[bin]!++;
  }
  return counts;
}
