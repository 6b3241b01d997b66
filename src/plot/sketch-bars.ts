import { css } from "./sketch-color";
import { errorOf } from "./sketch-errors";
import { listOf, type SketchTrace } from "./sketch-traces";
import { round, words } from "./sketch-words";

type Options = Readonly<Record<string, any>>;

/** A bar in the units of its axes: categories count from 0. */
export interface Bar {
  readonly index: number;
  readonly isHorizontal: boolean;
  readonly start: number;
  readonly end: number;
  /** From where to where it reaches along its value axis. */
  readonly from: number;
  readonly to: number;
}

/** What places bars need of an axis. */
interface Values {
  readonly kind: string;
  value(raw: unknown): number;
}

/** Where the bars of one panel stand: stacked, side by side or over one another, as the layout says. */
export function placeBars(
  traces: readonly SketchTrace[],
  layout: Options,
  x: Values,
  y: Values,
): Map<SketchTrace, Bar[]> {
  const bars = traces.filter(({ kind }) => kind === "bar");
  const mode = String(layout["barmode"] ?? "group");
  const isGrouped = mode === "group" && bars.length > 1;
  const sums = new Map<string, number>();
  const placed = new Map<SketchTrace, Bar[]>();
  bars.forEach((made, turn) => {
    const { trace } = made;
    const isHorizontal = trace["orientation"] === "h";
    const across = (isHorizontal ? made.y : made.x).map((isHorizontal ? y : x).value);
    const along = isHorizontal ? x : y;
    const whole = slot(bars, isHorizontal, isHorizontal ? y : x) * (1 - Number(layout["bargap"] ?? 0.2));
    const width = isGrouped ? whole / bars.length : whole;
    const list: Bar[] = [];
    across.forEach((at, index) => {
      const size = Number((isHorizontal ? made.x : made.y)[index] ?? Number.NaN);
      const own = sized(trace["width"], index, width);
      const shift = sized(trace["offset"], index, isGrouped ? turn * width - whole / 2 : -own / 2);
      const key = `${at} ${mode === "relative" && size < 0}`;
      const base = mode === "stack" || mode === "relative" ? (sums.get(key) ?? 0) : sized(trace["base"], index, 0);
      if (!Number.isFinite(size) || !Number.isFinite(at)) return;
      sums.set(key, base + size);
      const bottom = along.kind === "log" && base === 0 ? Number.NEGATIVE_INFINITY : along.value(base);
      list.push({
        index,
        isHorizontal,
        start: at + shift,
        end: at + shift + own,
        from: bottom,
        to: along.value(base + size),
      });
    });
    placed.set(made, list);
  });
  return placed;
}

const sized = (value: unknown, index: number, other: number): number => {
  const one = typeof value === "number" ? value : listOf(value)[index];
  return typeof one === "number" && Number.isFinite(one) ? one : other;
};

/** The room of one bar on its axis: a category, or the least distance between two. */
function slot(bars: readonly SketchTrace[], isHorizontal: boolean, axis: Values): number {
  if (axis.kind === "category") return 1;
  const places = new Set<number>();
  for (const made of bars) for (const raw of isHorizontal ? made.y : made.x) places.add(axis.value(raw));
  const sorted = Float64Array.from([...places].filter(Number.isFinite)).sort();
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < sorted.length; i++) least = Math.min(least, sorted[i]! - sorted[i - 1]!);
  return Number.isFinite(least) ? least : 1;
}

interface Pixels {
  pixel(position: number): number;
}

/** The bars of one trace as they are drawn, with their numbers and error bars. */
export function drawBars(
  made: SketchTrace,
  placed: readonly Bar[],
  { x, y, box }: { x: Pixels; y: Pixels; box: { left: number; top: number; height: number } },
): string {
  const { trace } = made;
  const marker: Options = (trace["marker"] as Options | undefined) ?? {};
  const colors = listOf(marker["color"]);
  const errors: string[] = [];
  const parts = placed.map((bar) => {
    const { index, isHorizontal } = bar;
    const [along, across] = isHorizontal ? [x, y] : [y, x];
    const floor = isHorizontal ? box.left : box.top + box.height;
    const ends = [Number.isFinite(bar.from) ? along.pixel(bar.from) : floor, along.pixel(bar.to)].sort((a, b) => a - b);
    const edges = [across.pixel(bar.start), across.pixel(bar.end)].sort((a, b) => a - b);
    const [[x0, x1], [y0, y1]] = (isHorizontal ? [ends, edges] : [edges, ends]) as [[number, number], [number, number]];
    if (![x0, x1, y0, y1].every(Number.isFinite)) return "";
    const raw = colors.length > 0 ? colors[index] : marker["color"];
    const fill = made.colors ? made.colors.of(raw) : css(raw, made.color);
    const [low, high] = errorOf(
      trace[isHorizontal ? "error_x" : "error_y"] as Options | undefined,
      bar.to - bar.from,
      index,
    );
    if (low > 0 || high > 0) {
      const middle = round((edges[0]! + edges[1]!) / 2);
      const [a, b] = [round(along.pixel(bar.to - low)), round(along.pixel(bar.to + high))];
      errors.push(isHorizontal ? `M${a} ${middle}H${b}` : `M${middle} ${a}V${b}`);
    }
    const label = words(listOf(trace["text"])[index] ?? (typeof trace["text"] === "string" ? trace["text"] : ""));
    const place = isHorizontal
      ? `x="${round(x0 + 4)}" y="${round((y0 + y1) / 2 + 4)}"`
      : `x="${round((x0 + x1) / 2)}" y="${round(y0 - 4)}" text-anchor="middle"`;
    const ink = isHorizontal && bar.from === 0 && x1 - x0 > 60 ? "#fff" : "#222";
    const shape = `x="${round(x0)}" y="${round(y0)}" width="${round(x1 - x0)}" height="${round(y1 - y0)}"`;
    return `<rect ${shape} fill="${fill}" stroke="#fff" stroke-width="0.5"/>${label && `<text ${place} fill="${ink}">${label}</text>`}`;
  });
  const opacity = Number.isFinite(trace["opacity"]) ? Number(trace["opacity"]) : Number(marker["opacity"] ?? 1);
  const error = errors.length > 0 ? `<path d="${errors.join("")}" fill="none" stroke="#222"/>` : "";
  return `<g opacity="${Number.isFinite(opacity) ? opacity : 1}">${parts.join("")}${error}</g>`;
}
