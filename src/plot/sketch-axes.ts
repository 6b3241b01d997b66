import { type Bar, placeBars } from "./sketch-bars";
import { errorOf } from "./sketch-errors";
import { ticksOf } from "./sketch-ticks";
import type { SketchTrace } from "./sketch-traces";

/** An axis with its range and its place on the drawing. */
export interface SketchAxis {
  /** "x", "y2", … */
  readonly id: string;
  readonly horizontal: boolean;
  readonly title: string;
  readonly visible: boolean;
  readonly right: boolean;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** Position of a value of the data on the axis' own scale: logarithm, ms, or place in the list of categories. */
  value(raw: unknown): number;
  /** Pixel of a position. */
  pixel(position: number): number;
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

type Options = Readonly<Record<string, any>>;

/** One plotting area: an x axis, a y axis, and what is drawn between them. */
export interface Panel {
  readonly box: Box;
  readonly x: SketchAxis;
  readonly y: SketchAxis;
  readonly traces: readonly SketchTrace[];
  readonly bars: ReadonlyMap<SketchTrace, readonly Bar[]>;
}

const nameOf = (id: string): string => `${id[0]}axis${id.slice(1)}`;

/** Groups the traces of a figure by their axes and fits ranges and pixels to them. */
export function panelsOf(all: readonly SketchTrace[], layout: Options, area: Box): Panel[] {
  const pairs = new Map<string, SketchTrace[]>();
  for (const made of all) {
    const key = `${made.trace["xaxis"] ?? "x"} ${made.trace["yaxis"] ?? "y"}`;
    const pair = pairs.get(key);
    if (pair) pair.push(made);
    else pairs.set(key, [made]);
  }
  if (pairs.size === 0) pairs.set("x y", []);
  return [...pairs].map(([key, traces]) => {
    const [xId, yId] = key.split(" ") as [string, string];
    const xOptions: Options = layout[nameOf(xId)] ?? {};
    const yOptions: Options = layout[nameOf(yId)] ?? {};
    const [x0, x1] = xOptions["domain"] ?? [0, 1];
    const [y0, y1] = yOptions["domain"] ?? [0, 1];
    const width = (x1 - x0) * area.width;
    const height = (y1 - y0) * area.height;
    const box = { left: area.left + x0 * area.width, top: area.top + (1 - y1) * area.height, width, height };
    // an axis may serve several panels: its range and categories are those of all its traces
    const onAxis = (letter: "x" | "y", id: string) =>
      all.filter(({ trace }) => (trace[`${letter}axis`] ?? letter) === id);
    const [xTraces, yTraces] = [onAxis("x", xId), onAxis("y", yId)];
    const xValues = valuesOf("x", xOptions, xTraces);
    const yValues = valuesOf("y", yOptions, yTraces);
    const bars = placeBars(traces, layout, xValues, yValues);
    const x = scaleOf(xId, xOptions, xTraces, xValues, bars);
    const y = scaleOf(yId, yOptions, yTraces, yValues, bars);
    if (yOptions["scaleanchor"] && x.span > 0 && y.span > 0) {
      // Equal lengths for equal angles: the box shrinks to the tighter of the two.
      const ratio = yOptions["scaleratio"] ?? 1;
      const unit = Math.min(box.width / x.span, box.height / (y.span * ratio));
      const fitted = { width: unit * x.span, height: unit * ratio * y.span };
      box.left += (box.width - fitted.width) / 2;
      box.top += (box.height - fitted.height) / 2;
      Object.assign(box, fitted);
    }
    const xPixel = (position: number) => box.left + ((position - x.range[0]) / (x.range[1] - x.range[0])) * box.width;
    const yPixel = (position: number) =>
      box.top + (1 - (position - y.range[0]) / (y.range[1] - y.range[0])) * box.height;
    return { box, x: { ...x, pixel: xPixel }, y: { ...y, pixel: yPixel }, traces, bars };
  });
}

interface Values {
  readonly kind: string;
  readonly categories: readonly string[];
  value(raw: unknown): number;
}

type Scale = Omit<SketchAxis, "pixel"> & { readonly range: readonly [number, number]; readonly span: number };

/** How the values of an axis are read, by its type or else by what they are. */
function valuesOf(letter: "x" | "y", options: Options, traces: readonly SketchTrace[]): Values {
  const lists = traces.map((made) => made[letter]);
  const kind = options["type"] && options["type"] !== "-" ? String(options["type"]) : kindOf(lists);
  const places = new Map<string, number>();
  if (kind === "category") {
    for (const given of (options["categoryarray"] as unknown[] | undefined) ?? [])
      places.set(String(given), places.size);
    for (const list of lists)
      for (const raw of list)
        if (raw !== null && raw !== undefined && !Number.isNaN(raw) && !places.has(String(raw)))
          places.set(String(raw), places.size);
  }
  const value = (item: unknown): number => {
    if (item === null || item === undefined || item === "" || Number.isNaN(item)) return Number.NaN;
    if (kind === "category") return places.get(String(item)) ?? Number.NaN;
    if (kind === "date") return typeof item === "number" ? item : dateOf(String(item));
    return kind === "log" ? Math.log10(Number(item)) : Number(item);
  };
  return { kind, categories: [...places.keys()], value };
}

/** Plotly takes the time of a date as it is written, whatever its zone. */
const dateOf = (text: string): number =>
  Date.parse(
    `${text
      .trim()
      .replace(" ", "T")
      .replace(/(Z|[+-]\d\d:?\d\d)$/, "")}Z`,
  );
const isDate = (text: string): boolean => /^\d{4}-\d\d(-\d\d([T ]|$)|$)/.test(text);

/** By a sample: a million values need not all be looked at. */
function kindOf(lists: readonly (readonly unknown[])[]): string {
  const texts = lists.flatMap((list) => list.slice(0, 1000)).filter((item) => typeof item === "string" && item !== "");
  if (texts.length === 0 || texts.every((text) => !Number.isNaN(Number(text)))) return "linear";
  return texts.every((text) => isDate(text as string)) ? "date" : "category";
}

function scaleOf(
  id: string,
  options: Options,
  traces: readonly SketchTrace[],
  values: Values,
  bars: ReadonlyMap<SketchTrace, readonly Bar[]>,
): Scale {
  const letter = id[0] as "x" | "y";
  const { kind, value } = values;
  const given = (options["range"] as unknown[] | undefined)?.map((end) =>
    typeof end === "string" && kind === "date" ? dateOf(end) : end === null ? Number.NaN : Number(end),
  );
  const own = given?.every(Number.isFinite) ? null : rangeOf(letter, options, traces, value, kind, bars);
  const range = [0, 1].map((i) => (Number.isFinite(given?.[i]) ? given![i]! : own![i]!)) as [number, number];
  if (range[0] === range[1]) range[1] = range[0] + 1;
  const [from, to] = options["autorange"] === "reversed" ? [range[1], range[0]] : range;
  return {
    id,
    horizontal: letter === "x",
    title: titleText(options["title"]),
    visible: options["visible"] !== false,
    right: options["side"] === "right",
    ticks: options["showticklabels"] === false ? [] : ticksOf(options, Math.min(from, to), Math.max(from, to), values),
    value,
    range: [from, to],
    span: Math.abs(to - from),
  };
}

/** A title as Plotly takes it: text, or an object with one. */
export function titleText(title: unknown): string {
  return String(typeof title === "object" && title !== null ? ((title as Options)["text"] ?? "") : (title ?? ""));
}

function rangeOf(
  letter: "x" | "y",
  options: Options,
  traces: readonly SketchTrace[],
  value: (raw: unknown) => number,
  kind: string,
  bars: ReadonlyMap<SketchTrace, readonly Bar[]>,
): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const take = (position: number): void => {
    if (!Number.isFinite(position)) return;
    low = Math.min(low, position);
    high = Math.max(high, position);
  };
  let isImage = false;
  for (const made of traces) {
    isImage ||= made.kind === "heatmap";
    if (made.kind === "bar") {
      for (const { isHorizontal, start, end, from, to, index } of bars.get(made) ?? []) {
        const error = errorOf(made.trace[`error_${letter}`] as Options | undefined, to - from, index);
        if (isHorizontal === (letter === "x")) for (const at of [from, to, to + error[1]]) take(at);
        else for (const at of [start, end]) take(at);
      }
      continue;
    }
    const list = made[letter].map(value);
    const half = made.kind === "heatmap" && list.length > 1 ? Math.abs(list[1]! - list[0]!) / 2 : isImage ? 0.5 : 0;
    const error = made.trace[`error_${letter}`] as Options | undefined;
    list.forEach((position, i) => {
      const [below, above] = error ? errorOf(error, Number(made[letter][i]), i) : [0, 0];
      take(position - half - below);
      take(position + half + above);
    });
  }
  if (options["rangemode"] === "tozero") take(0);
  if (low > high) return kind === "date" ? [0, 1000] : [0, 1];
  if (low === high) return [low - 0.5, high + 0.5];
  const pad = isImage || kind === "category" || kind === "date" ? 0 : 0.05 * (high - low);
  const isFloor = low === 0 && (options["rangemode"] === "tozero" || bars.size > 0);
  return [isFloor ? 0 : low - pad, high + pad];
}
