import { usageError } from "../errors";
import { expectArgument } from "../expect";
import { counted, type Figure, grouped, makeFigure, note, plain, type Trace } from "./figure";
import { lookGroups } from "./look";
import { numberOf, type Quantity, quantity } from "./quantity";
import { readable } from "./readable";

/** Options of {@link plotScatter}; titles hold the unit: "g − r (mag)". */
export interface ScatterOptions<R> {
  x: Quantity<R>;
  y: Quantity<R>;
  /** Numbers are drawn by a scale of colours, anything else as groups, bands in their own colours and symbols. */
  color?: Quantity<R>;
  /** Numbers from 0 on, drawn as areas. */
  size?: Quantity<R>;
  /** Needed beside a function; fields of the common view have theirs. */
  xTitle?: string;
  yTitle?: string;
  colorTitle?: string;
  sizeTitle?: string;
  title?: string;
  caption?: string;
  /** Logarithmic axes; what is not above 0 is left out. */
  xLog?: boolean;
  yLog?: boolean;
  /** Small values at the right, or at the top: default for magnitudes upward. */
  xReversed?: boolean;
  yReversed?: boolean;
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly color: unknown;
  readonly size: number;
  readonly text: string;
}

/** Diameter of the largest symbol whose area stands for a number, pixels. */
const largest = 24;

/**
 * Rows as points: alerts, objects, anything that has two numbers. Points without one of them are left out, and counted in the
 * title.
 *
 * @param rows alerts or rows of one's own
 * @throws USAGE for a function without the title of its axis; NO_FIELD for a field that no row has
 * @example
 * show(plot.scatter(objects, { x: (o) => o.g - o.r, xTitle: "g − r (mag)", y: "mag", color: "realBogus" }));
 */
export function plotScatter<R extends object>(rows: readonly R[], options: ScatterOptions<R>): Figure {
  expectArgument("objects", rows, "a list of alerts or rows");
  expectArgument("object", options, "options { x, y }");
  const x = quantity(rows, options.x, options.xTitle, "x");
  const y = quantity(rows, options.y, options.yTitle, "y");
  const color = options.color === undefined ? null : quantity(rows, options.color, options.colorTitle, "color");
  const size = options.size === undefined ? null : quantity(rows, options.size, options.sizeTitle, "size");
  const points = readable(
    rows,
    (row): Point => ({
      x: numberOf(x.read(row)),
      y: numberOf(y.read(row)),
      color: color?.read(row),
      size: size ? numberOf(size.read(row)) : 0,
      text: nameOf(row),
    }),
    "the scatter plot",
  );
  const isDrawn = (point: Point) =>
    (options.xLog ? point.x > 0 : !Number.isNaN(point.x)) &&
    (options.yLog ? point.y > 0 : !Number.isNaN(point.y)) &&
    (!size || point.size >= 0);
  const drawn = points.filter(isDrawn);
  const isNumeric = color !== null && drawn.some(({ color: of }) => typeof of === "number");
  if (isNumeric && drawn.some(({ color: of }) => typeof of === "string"))
    throw usageError(
      "colours that are all numbers or all names",
      "both",
      "turn them into text: (row) => String(row.…)",
    );
  const areas = size ? drawn.reduce((top, point) => Math.max(top, point.size), 0) : 0;
  const trace = (list: readonly Point[], look: object, name: string, showlegend: boolean): Trace => ({
    type: "scatter",
    mode: "markers",
    name,
    showlegend,
    x: list.map((point) => point.x),
    y: list.map((point) => point.y),
    text: list.map((point) => point.text),
    hovertemplate: `%{text}<br>%{x}, %{y}<extra>${showlegend ? name : ""}</extra>`,
    marker: {
      ...look,
      opacity: 0.75,
      ...(size
        ? {
            size: list.map((point) => point.size),
            sizemode: "area",
            sizeref: (2 * (areas || 1)) / largest ** 2,
            sizemin: 2,
          }
        : { size: drawn.length > 2000 ? 4 : 7 }),
    },
  });
  // points without a number on the scale lie below the others, in grey
  const bare = isNumeric ? drawn.filter((point) => Number.isNaN(numberOf(point.color))) : [];
  const scaled = isNumeric ? drawn.filter((point) => !Number.isNaN(numberOf(point.color))) : [];
  const bar = { showscale: true, colorscale: "Cividis", colorbar: { title: { text: plain(color?.title ?? "") } } };
  const data = isNumeric
    ? [
        ...(bare.length > 0
          ? [trace(bare, { color: "#cfcfcf" }, `without a value (${grouped(bare.length)})`, true)]
          : []),
        trace(scaled, { color: scaled.map((point) => numberOf(point.color)), ...bar }, "points", false),
      ]
    : color
      ? lookGroups(drawn, (point) => point.color, options.color === "band").map((group) =>
          trace(group.members, { color: group.color, symbol: group.symbol }, group.name, true),
        )
      : [trace(drawn, { color: "#0072b2" }, "points", false)];
  const lost = points.length - drawn.length;
  const words = [
    counted(drawn.length, "point"),
    lost > 0 && `${grouped(lost)} without a value not drawn`,
    size && `area: ${plain(size.title)}, up to ${Number(areas.toPrecision(3))}`,
    color && !isNumeric && `colour: ${plain(color.title)}`,
  ];
  const axisOf = (isLog: boolean | undefined, reversed: boolean) => ({
    ...(isLog ? { type: "log", dtick: 1, exponentformat: "power" } : {}),
    ...(reversed ? { autorange: "reversed" } : {}),
  });
  return makeFigure(drawn.length === 0 ? [] : data, {
    title: plain(options.title ?? `${y.title} against ${x.title}`),
    subtitle: words.filter(Boolean).join(" · "),
    caption: options.caption,
    xTitle: plain(x.title),
    yTitle: plain(y.title),
    xaxis: { ...x.axis, ...axisOf(options.xLog, options.xReversed ?? false) },
    yaxis: { ...y.axis, ...axisOf(options.yLog, options.yReversed ?? y.isMagnitude) },
    more: {
      showlegend: bare.length > 0 || (color !== null && !isNumeric),
      ...(bare.length > 0
        ? { legend: { itemsizing: "constant", orientation: "h", y: 1.02, yanchor: "bottom", x: 1, xanchor: "right" } }
        : {}),
      ...(drawn.length === 0 ? { annotations: [note("no point with both values")] } : {}),
    },
  });
}

/** What hovering names. */
function nameOf(row: object): string {
  const { objectId, alertId, name } = row as { objectId?: unknown; alertId?: unknown; name?: unknown };
  return plain(objectId ?? alertId ?? name ?? "");
}
