import { usageError } from "../errors";
import { expectArgument } from "../expect";
import { bareText, titleOf } from "./alt-text";
import { counted, type Figure, makeFigure, plain, type Trace } from "./figure";

/** Options of {@link plotGrid}. */
export interface GridOptions {
  /** Default: one for a single figure, 2 for up to four, else 3. */
  columns?: number;
  title?: string;
  caption?: string;
  /** Pixels of one row; default 300. */
  rowHeight?: number;
}

/** Where a figure goes, in parts of the whole. */
interface Cell {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
  /** Letters of the title that fit. */
  readonly letters: number;
}

type Part = Readonly<Record<string, any>>;

const mostFigures = 60;
/** Between columns there is room for the ticks and title of an axis, between rows for a title and the axis above it. */
const columnGaps = [0, 0, 0.14, 0.09, 0.07];
const rowGapPixels = 105;
/** Letters of a title that fit into the width of the page. */
const lettersAcross = 80;

/**
 * Several figures as one, side by side: the light curves of ten objects on a page. Axes stay apart; a name that occurs in several
 * figures is in the legend once, and hides or shows them all.
 *
 * @param figures up to 60, row by row
 * @throws USAGE for no figure, more than 60, or columns below 1
 * @example
 * show(plot.grid(tenObjects.map((curve) => plot.lightCurve(curve)), { columns: 2 }));
 */
export function plotGrid(figures: readonly Figure[], options: GridOptions = {}): Figure {
  expectArgument("objects", figures, "a list of figures");
  const other = figures.find(({ data, layout }) => !Array.isArray(data) || typeof layout !== "object");
  if (other) throw usageError("figures { data, layout }", other, "make them with plot functions");
  if (figures.length === 0 || figures.length > mostFigures)
    throw usageError(`1 to ${mostFigures} figures`, figures.length, "take fewer: figures.slice(0, 60)");
  const { columns = figures.length === 1 ? 1 : figures.length <= 4 ? 2 : 3, rowHeight = 300 } = options;
  if (!Number.isSafeInteger(columns) || columns < 1) throw usageError("columns of 1 or more", columns);
  if (!(rowHeight >= 50)) throw usageError("rowHeight of 50 pixels or more", rowHeight);
  const rows = Math.ceil(figures.length / columns);
  const height = rows * rowHeight + 130;
  const rowGap = rows > 1 ? Math.min(rowGapPixels / (height - 130), 0.6 / rows) : 0;
  const columnGap = columnGaps[columns] ?? 0.3 / columns;
  const width = (1 - columnGap * (columns - 1)) / columns;
  const tall = (1 - rowGap * (rows - 1)) / rows;
  const seen = new Set<string>();
  const placed = figures.map((figure, i) => {
    const x0 = (i % columns) * (width + columnGap);
    const y1 = 1 - Math.floor(i / columns) * (tall + rowGap);
    const beside = i % columns === 0 ? undefined : figures[i - 1];
    const cell = { x0, x1: x0 + width, y0: y1 - tall, y1, letters: Math.floor(lettersAcross / columns) };
    return place(beside ? untitled(figure, beside) : figure, i, cell, seen);
  });
  const first = (name: string) => figures.find(({ layout }) => layout[name] !== undefined)?.layout[name];
  const shared = ["barmode", "bargap"].flatMap((name) => (first(name) === undefined ? [] : [[name, first(name)]]));
  return makeFigure(
    placed.flatMap(({ traces }) => traces),
    {
      title: plain(options.title ?? counted(figures.length, "figure")),
      caption: options.caption ?? figures.map((figure, i) => `${i + 1}: ${titleOf(figure)}`).join("; "),
      height,
      more: {
        xaxis: undefined,
        yaxis: undefined,
        ...Object.fromEntries(shared),
        ...Object.assign({}, ...placed.map(({ axes }) => axes)),
        annotations: placed.flatMap(({ annotations }) => annotations),
        shapes: placed.flatMap(({ shapes }) => shapes),
        showlegend: seen.size > 1,
        margin: { l: 70, r: 30, t: 100, b: 60 },
        legend: { orientation: "h", x: 1, xanchor: "right", y: 1 + 35 / (height - 160), yanchor: "bottom" },
      },
    },
  );
}

/** Without the title of the upward axis where the figure at its left has the same. */
function untitled(figure: Figure, left: Figure): Figure {
  const of = ({ layout }: Figure): string => layout["yaxis"]?.title?.text ?? "";
  if (of(figure) !== of(left)) return figure;
  return { ...figure, layout: { ...figure.layout, yaxis: { ...figure.layout["yaxis"], title: { text: "" } } } };
}

/** A figure with its axes renumbered and moved into its cell. */
function place(figure: Figure, index: number, cell: Cell, seen: Set<string>) {
  const { layout, data } = figure;
  // a hundred axes for each figure, so that no two have one name
  const renamed = (id: unknown): string => {
    const [letter, number] = [String(id)[0], Number(String(id).slice(1) || 1)];
    const all = index * 100 + number;
    return `${letter}${all === 1 ? "" : all}`;
  };
  const inX = (x: number) => cell.x0 + x * (cell.x1 - cell.x0);
  const inY = (y: number) => cell.y0 + y * (cell.y1 - cell.y0);
  const axes: Record<string, Part> = {};
  const axisNames = new Set(Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name)));
  for (const name of [...axisNames, "xaxis", "yaxis"]) {
    const axis: Part = layout[name] ?? {};
    const [letter, number] = [name[0]!, name.slice(5)];
    const [from, to] = axis["domain"] ?? [0, 1];
    const within = letter === "x" ? inX : inY;
    const links = ["anchor", "overlaying", "scaleanchor", "matches"].filter((link) => /^[xy]\d*$/.test(axis[link]));
    const id = renamed(`${letter}${number}`);
    axes[`${letter}axis${id.slice(1)}`] = {
      ...axis,
      title: { ...axis["title"], font: { size: 11 } },
      domain: [within(from), within(to)],
      anchor: renamed(`${letter === "x" ? "y" : "x"}${number}`),
      ...Object.fromEntries(links.map((link) => [link, renamed(axis[link])])),
    };
  }
  const traces = data.map((trace): Trace => {
    const name = String(trace.name ?? "");
    const isNamed = name !== "" && trace["showlegend"] !== false && layout["showlegend"] !== false && data.length > 1;
    const isNew = isNamed && !seen.has(name);
    if (isNamed) seen.add(name);
    const marker = trace["marker"] as Part | undefined;
    const bar = { x: cell.x1, xanchor: "left", y: (cell.y0 + cell.y1) / 2, len: cell.y1 - cell.y0, thickness: 12 };
    return {
      ...trace,
      xaxis: renamed(trace["xaxis"] ?? "x"),
      yaxis: renamed(trace["yaxis"] ?? "y"),
      showlegend: isNew,
      ...(isNamed ? { legendgroup: name } : {}),
      ...(marker?.["showscale"] ? { marker: { ...marker, colorbar: { ...marker["colorbar"], ...bar } } } : {}),
    };
  });
  const moved = (item: Part): Part => ({ ...item, ...position(item, "x", inX), ...position(item, "y", inY) });
  const position = (item: Part, letter: "x" | "y", within: (at: number) => number): Part => {
    const ref = String(item[`${letter}ref`] ?? letter);
    if (ref !== "paper") return { [`${letter}ref`]: ref.replace(/^[xy]\d*/, renamed) };
    const names = [letter, `${letter}0`, `${letter}1`].filter((name) => typeof item[name] === "number");
    return Object.fromEntries(names.map((name) => [name, within(item[name] as number)]));
  };
  const title = bareText(String(layout["title"]?.text ?? "").split("<br>")[0]);
  const short = title.length > cell.letters ? `${title.slice(0, cell.letters - 1)}…` : title;
  const heading = {
    ...{ xref: "paper", yref: "paper", x: cell.x0, y: cell.y1, xanchor: "left", yanchor: "bottom", yshift: 4 },
    ...{ showarrow: false, font: { size: 13 }, text: `<b>${plain(short)}</b>` },
  };
  const listOf = (name: string): Part[] => (layout[name] as Part[] | undefined) ?? [];
  return {
    traces,
    axes,
    annotations: [heading, ...listOf("annotations").map(moved)],
    shapes: listOf("shapes").map(moved),
  };
}
