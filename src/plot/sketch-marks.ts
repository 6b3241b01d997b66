import type { Trace } from "./figure";
import { barWidth, type Panel } from "./sketch-axes";

type Options = Readonly<Record<string, any>>;
const round = (value: number): string => String(Math.round(value * 10) / 10);

/** SVG elements of one trace. `stacks` carries how high the bars of a panel are so far. */
export function drawTrace(trace: Trace, panel: Panel, stacks: Map<unknown, number>): string {
  if (trace.type === "heatmap") return heatmap(trace, panel);
  if (trace.type === "bar") return bars(trace, panel, stacks);
  return scatter(trace, panel);
}

function scatter(trace: Trace, { x, y }: Panel): string {
  const xs = (trace["x"] as unknown[]).map((item) => x.pixel(x.value(item)));
  const ys = (trace["y"] as unknown[]).map((item) => y.pixel(y.value(item)));
  const mode = String(trace["mode"] ?? "markers");
  const parts: string[] = [];
  const isThere = (_: unknown, i: number): boolean => Number.isFinite(xs[i]!) && Number.isFinite(ys[i]!);
  const line: Options = (trace["line"] as Options | undefined) ?? {};
  if (mode.includes("lines")) {
    // a value that is not there is a gap, as Plotly draws it
    const runs: string[][] = [[]];
    xs.forEach((px, i) => {
      if (isThere(px, i)) runs.at(-1)!.push(`${round(px)},${round(ys[i]!)}`);
      else if (runs.at(-1)!.length > 0) runs.push([]);
    });
    const dash = line["dash"] === "dot" ? ` stroke-dasharray="2 3"` : "";
    const look = `fill="none" stroke="${line["color"] ?? "#444"}" stroke-width="${line["width"] ?? 2}"${dash}`;
    parts.push(...runs.map((points) => `<polyline points="${points.join(" ")}" ${look}/>`));
  }
  const errors = trace["error_y"] as Options | undefined;
  errors?.["array"].forEach((error: number, i: number) => {
    if (!isThere(error, i) || !(error > 0)) return;
    const middle = y.value((trace["y"] as unknown[])[i]);
    const ends = [y.pixel(middle - error), y.pixel(middle + error)];
    parts.push(`<path d="M${round(xs[i]!)} ${round(ends[0]!)}V${round(ends[1]!)}" stroke="${errors["color"]}"/>`);
  });
  if (mode.includes("markers")) {
    const marker: Options = (trace["marker"] as Options | undefined) ?? {};
    parts.push(...xs.map((px, i) => (isThere(px, i) ? symbol(px, ys[i]!, marker) : "")));
  }
  return `<g opacity="${trace["opacity"] ?? marker(trace)["opacity"] ?? 1}">${parts.join("")}</g>`;
}

const marker = (trace: Trace): Options => (trace["marker"] as Options | undefined) ?? {};

/** Corners of the symbols, as angle (from the top, degrees) and distance in radii. */
const SHAPES: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  square: [45, 135, 225, 315].map((angle) => [angle, 1.25]),
  diamond: [0, 90, 180, 270].map((angle) => [angle, 1.3]),
  "triangle-up": [0, 120, 240].map((angle) => [angle, 1.25]),
  "triangle-down": [60, 180, 300].map((angle) => [angle, 1.25]),
  "triangle-left": [30, 150, 270].map((angle) => [angle, 1.25]),
  pentagon: [0, 72, 144, 216, 288].map((angle) => [angle, 1.1]),
  hexagon: [30, 90, 150, 210, 270, 330].map((angle) => [angle, 1.1]),
  star: Array.from({ length: 10 }, (_, i) => [36 * i, i % 2 === 0 ? 1.5 : 0.65] as const),
  cross: Array.from({ length: 12 }, (_, i) => [30 * i + 15, i % 3 === 2 ? 0.5 : 1.15] as const),
  x: Array.from({ length: 12 }, (_, i) => [30 * i + 60, i % 3 === 2 ? 0.5 : 1.15] as const),
};

/** One marker at a pixel, as Plotly's `marker` options describe it. */
export function symbol(x: number, y: number, options: Options): string {
  const [name, isOpen] = String(options["symbol"] ?? "circle").split("-open") as [string, string | undefined];
  const color = options["color"] ?? "#444";
  const radius = Number(options["size"] ?? 6) / 2;
  const outline = isOpen === undefined ? (options["line"]?.color ?? "none") : color;
  const width = options["line"]?.width ?? (isOpen === undefined ? 0 : 1);
  const paint = `fill="${isOpen === undefined ? color : "none"}" stroke="${outline}" stroke-width="${width}"`;
  const corners = SHAPES[name];
  if (!corners) return `<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" ${paint}/>`;
  const points = corners.map(([angle, distance]) => {
    const turn = (angle * Math.PI) / 180;
    return `${round(x + radius * distance * Math.sin(turn))},${round(y - radius * distance * Math.cos(turn))}`;
  });
  return `<polygon points="${points.join(" ")}" ${paint}/>`;
}

function bars(trace: Trace, panel: Panel, stacks: Map<unknown, number>): string {
  const isHorizontal = trace["orientation"] === "h";
  const along = isHorizontal ? panel.x : panel.y;
  const across = isHorizontal ? panel.y : panel.x;
  const names = (isHorizontal ? trace["y"] : trace["x"]) as unknown[];
  const values = (isHorizontal ? trace["x"] : trace["y"]) as number[];
  const color = marker(trace)["color"] ?? "#444";
  const floor = isHorizontal ? panel.box.left : panel.box.top + panel.box.height;
  return names
    .map((name, i) => {
      const base = stacks.get(name) ?? 0;
      stacks.set(name, base + values[i]!);
      const isLog = !Number.isFinite(along.value(0));
      const from = isLog ? floor : along.pixel(along.value(base));
      const to = along.pixel(along.value(base + values[i]!));
      const width = barWidth(trace, i);
      const start = across.value(name) - (trace["offset"] === 0 ? 0 : width / 2);
      const edges = [across.pixel(start), across.pixel(start + width)].sort((a, b) => a - b) as [number, number];
      const ends = [from, to].sort((a, b) => a - b) as [number, number];
      const [x, y] = isHorizontal ? [ends, edges] : [edges, ends];
      if (![...x, ...y].every(Number.isFinite)) return "";
      const shape = `x="${round(x[0])}" y="${round(y[0])}" width="${round(x[1] - x[0])}" height="${round(y[1] - y[0])}"`;
      const label = String((trace["text"] as string[] | undefined)?.[i] ?? "");
      const place = isHorizontal
        ? `x="${round(x[0] + 4)}" y="${round((y[0] + y[1]) / 2 + 4)}"`
        : `x="${round((x[0] + x[1]) / 2)}" y="${round(y[0] - 4)}" text-anchor="middle"`;
      const ink = isHorizontal && base === 0 && x[1] - x[0] > 60 ? "#fff" : "#222";
      return `<rect ${shape} fill="${color}" stroke="#fff" stroke-width="0.5"/>${label && `<text ${place} fill="${ink}">${label}</text>`}`;
    })
    .join("");
}

/** The image as an 8-bit grey bitmap: a rectangle per pixel would be a hundred times longer. */
function heatmap(trace: Trace, { x, y }: Panel): string {
  const z = trace["z"] as (number | null)[][];
  const height = z.length;
  const width = z[0]?.length ?? 0;
  if (width === 0) return "";
  const stride = Math.ceil(width / 4) * 4;
  const start = 54 + 1024;
  const bytes = Buffer.alloc(start + stride * height);
  bytes.write("BM", "latin1");
  for (const [value, at] of [
    [bytes.length, 2],
    [start, 10],
    [40, 14],
    [width, 18],
    [height, 22],
    [stride * height, 34],
  ] as const)
    bytes.writeUInt32LE(value, at);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(8, 28);
  // Grey 255 stands for blank pixels and is a shade that the others do not use.
  for (let i = 0; i < 256; i++) bytes.fill(i === 255 ? 0xf2 : i, 54 + 4 * i, 57 + 4 * i);
  const edge = (axis: typeof x, list: number[], last: boolean): number => {
    const half = ((list[1] ?? list[0]! + 1) - list[0]!) / 2;
    return axis.pixel(last ? list.at(-1)! + half : list[0]! - half);
  };
  const [x0, x1] = [edge(x, trace["x"] as number[], false), edge(x, trace["x"] as number[], true)];
  const [y0, y1] = [edge(y, trace["y"] as number[], false), edge(y, trace["y"] as number[], true)];
  // Bitmaps run from the bottom row up, as the rows of the figure do; an axis that runs the other way mirrors it.
  z.forEach((row, i) => {
    const line = y0 > y1 ? i : height - 1 - i;
    row.forEach((value, k) => {
      const column = x1 > x0 ? k : width - 1 - k;
      bytes[start + line * stride + column] = value === null ? 255 : Math.round(254 * Math.min(1, Math.max(0, value)));
    });
  });
  const place = `x="${round(Math.min(x0, x1))}" y="${round(Math.min(y0, y1))}" width="${round(Math.abs(x1 - x0))}" height="${round(Math.abs(y1 - y0))}"`;
  const data = `data:image/bmp;base64,${bytes.toString("base64")}`;
  return `<image ${place} preserveAspectRatio="none" style="image-rendering:pixelated" href="${data}"/>`;
}
