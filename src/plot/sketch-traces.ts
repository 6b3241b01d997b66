import type { Figure, Trace } from "./figure";
import { type ColorMap, colorMap, css, extentOf, traceColor } from "./sketch-color";
import { symbolOf } from "./sketch-symbols";

type Options = Readonly<Record<string, any>>;

/** A trace with what Plotly would add by itself: places, mode, colour; its lists thinned to what a picture can hold. */
export interface SketchTrace {
  readonly kind: "scatter" | "bar" | "heatmap";
  readonly trace: Trace;
  readonly x: readonly unknown[];
  readonly y: readonly unknown[];
  readonly mode: string;
  /** The colour of the trace where it has one. */
  readonly color: string;
  readonly colors: ColorMap | null;
}

/** Markers, or bars, of one picture: 200 bytes each at most. */
const maxMarks = 10_000;

/** Everything of a figure that the picture draws, and sentences on what it does not. */
export function drawable(figure: Figure): { traces: SketchTrace[]; remarks: string[] } {
  const { layout } = figure;
  const remarks = new Set<string>();
  const prepared = figure.data.flatMap((trace, index) => {
    if (trace["visible"] === false || trace["visible"] === "legendonly") return [];
    const made = prepare(trace, index, layout, remarks);
    return made ? [made] : [];
  });
  const count = (kind: string) => prepared.reduce((sum, { kind: of, x }) => sum + (of === kind ? x.length : 0), 0);
  const points = count("scatter");
  const step = Math.ceil(points / maxMarks);
  if (step > 1) remarks.add(`one in ${step} of ${points.toLocaleString("en-GB")} points drawn`);
  const tooMany = count("bar") > maxMarks;
  if (tooMany) remarks.add(`${count("bar").toLocaleString("en-GB")} bars not drawn`);
  const traces = prepared
    .filter(({ kind }) => kind !== "bar" || !tooMany)
    .map((made) => (made.kind === "scatter" && step > 1 ? thinned(made, step) : made));
  return { traces, remarks: [...remarks] };
}

function prepare(trace: Trace, index: number, layout: Options, remarks: Set<string>): SketchTrace | null {
  const type = String(trace.type ?? "scatter");
  const kind = type === "scattergl" ? "scatter" : type === "heatmapgl" ? "heatmap" : type;
  if (kind !== "scatter" && kind !== "bar" && kind !== "heatmap") {
    remarks.add(`${type} not drawn${trace.name ? `: ${trace.name}` : ""}`);
    return null;
  }
  const marker: Options = (trace["marker"] as Options | undefined) ?? {};
  const line: Options = (trace["line"] as Options | undefined) ?? {};
  const own = css(marker["color"], css(line["color"], ""));
  const z = kind === "heatmap" ? listOf(trace["z"]).map(listOf) : [];
  const x = kind === "heatmap" ? cells(trace["x"], trace["x0"], trace["dx"], z[0]?.length ?? 0) : listOf(trace["x"]);
  const y = kind === "heatmap" ? cells(trace["y"], trace["y0"], trace["dy"], z.length) : listOf(trace["y"]);
  const length = x.length > 0 && y.length > 0 ? Math.min(x.length, y.length) : Math.max(x.length, y.length);
  const places = (list: readonly unknown[], from: unknown, step: unknown) =>
    list.length > 0 ? list.slice(0, length) : cells(undefined, from, step, length);
  const values = kind === "heatmap" ? flat(z) : numericColors(marker["color"]);
  notes(trace, kind, marker, line, remarks);
  return {
    kind,
    trace: kind === "heatmap" ? { ...trace, z } : trace,
    x: kind === "heatmap" ? x : places(x, trace["x0"], trace["dx"]),
    y: kind === "heatmap" ? y : places(y, trace["y0"], trace["dy"]),
    mode: String(trace["mode"] ?? (length < 20 ? "lines+markers" : "lines")),
    color: own || traceColor(index, layout),
    colors: values
      ? colorMap(kind === "heatmap" ? trace : marker, kind === "heatmap" ? "z" : "c", extentOf(values), layout)
      : null,
  };
}

/** Lists of numbers that stand for colours; null where the colours are written out. */
function numericColors(color: unknown): readonly unknown[] | null {
  const list = listOf(color);
  return list.some((item) => typeof item === "number") ? list : null;
}

/** Without a copy: heat maps are large. */
function* flat(rows: readonly (readonly unknown[])[]): Generator<unknown> {
  for (const row of rows) yield* row;
}

function cells(given: unknown, from: unknown, step: unknown, length: number): readonly unknown[] {
  const list = listOf(given);
  if (list.length > 0) return list;
  return Array.from({ length }, (_, i) => Number(from ?? 0) + i * Number(step ?? 1));
}

/** Lists and typed arrays; of anything else an empty list. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
    ? Array.from(value as unknown as ArrayLike<number>)
    : [];
}

function notes(trace: Trace, kind: string, marker: Options, line: Options, remarks: Set<string>): void {
  const name = trace.name ? ` of ${trace.name}` : "";
  if (kind === "scatter" && trace["fill"] && trace["fill"] !== "none") remarks.add(`filled area${name} not drawn`);
  if (trace["stackgroup"]) remarks.add(`stacking${name} not drawn`);
  if (line["shape"] === "spline") remarks.add(`curve${name} drawn straight`);
  for (const axis of ["x", "y"]) {
    if (trace[axis] && listOf(trace[axis]).length === 0 && !Array.isArray(trace[axis]))
      remarks.add(`${axis}${name} not read`);
  }
  const unknown = new Set(listOf(marker["symbol"] ?? []).concat(marker["symbol"] ?? []));
  for (const symbol of [...unknown].flat().slice(0, 3))
    if (!symbolOf(symbol).isKnown) remarks.add(`symbol ${symbol} drawn as a circle`);
}

/** Every n-th point, in each of the trace's lists. */
function thinned(made: SketchTrace, step: number): SketchTrace {
  const pick = (value: unknown): unknown =>
    Array.isArray(value) || ArrayBuffer.isView(value) ? listOf(value).filter((_, i) => i % step === 0) : value;
  const inside = (value: unknown): unknown =>
    value && typeof value === "object" && !Array.isArray(value) && !ArrayBuffer.isView(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pick(item)]))
      : pick(value);
  const trace: Record<string, unknown> = { ...made.trace };
  for (const name of ["text", "error_x", "error_y", "marker"]) if (name in trace) trace[name] = inside(trace[name]);
  const marker = trace["marker"] as Options | undefined;
  if (marker?.["line"]) trace["marker"] = { ...marker, line: inside(marker["line"]) };
  return { ...made, trace: trace as Trace, x: pick(made.x) as unknown[], y: pick(made.y) as unknown[] };
}
