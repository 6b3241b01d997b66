import type { Box } from "./sketch-axes";
import type { ColorMap } from "./sketch-color";
import { strip } from "./sketch-image";
import { outline, paint, symbolOf } from "./sketch-symbols";
import { listOf, type SketchTrace } from "./sketch-traces";
import { round, words } from "./sketch-words";

type Options = Readonly<Record<string, any>>;
const rowHeight = 20;

/** Names of the traces with what each looks like, as many as fit. */
export function legend(traces: readonly SketchTrace[], left: number, area: Box): string {
  const top = area.top + 8;
  const room = Math.max(1, Math.floor(area.height / rowHeight));
  const shown = traces.length > room ? traces.slice(0, room - 1) : traces;
  const rest = traces.length - shown.length;
  const rows = shown.map((made, i) => {
    const y = top + rowHeight * i;
    return `${swatch(made, left, y)}<text x="${left + 22}" y="${y + 4}" font-size="11">${words(made.trace.name)}</text>`;
  });
  const more =
    rest > 0
      ? `<text x="${left + 22}" y="${top + rowHeight * shown.length + 4}" font-size="11">and ${rest} more</text>`
      : "";
  return rows.join("") + more;
}

function swatch(made: SketchTrace, left: number, y: number): string {
  const marker: Options = (made.trace["marker"] as Options | undefined) ?? {};
  const one = (value: unknown) => listOf(value)[0] ?? value;
  const color = made.colors ? made.colors.of(listOf(marker["color"])[0]) : made.color;
  if (made.kind === "bar") return `<rect x="${left + 3}" y="${y - 5}" width="10" height="10" fill="${color}"/>`;
  const line = made.mode.includes("lines")
    ? `<path d="M${left} ${y}h16" stroke="${made.color}" stroke-width="2"/>`
    : "";
  if (!made.mode.includes("markers")) return line;
  const { name, isOpen } = symbolOf(one(marker["symbol"]) ?? "circle");
  const size = Array.isArray(marker["size"]) ? 8 : Number(marker["size"] ?? 6) || 6;
  const look = paint(color, isOpen, { color: one(marker["line"]?.color) }, Number(one(marker["line"]?.width)) || 0);
  return `${line}${outline(left + 8, y, Math.min(size, 16) / 2, name)} ${look}/>`;
}

/** A strip of colours with the values at its ends and middle. */
export function colorBar(colors: ColorMap, left: number, box: Box): string {
  const image = `data:image/bmp;base64,${strip(colors.at)}`;
  const frame = `x="${left}" y="${round(box.top)}" width="14" height="${round(box.height)}"`;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const value = colors.low + share * (colors.high - colors.low);
    const y = round(box.top + (1 - share) * box.height + 4);
    return `<text x="${left + 19}" y="${y}" font-size="11">${short(value, colors.high - colors.low)}</text>`;
  });
  const title = `<text x="${left + 62}" y="${round(box.top - 12)}" font-size="11" text-anchor="end">${words(colors.title)}</text>`;
  return `<image ${frame} preserveAspectRatio="none" href="${image}"/>${ticks.join("")}${colors.title && title}`;
}

/** A hundredth of the span is as fine as a colour can be read. */
function short(value: number, span: number): string {
  const digits = Math.min(20, Math.max(0, 2 - Math.floor(Math.log10(span || 1))));
  return String(Number(value.toFixed(digits)));
}
