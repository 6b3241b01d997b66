import type { MimeBundle } from "../display";
import { BootcampError, usageError } from "../errors";
import { printable } from "../terminal";
import { altText, titleOf } from "./alt-text";
import { escapeHtml } from "./escape";
import { type Figure, housed } from "./figure";
import { cellWriter } from "./kernel";
import { sketchSvg } from "./sketch";
import { AlertTable } from "./table";

/** Pixels; fits a cell of JupyterLab. */
const WIDTH = 760;
const PLOTLY_MIME = "application/vnd.plotly.v1+json";

/**
 * Shows a figure or a table in the notebook cell, a figure written by hand in the style of the others: one message with the Plotly figure, which JupyterLab and VS Code draw,
 * and a still picture for front ends that cannot and for printed notebooks.
 *
 * @throws USAGE outside of a notebook
 * @example
 * show(plot.lightCurve(alert));
 */
export function show(content: Figure | AlertTable): void {
  const bundle = mimeBundle(content);
  const write = cellWriter();
  if (!write) {
    throw new BootcampError("USAGE", "Expected a notebook cell to draw in, got a plain program", {
      remedy: 'write a page with saveHtml(figure, "figure.html") and open it in a browser',
    });
  }
  write(bundle);
}

/** @throws USAGE when it is neither a figure nor a table */
export function mimeBundle(content: Figure | AlertTable): MimeBundle {
  const still = stillBundle(content);
  if (content instanceof AlertTable) return still;
  const { data, layout } = housed(content);
  // JupyterLab's renderer follows the width of its cell by itself; told to be responsive as well, Plotly gives the figure
  // no height of its own, and it vanishes when the window is resized.
  const config = { ...content.config, responsive: false };
  // JSON has no bigint: sent as it is, the kernel would fail on it.
  const json = JSON.stringify({ data, layout, config }, (_, item) => (typeof item === "bigint" ? String(item) : item));
  return { [PLOTLY_MIME]: JSON.parse(json), ...still };
}

/** The forms that need no Plotly: a picture, or what the picture would show in words. */
export function stillBundle(content: Figure | AlertTable): MimeBundle {
  if (content instanceof AlertTable) return { "text/html": content.html, "text/plain": content.toString() };
  if (!content || !Array.isArray(content.data) || typeof content.layout !== "object") {
    throw usageError("a figure { data, layout } or a table", content, "make one with a function of plot, or table");
  }
  return { "text/html": picture(housed(content)), "text/plain": printable(`Figure: ${titleOf(content)}`) };
}

/** As an image, not as elements of the page: nothing in it can run or reach outside. */
function picture(figure: Figure): string {
  const title = escapeHtml(titleOf(figure));
  try {
    const svg = Buffer.from(sketchSvg(figure, WIDTH)).toString("base64");
    const size = `width="${WIDTH}" height="${Number(figure.layout["height"] ?? 420)}"`;
    return `<img ${size} alt="${escapeHtml(altText(figure))}" src="data:image/svg+xml;base64,${svg}">`;
  } catch {
    // A figure made by hand may hold anything that Plotly knows; its drawing must not fail for want of a picture.
    const names = figure.data.map((trace) => `<li>${escapeHtml(String(trace?.name ?? trace?.type))}</li>`);
    return `<div><b>${title}</b><ul>${names.join("")}</ul></div>`;
  }
}
