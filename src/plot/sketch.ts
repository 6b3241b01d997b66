import { usageError } from "../errors";
import type { Figure } from "./figure";
import { type Box, type Panel, panelsOf, type SketchAxis, titleText } from "./sketch-axes";
import { drawBars } from "./sketch-bars";
import { heatmap } from "./sketch-image";
import { colorBar, legend } from "./sketch-legend";
import { scatter } from "./sketch-scatter";
import { shapesAndNotes } from "./sketch-shapes";
import { drawable, type SketchTrace } from "./sketch-traces";
import { round, words } from "./sketch-words";
import { darkText, themeOf } from "./theme";

const INK = "#222";
const LINE = "#8a8a8a";

/** From here on the names under the axis are turned, so as not to run into one another. */
const MANY_TICKS = 9;

/**
 * A still picture of a figure as SVG: for front ends without Plotly, for printed notebooks, and for the frames of a live
 * plot, which Plotly's renderer in JupyterLab would not redraw.
 *
 * It draws scatter plots, bars and heat maps with their error bars, colour scales, shapes and annotations, 10,000 marks at
 * most; what it leaves out of a figure it says below the title. Some 200 bytes a point.
 *
 * @param width pixels, default 760; the height is the figure's own
 * @throws USAGE for what is no figure
 * @example
 * writeFileSync("light-curve.svg", plot.sketch(plot.lightCurve(alert)));
 */
export function sketchSvg(figure: Figure, width = 760): string {
  if (
    !figure ||
    !Array.isArray(figure.data) ||
    !figure.data.every((trace) => trace && typeof trace === "object") ||
    typeof figure.layout !== "object" ||
    figure.layout === null
  ) {
    throw usageError("a figure { data, layout }", figure, "make one with a plot… function");
  }
  const { layout } = figure;
  const height = Number(layout["height"] ?? 420) || 420;
  const { traces, remarks } = drawable(figure);
  const named = traces.filter(({ trace }) => trace.name && trace["showlegend"] !== false);
  const hasLegend = layout["showlegend"] !== false && named.length > 1;
  const bars = traces.flatMap(({ colors }) => (colors?.isShown ? [colors] : [])).slice(0, 1);
  const hasRight = Object.values(layout).some((value) => (value as { side?: string } | null)?.side === "right");
  const right = (hasLegend ? 180 : 20) + (hasRight ? 60 : 0) + 70 * bars.length;
  const draft = panelsOf(traces, layout, { left: 0, top: 0, width, height });
  const longest = draft.reduce(
    (most, { y }) => (y.right ? most : y.ticks.reduce((a, tick) => Math.max(a, firstLine(tick.label).length), most)),
    0,
  );
  const left = Math.min(240, 7 * longest + 44);
  const below = draft.some(({ x }) => x.ticks.length > MANY_TICKS) ? 120 : 58;
  const area: Box = { left, top: 66, width: width - left - right, height: height - 66 - below };
  const panels = panelsOf(traces, layout, area);
  const [title, subtitle] = titleText(layout["title"]).split(/<br\s*\/?>/);
  const drawn = new Set<string>();
  const parts = panels.flatMap((panel) => {
    const clip = `${round(panel.box.left - 8)} ${round(panel.box.top - 8)} ${round(panel.box.width + 16)} ${round(panel.box.height + 16)}`;
    const [x, y, w, h] = clip.split(" ");
    const marks = panel.traces.map((made) => draw(made, panel, remarks)).join("");
    const axes = [panel.x, panel.y].filter((axis) => !drawn.has(axis.id));
    for (const axis of axes) drawn.add(axis.id);
    // An inner svg clips without an id, which several pictures on one page would share.
    return [
      axisLines(panel, axes, left),
      `<svg x="${x}" y="${y}" width="${w}" height="${h}" viewBox="${clip}">${marks}</svg>`,
    ];
  });
  parts.push(shapesAndNotes(layout, panels, area, remarks));
  if (hasLegend) parts.push(legend(named, width - 168, area));
  const scale = width - (hasLegend ? 180 : 20) - 62;
  for (const colors of bars) parts.push(colorBar(colors, scale, area));
  const missing = remarks.length > 0 ? `still picture: ${remarks.slice(0, 6).join("; ")}` : "";
  const frame = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const head = `<text x="16" y="26" font-size="16">${words(title)}</text><text x="16" y="46" fill="#555">${words(subtitle)}</text>`;
  const foot = missing && `<text x="16" y="60" font-size="11" fill="#a33">${words(missing)}</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${frame} font-family="Helvetica, Arial, sans-serif" font-size="12" fill="${INK}"><rect width="100%" height="100%" fill="#fff"/>${head}${foot}${parts.join("")}</svg>`;
  return themeOf(figure) === "dark" ? darkText(svg) : svg;
}

function draw(made: SketchTrace, panel: Panel, remarks: string[]): string {
  if (made.kind === "bar") return drawBars(made, panel.bars.get(made) ?? [], panel);
  if (made.kind === "scatter") return scatter(made, panel);
  const image = heatmap(made, panel);
  if (image === null)
    remarks.push(`heatmap with cells of unequal size not drawn${made.trace.name ? `: ${made.trace.name}` : ""}`);
  return image ?? "";
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
