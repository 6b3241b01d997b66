import type { Figure, Trace } from "./figure";

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
  readonly traces: readonly Trace[];
}

const nameOf = (id: string): string => `${id[0]}axis${id.slice(1)}`;

/** Groups the traces of a figure by their axes and fits ranges and pixels to them. */
export function panelsOf(figure: Figure, area: Box): Panel[] {
  const pairs = new Map<string, Trace[]>();
  for (const trace of figure.data) {
    const key = `${trace["xaxis"] ?? "x"} ${trace["yaxis"] ?? "y"}`;
    pairs.set(key, [...(pairs.get(key) ?? []), trace]);
  }
  if (pairs.size === 0) pairs.set("x y", []);
  return [...pairs].map(([key, traces]) => {
    const [xId, yId] = key.split(" ") as [string, string];
    const xOptions: Options = figure.layout[nameOf(xId)] ?? {};
    const yOptions: Options = figure.layout[nameOf(yId)] ?? {};
    const [x0, x1] = xOptions["domain"] ?? [0, 1];
    const [y0, y1] = yOptions["domain"] ?? [0, 1];
    const width = (x1 - x0) * area.width;
    const height = (y1 - y0) * area.height;
    const box = { left: area.left + x0 * area.width, top: area.top + (1 - y1) * area.height, width, height };
    const x = scaleOf(xId, xOptions, traces);
    const y = scaleOf(yId, yOptions, traces);
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
    return { box, x: { ...x, pixel: xPixel }, y: { ...y, pixel: yPixel }, traces };
  });
}

type Scale = Omit<SketchAxis, "pixel"> & { readonly range: readonly [number, number]; readonly span: number };

function scaleOf(id: string, options: Options, traces: readonly Trace[]): Scale {
  const letter = id[0] as "x" | "y";
  const raw = traces.flatMap((trace) => (trace[letter] as unknown[] | undefined) ?? []);
  const kind = options["type"] ?? (raw.some((item) => typeof item === "string") ? "category" : "linear");
  const categories = kind === "category" ? [...new Set(raw.map(String))] : [];
  const value = (item: unknown): number => {
    if (item === null || item === undefined) return Number.NaN;
    if (kind === "category") return categories.indexOf(String(item));
    if (kind === "date") return Date.parse(`${item}Z`);
    return kind === "log" ? Math.log10(Number(item)) : Number(item);
  };
  const range = options["range"] ?? rangeOf(letter, options, traces, value, kind);
  const [from, to] = options["autorange"] === "reversed" ? [range[1], range[0]] : range;
  return {
    id,
    horizontal: letter === "x",
    title: String(options["title"]?.text ?? ""),
    visible: options["visible"] !== false,
    right: options["side"] === "right",
    ticks:
      options["showticklabels"] === false
        ? []
        : ticksOf(options, Math.min(from, to), Math.max(from, to), kind, categories),
    value,
    range: [from, to],
    span: Math.abs(to - from),
  };
}

function rangeOf(
  letter: "x" | "y",
  options: Options,
  traces: readonly Trace[],
  value: (raw: unknown) => number,
  kind: string,
): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const take = (position: number): void => {
    if (!Number.isFinite(position)) return;
    low = Math.min(low, position);
    high = Math.max(high, position);
  };
  const stacked = new Map<unknown, number>();
  let isImage = false;
  for (const trace of traces) {
    const list = ((trace[letter] as unknown[] | undefined) ?? []).map(value);
    const isValue = trace.type === "bar" && (trace["orientation"] === "h" ? letter === "x" : letter === "y");
    const across = (trace[letter === "x" ? "y" : "x"] as unknown[] | undefined) ?? [];
    list.forEach((position, i) => {
      if (isValue) {
        const sum = (stacked.get(across[i]) ?? 0) + position;
        stacked.set(across[i], sum);
        if (kind !== "log") take(0);
        take(kind === "log" ? position : sum);
        return;
      }
      const half =
        trace.type === "bar"
          ? barWidth(trace, i) / 2
          : trace.type === "heatmap"
            ? Math.abs(list[1]! - list[0]!) / 2
            : 0;
      const shift = trace.type === "bar" && trace["offset"] === 0 ? half : 0;
      const error = letter === "y" ? ((trace["error_y"] as Options | undefined)?.["array"]?.[i] ?? 0) : 0;
      take(position + shift - half - error);
      take(position + shift + half + error);
    });
    isImage ||= trace.type === "heatmap";
  }
  if (options["rangemode"] === "tozero") take(0);
  if (low > high) return kind === "date" ? [0, 1000] : [0, 1];
  if (low === high) return [low - 0.5, high + 0.5];
  const pad = isImage || kind === "category" || kind === "date" ? 0 : 0.05 * (high - low);
  return [low === 0 && options["rangemode"] === "tozero" ? 0 : low - pad, high + pad];
}

/** Width of a bar on its axis: as given, 0.75 of a category otherwise. */
export function barWidth(trace: Trace, index: number): number {
  const width = trace["width"];
  return Array.isArray(width) ? Number(width[index]) : typeof width === "number" ? width : 0.75;
}

const DATE_STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 600, 1800, 3600, 21_600, 86_400, 864_000].map(
  (s) => s * 1000,
);

function ticksOf(
  options: Options,
  low: number,
  high: number,
  kind: string,
  categories: readonly string[],
): { at: number; label: string }[] {
  const inside = (tick: { at: number }): boolean => tick.at >= low - 1e-9 && tick.at <= high + 1e-9;
  if (options["tickvals"]) {
    const labels: readonly string[] = options["ticktext"] ?? options["tickvals"].map(String);
    const all = (options["tickvals"] as number[]).map((at, i) => ({ at, label: labels[i]! })).filter(inside);
    return all.filter((_, i) => i % Math.ceil(all.length / 8) === 0);
  }
  if (kind === "category") return categories.map((label, at) => ({ at, label }));
  if (kind === "date") {
    const step = DATE_STEPS.find((candidate) => (high - low) / candidate <= 6) ?? DATE_STEPS.at(-1)!;
    return steps(low, high, step).map((at) => ({
      at,
      label: new Date(at).toISOString().slice(11, step < 1000 ? 21 : 19),
    }));
  }
  if (kind === "log") return steps(low, high, 1).map((at) => ({ at, label: (10 ** at).toLocaleString("en-GB") }));
  const rough = (high - low) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((m) => m >= rough) ?? rough;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return steps(low, high, step).map((at) => ({ at, label: at.toFixed(digits).replace("-", "−") }));
}

function steps(low: number, high: number, step: number): number[] {
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.min(50, Math.floor(high / step + 1e-9) - first + 1);
  return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step + 0);
}
