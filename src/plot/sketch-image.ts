import type { Panel } from "./sketch-axes";
import type { SketchTrace } from "./sketch-traces";
import { round } from "./sketch-words";

/** Cells along a side that are drawn of a heat map; a picture has no more pixels. */
const maxCells = 800;

/**
 * A heat map as an 8-bit bitmap with a palette of its colours: a rectangle per cell would be a hundred times longer.
 *
 * @returns null for cells of unequal size, which a bitmap cannot show
 */
export function heatmap({ trace, x: xs, y: ys, colors }: SketchTrace, { x, y }: Panel): string | null {
  const z = trace["z"] as readonly (readonly unknown[])[];
  const rows = z.length;
  const columns = z[0]?.length ?? 0;
  if (columns === 0 || !colors) return "";
  const xEdges = edgesOf(xs.map(x.value), columns);
  const yEdges = edgesOf(ys.map(y.value), rows);
  if (!xEdges || !yEdges) return null;
  const [x0, x1] = [x.pixel(xEdges[0]), x.pixel(xEdges[1])];
  const [y0, y1] = [y.pixel(yEdges[0]), y.pixel(yEdges[1])];
  const step = Math.ceil(Math.max(rows, columns) / maxCells);
  const [width, height] = [Math.ceil(columns / step), Math.ceil(rows / step)];
  // Grey 255 stands for blank cells, which show what lies behind.
  const shade = (value: unknown): number => {
    const number = value === null || value === undefined || value === "" ? Number.NaN : Number(value);
    if (!Number.isFinite(number)) return 255;
    const place = colors.high > colors.low ? (number - colors.low) / (colors.high - colors.low) : 0.5;
    return Math.round(254 * Math.min(1, Math.max(0, place)));
  };
  const bytes = bitmap(
    width,
    height,
    (i) => (i === 255 ? [0xf2, 0xf2, 0xf2] : colors.at(i / 254)),
    (column, line) => {
      // Bitmaps run from the bottom row up, as the rows of the figure do; an axis that runs the other way mirrors it.
      const row = y0 > y1 ? line : height - 1 - line;
      return shade(z[row * step]?.[(x1 > x0 ? column : width - 1 - column) * step]);
    },
  );
  const place = `x="${round(Math.min(x0, x1))}" y="${round(Math.min(y0, y1))}" width="${round(Math.abs(x1 - x0))}" height="${round(Math.abs(y1 - y0))}"`;
  const data = `data:image/bmp;base64,${bytes.toString("base64")}`;
  return `<image ${place} preserveAspectRatio="none" style="image-rendering:pixelated" href="${data}"/>`;
}

/** The outer edges of cells from their middles, or of their edges; null when the cells differ in size. */
function edgesOf(places: readonly number[], count: number): [number, number] | null {
  const steps = places.slice(1).map((place, i) => place - places[i]!);
  const step = steps[0] ?? 1;
  if (steps.some((each) => !(Math.abs(each - step) <= 0.01 * Math.abs(step)))) return null;
  const first = places[0] ?? 0;
  if (places.length === count + 1) return [first, places.at(-1)!];
  return places.length === count ? [first - step / 2, places.at(-1)! + step / 2] : null;
}

/** The colours of a scale from low to high as a strip for a colour bar. */
export function strip(at: (place: number) => readonly [number, number, number]): string {
  return bitmap(
    1,
    64,
    (i) => at(Math.min(1, i / 63)),
    (_, line) => line,
  ).toString("base64");
}

/** A Windows bitmap of 8 bits a pixel, rows from the bottom up. */
function bitmap(
  width: number,
  height: number,
  color: (shade: number) => readonly [number, number, number],
  shade: (column: number, line: number) => number,
): Buffer {
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
  for (let i = 0; i < 256; i++) {
    const [r, g, b] = color(i);
    bytes.set([b, g, r], 54 + 4 * i);
  }
  for (let line = 0; line < height; line++)
    for (let column = 0; column < width; column++) bytes[start + line * stride + column] = shade(column, line);
  return bytes;
}
