import type { Figure } from "./figure";
import { type Box, type Panel, panelsOf, type SketchAxis } from "./sketch-axes";
import { drawTrace, symbol } from "./sketch-marks";

const INK = "#222";
const LINE = "#8a8a8a";

/** From here on the names under the axis are turned, so as not to run into one another. */
const MANY_TICKS = 9;

/** Titles and labels carry entities already; of their markup a plain picture keeps the words. */
function words(text: unknown): string {
  return String(text ?? "")
    .replace(/<[^>]*>/g, "")
    .replaceAll(/&(?!(amp|lt|gt|quot|#\d+);)/g, "&amp;")
    .replaceAll(">", "&gt;");
}

/**
 * A still picture of a figure as SVG: for front ends without Plotly, for printed notebooks, and for the frames of a live
 * plot, which Plotly's renderer in JupyterLab would not redraw. It knows what the plots of this library use.
 *
 * @param width pixels, default 760; the height is the figure's own
 * @example
 * writeFileSync("light-curve.svg", sketchSvg(plotLightCurve(alert)));
 */
export function sketchSvg(figure: Figure, width = 760): string {
  const { layout } = figure;
  const height = Number(layout["height"] ?? 420);
  const named = figure.data.filter((trace) => trace.name && trace["showlegend"] !== false);
  const hasLegend = layout["showlegend"] !== false && named.length > 1;
  const hasRight = Object.values(layout).some((value) => (value as { side?: string } | null)?.side === "right");
  const right = (hasLegend ? 180 : 20) + (hasRight ? 60 : 0);
  const draft = panelsOf(figure, { left: 0, top: 0, width, height });
  const longest = Math.max(
    0,
    ...draft.flatMap(({ y }) => (y.right ? [] : y.ticks.map((tick) => firstLine(tick.label).length))),
  );
  const left = Math.min(240, 7 * longest + 44);
  const below = draft.some(({ x }) => x.ticks.length > MANY_TICKS) ? 120 : 58;
  const area: Box = { left, top: 66, width: width - left - right, height: height - 66 - below };
  const panels = panelsOf(figure, area);
  const [title, subtitle] = String(layout["title"]?.text ?? "").split(/<br\s*\/?>/);
  const drawn = new Set<string>();
  const stacks = new Map<Panel["y"]["id"], Map<unknown, number>>();
  const parts = panels.flatMap((panel) => {
    const sums = stacks.get(panel.y.id) ?? new Map<unknown, number>();
    stacks.set(panel.y.id, sums);
    const clip = `${round(panel.box.left - 8)} ${round(panel.box.top - 8)} ${round(panel.box.width + 16)} ${round(panel.box.height + 16)}`;
    const [x, y, w, h] = clip.split(" ");
    const traces = panel.traces.map((trace) => drawTrace(trace, panel, sums)).join("");
    const axes = [panel.x, panel.y].filter((axis) => !drawn.has(axis.id));
    for (const axis of axes) drawn.add(axis.id);
    // An inner svg clips without an id, which several pictures on one page would share.
    return [
      axisLines(panel, axes, left),
      `<svg x="${x}" y="${y}" width="${w}" height="${h}" viewBox="${clip}">${traces}</svg>`,
    ];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="12" fill="${INK}"><rect width="100%" height="100%" fill="#fff"/><text x="16" y="26" font-size="16">${words(title)}</text><text x="16" y="46" fill="#555">${words(subtitle)}</text>${parts.join("")}${marks(figure, panels[0]!, area)}${hasLegend ? legend(named, width - 168, area.top + 8) : ""}</svg>`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function axisLines(panel: Panel, axes: readonly SketchAxis[], left: number): string {
  const { box } = panel;
  const bottom = box.top + box.height;
  const parts: string[] = [];
  const draw = (axis: SketchAxis): void => {
    if (!axis.visible) return;
    const edge = axis.right ? box.left + box.width : box.left;
    for (const { at, label } of axis.ticks) {
      const p = round(axis.pixel(at));
      const every =
        axis.horizontal && axis.ticks.length > MANY_TICKS
          ? ` transform="rotate(45 ${p} ${round(bottom + 16)})" text-anchor="start"`
          : ` text-anchor="middle"`;
      parts.push(
        axis.horizontal
          ? `<path d="M${p} ${round(bottom)}v5" stroke="${LINE}"/><text x="${p}" y="${round(bottom + 18)}"${every}>${words(firstLine(label))}</text>`
          : `<path d="M${round(edge)} ${p}h${axis.right ? 5 : -5}" stroke="${LINE}"/><text x="${round(edge + (axis.right ? 9 : -9))}" y="${p}" dy="4" text-anchor="${axis.right ? "start" : "end"}">${words(firstLine(label))}</text>`,
      );
    }
    const middle = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    if (axis.horizontal) {
      parts.push(`<path d="M${round(box.left)} ${round(bottom)}h${round(box.width)}" stroke="${LINE}"/>`);
      parts.push(
        `<text x="${round(middle.x)}" y="${round(bottom + (axis.ticks.length > MANY_TICKS ? 106 : 42))}" font-size="13" text-anchor="middle">${words(axis.title)}</text>`,
      );
    } else {
      const x = round(axis.right ? edge + 52 : edge - left + 20);
      parts.push(`<path d="M${round(edge)} ${round(box.top)}v${round(box.height)}" stroke="${LINE}"/>`);
      if (axis.title)
        parts.push(
          `<text x="${x}" y="${round(middle.y)}" font-size="13" text-anchor="middle" transform="rotate(-90 ${x} ${round(middle.y)})">${words(axis.title)}</text>`,
        );
    }
  };
  axes.forEach(draw);
  return parts.join("");
}

function firstLine(label: string): string {
  return label.split(/<br\s*\/?>/)[0]!;
}

/** Vertical lines and annotations, placed on the paper or on the axes of the first panel. */
function marks(figure: Figure, panel: Panel, area: Box): string {
  const lines = ((figure.layout["shapes"] ?? []) as any[]).map((shape) => {
    const x = round(panel.x.pixel(shape.x0));
    const label = `<text x="${x}" y="${round(area.top - 4)}" text-anchor="middle">${words(shape.label?.text)}</text>`;
    return `<path d="M${x} ${round(area.top)}v${round(area.height)}" stroke="${INK}" stroke-width="1.5" stroke-dasharray="6 4"/>${label}`;
  });
  const texts = ((figure.layout["annotations"] ?? []) as any[]).map((note) => {
    const x = note.xref === "paper" ? area.left + note.x * area.width : panel.x.pixel(note.x);
    const y = note.yref === "paper" ? area.top + (1 - note.y) * area.height : panel.y.pixel(note.y);
    const anchor = { left: "start", right: "end" }[note.xanchor as "left" | "right"] ?? "middle";
    const drop = note.yanchor === "top" ? 12 : 4;
    const look = `font-size="${note.font?.size ?? 12}" fill="${note.font?.color ?? INK}"`;
    return `<text x="${round(x)}" y="${round(y + drop)}" text-anchor="${anchor}" ${look}>${words(note.text)}</text>`;
  });
  return [...lines, ...texts].join("");
}

function legend(traces: Figure["data"], left: number, top: number): string {
  return traces
    .map((trace, i) => {
      const y = top + 20 * i;
      const color =
        (trace["marker"] as { color?: string } | undefined)?.color ??
        (trace["line"] as { color?: string } | undefined)?.color ??
        INK;
      const isLine = String(trace["mode"] ?? "") === "lines";
      const swatch = isLine
        ? `<path d="M${left} ${y}h16" stroke="${color}" stroke-width="2"/>`
        : trace.type === "bar"
          ? `<rect x="${left + 3}" y="${y - 5}" width="10" height="10" fill="${color}"/>`
          : symbol(left + 8, y, (trace["marker"] as Record<string, unknown> | undefined) ?? {});
      return `${swatch}<text x="${left + 22}" y="${y + 4}" font-size="11">${words(trace.name)}</text>`;
    })
    .join("");
}
