import type { Panel } from "./sketch-axes";
import { css } from "./sketch-color";
import { errorOf } from "./sketch-errors";
import { outline, paint, symbolOf } from "./sketch-symbols";
import { listOf, type SketchTrace } from "./sketch-traces";
import { round, words } from "./sketch-words";

type Options = Readonly<Record<string, any>>;

/** Words beside points, of one trace. */
const maxTexts = 500;

/** Lines, error bars, markers and words of one trace, in Plotly's order. */
export function scatter(made: SketchTrace, { x, y }: Panel): string {
  const { trace, mode } = made;
  const xs = made.x.map((item) => x.pixel(x.value(item)));
  const ys = made.y.map((item) => y.pixel(y.value(item)));
  const parts: string[] = [];
  if (mode.includes("lines")) parts.push(lines(made, xs, ys));
  parts.push(
    errors(made, "error_x", xs, ys, (i, low, high) => {
      const at = x.value(made.x[i]);
      return `M${round(x.pixel(at - low))} ${round(ys[i]!)}H${round(x.pixel(at + high))}`;
    }),
  );
  parts.push(
    errors(made, "error_y", xs, ys, (i, low, high) => {
      const at = y.value(made.y[i]);
      return `M${round(xs[i]!)} ${round(y.pixel(at - low))}V${round(y.pixel(at + high))}`;
    }),
  );
  if (mode.includes("markers")) parts.push(markers(made, xs, ys));
  if (mode.includes("text")) parts.push(texts(made, xs, ys));
  return `<g opacity="${number(trace["opacity"], 1)}">${parts.join("")}</g>`;
}

const number = (value: unknown, other: number): number => (Number.isFinite(value) ? (value as number) : other);
const options = (trace: SketchTrace["trace"], name: string): Options => (trace[name] as Options | undefined) ?? {};

function lines({ trace, color }: SketchTrace, xs: readonly number[], ys: readonly number[]): string {
  const line = options(trace, "line");
  // a value that is not there is a gap, as Plotly draws it
  const runs: [number, number][][] = [[]];
  xs.forEach((px, i) => {
    if (Number.isFinite(px) && Number.isFinite(ys[i]!)) runs.at(-1)!.push([px, ys[i]!]);
    else if (runs.at(-1)!.length > 0 && trace["connectgaps"] !== true) runs.push([]);
  });
  const width = number(line["width"], 2);
  const look = `fill="none" stroke="${css(line["color"], color)}" stroke-width="${width}"${dashes(line["dash"], width)}`;
  return runs
    .map((run) => stepped(run, String(line["shape"])))
    .filter((run) => run.length > 0)
    .map((run) => `<polyline points="${run.map(([px, py]) => `${round(px)},${round(py)}`).join(" ")}" ${look}/>`)
    .join("");
}

/** Lines that go across and up instead of straight: first across, first up, or across by halves. */
function stepped(run: [number, number][], shape: string): [number, number][] {
  if (!/^(hv|vh|hvh|vhv)$/.test(shape)) return run;
  return run.flatMap(([x, y], i) => {
    const before = run[i - 1];
    if (!before) return [[x, y]] as [number, number][];
    const [fromX, fromY] = before;
    const corners: Record<string, [number, number][]> = {
      hv: [[x, fromY]],
      vh: [[fromX, y]],
      hvh: [
        [(fromX + x) / 2, fromY],
        [(fromX + x) / 2, y],
      ],
      vhv: [
        [fromX, (fromY + y) / 2],
        [x, (fromY + y) / 2],
      ],
    };
    return [...corners[shape]!, [x, y]] as [number, number][];
  });
}

/** Lengths in widths of the line, as Plotly has them. */
export function dashes(dash: unknown, width: number): string {
  const unit = Math.max(width, 3);
  const steps = { dot: [1], dash: [3], longdash: [5], dashdot: [3, 1, 1, 1], longdashdot: [5, 2, 1, 2] };
  const list = Object.hasOwn(steps, String(dash)) ? steps[dash as keyof typeof steps] : undefined;
  return list ? ` stroke-dasharray="${list.map((step) => step * unit).join(" ")}"` : "";
}

function errors(
  made: SketchTrace,
  name: "error_x" | "error_y",
  xs: readonly number[],
  ys: readonly number[],
  bar: (i: number, low: number, high: number) => string,
): string {
  const error = made.trace[name] as Options | undefined;
  if (!error) return "";
  const values = name === "error_x" ? made.x : made.y;
  const bars = xs.map((px, i) => {
    const [low, high] = errorOf(error, Number(values[i]), i);
    if (!Number.isFinite(px) || !Number.isFinite(ys[i]!)) return "";
    return low > 0 || high > 0 ? bar(i, low, high) : "";
  });
  const d = bars.join("");
  const own = css(error["color"], made.color);
  return d && `<path d="${d}" fill="none" stroke="${own}" stroke-width="${number(error["thickness"], 1)}"/>`;
}

/** Radius of a marker, in pixels. */
function radiusOf(marker: Options, size: unknown, isBubble: boolean): number {
  if (!isBubble) return number(size, 6) / 2;
  const scaled = number(size, 0) / 2 / (Number(marker["sizeref"]) || 1);
  const radius = marker["sizemode"] === "area" ? Math.sqrt(Math.max(0, scaled)) : scaled;
  return radius > 0 ? Math.max(radius, number(marker["sizemin"], 0)) : 0;
}

function markers(made: SketchTrace, xs: readonly number[], ys: readonly number[]): string {
  const marker = options(made.trace, "marker");
  const line: Options = marker["line"] ?? {};
  const lists = new Map<unknown, readonly unknown[]>();
  const listed = (value: unknown): readonly unknown[] | null => {
    if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return null;
    if (!lists.has(value)) lists.set(value, listOf(value));
    return lists.get(value)!;
  };
  const of = (value: unknown, i: number): unknown => {
    const list = listed(value);
    return list ? list[i] : value;
  };
  const isBubble = listed(marker["size"]) !== null;
  const painted = (i: number): { name: string; look: string } => {
    const { name, isOpen } = symbolOf(of(marker["symbol"], i) ?? "circle");
    const raw = of(marker["color"], i);
    const color = made.colors ? made.colors.of(raw) : css(raw, made.color);
    const width = number(of(line["width"], i), isBubble ? 1 : 0);
    return { name, look: paint(color, isOpen, { color: of(line["color"], i) ?? (isBubble ? "#fff" : "#444") }, width) };
  };
  const isVaried = [marker["symbol"], marker["color"], line["color"], line["width"]].some((value) => listed(value));
  const all = isVaried ? null : painted(0);
  const faded = listed(marker["opacity"]);
  const parts = xs.map((px, i) => {
    if (!Number.isFinite(px) || !Number.isFinite(ys[i]!)) return "";
    const radius = radiusOf(marker, of(marker["size"], i), isBubble);
    if (!(radius > 0)) return "";
    const { name, look } = all ?? painted(i);
    const opacity = faded ? ` opacity="${number(faded[i], 1)}"` : "";
    return `${outline(px, ys[i]!, radius, name)}${all ? "" : ` ${look}`}${opacity}/>`;
  });
  const opacity = faded ? 1 : number(marker["opacity"], isBubble ? 0.7 : 1);
  return `<g${all ? ` ${all.look}` : ""}${opacity === 1 ? "" : ` opacity="${opacity}"`}>${parts.join("")}</g>`;
}

function texts({ trace }: SketchTrace, xs: readonly number[], ys: readonly number[]): string {
  const list = listOf(trace["text"]);
  const font = options(trace, "textfont");
  const size = number(font["size"], 12);
  const place = String(trace["textposition"] ?? "middle center");
  const anchor = /left/.test(place) ? "end" : /right/.test(place) ? "start" : "middle";
  const drop = /top/.test(place) ? -6 : /bottom/.test(place) ? 6 + size : size / 3;
  const shift = anchor === "end" ? -6 : anchor === "start" ? 6 : 0;
  const parts = xs.slice(0, maxTexts).map((px, i) => {
    const text = list.length > 0 ? list[i] : trace["text"];
    if (!Number.isFinite(px) || !Number.isFinite(ys[i]!) || text === undefined) return "";
    return `<text x="${round(px + shift)}" y="${round(ys[i]! + drop)}">${words(text)}</text>`;
  });
  return `<g font-size="${size}" text-anchor="${anchor}" fill="${css(font["color"], "#222")}">${parts.join("")}</g>`;
}
