import { createRequire } from "node:module";
import { dirname, extname, resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { BootcampError, usageError } from "../errors";
import { expectArgument } from "../expect";
import { makeFolder } from "../folders";
import { say } from "../terminal";
import { writeWhole } from "../write-whole";
import { altText, titleOf } from "./alt-text";
import { startBrowser } from "./browser";
import { escapeHtml } from "./escape";
import { type Figure, restyled } from "./figure";
import { saveHtml, scriptJson } from "./html";
import { sketchSvg } from "./sketch";
import { type Theme, themed, themeOf } from "./theme";

/** Options of {@link saveFigure}. */
export interface SaveFigureOptions {
  /** Pixels of 1/96 inch; default 760. A column of a journal, 88 mm, is 333. */
  width?: number;
  /** Default the figure's own. */
  height?: number;
  /** Family of an installed font, as "Times New Roman"; default Helvetica or Arial. */
  font?: string;
  /** Pixels; default 13, a point being 4/3. */
  fontSize?: number;
  /** False leaves the title out, which a paper has in its caption. Default true. */
  title?: boolean;
  /** PNG: dots for each pixel; default 2, which is 192 dots per inch. */
  scale?: number;
  /** Default the figure's own: light. */
  theme?: Theme;
}

const forms = [".svg", ".png", ".pdf", ".html"];

/**
 * Saves a figure for a paper, a talk or a page: SVG, PNG and PDF are Plotly's one picture, drawn by an installed Chromium, Chrome or
 * Edge; HTML is the interactive page of {@link saveHtml} and needs none. Where there is no browser an SVG is the still picture of
 * {@link sketchSvg}, which is said.
 *
 * @param path the ending says the form: .svg, .png, .pdf, .html; an existing file is replaced, folders are made
 * @returns the absolute path
 * @throws USAGE for another ending or a size that is none; MISSING_PROGRAM for PNG and PDF without a browser
 * @example
 * await plot.save(plot.lightCurve(alert), "figures/curve.pdf", { width: 333, height: 260, font: "Times", title: false });
 */
export async function saveFigure(figure: Figure, path: string, options: SaveFigureOptions = {}): Promise<string> {
  expectArgument("object", figure, "a figure", "make one with a plot function");
  if (!Array.isArray(figure.data)) throw usageError("a figure { data, layout }", figure);
  const form = typeof path === "string" ? extname(path).toLowerCase() : "";
  if (!forms.includes(form)) throw usageError(`a path that ends in ${forms.join(", ")}`, path);
  const { scale = 2, theme = themeOf(figure) } = options;
  if (!(scale > 0 && scale <= 10)) throw usageError("scale above 0, up to 10", scale);
  const target = resolve(path);
  const drawn = themed(sized(figure, options), theme);
  if (form === ".html") return saveHtml(drawn, target, { theme });
  const browser = await startBrowser();
  try {
    if (browser === null && form !== ".svg") {
      throw new BootcampError(
        "MISSING_PROGRAM",
        `Expected Chromium, Chrome or Edge to draw ${form.slice(1)} with, found none`,
        {
          remedy: "install one (apt install chromium), set CHROMIUM_PATH, or save as .svg or .html, which need none",
        },
      );
    }
    makeFolder(dirname(target));
    if (browser === null) {
      say("no browser found: the SVG is the still picture of the notebook");
      writeWhole(target, described(sketchSvg(drawn, drawn.layout["width"]), figure));
    } else writeWhole(target, await render(browser, drawn, figure, form, scale));
  } finally {
    await browser?.close();
  }
  return target;
}

/** With the size and font that were asked for. */
function sized(figure: Figure, options: SaveFigureOptions): Figure {
  const { layout } = figure;
  const { width = Number(layout["width"] ?? 760), height = Number(layout["height"] ?? 420), font, fontSize } = options;
  for (const [name, value] of Object.entries({ width, height }))
    if (!(value >= 100 && value <= 10_000)) throw usageError(`${name} from 100 to 10,000 pixels`, value);
  if (font !== undefined) expectArgument("text", font, "font as the name of a family");
  if (fontSize !== undefined && !(fontSize >= 4 && fontSize <= 72)) throw usageError("fontSize from 4 to 72", fontSize);
  const look = {
    ...layout["font"],
    ...(font === undefined ? {} : { family: `${font}, ${layout["font"]?.family ?? "sans-serif"}` }),
    ...(fontSize === undefined ? {} : { size: fontSize }),
  };
  const bare = { title: { text: "" }, margin: { ...layout["margin"], t: 15, r: 15 } };
  return restyled(figure, {
    layout: { ...layout, width, height, font: look, ...(options.title === false ? bare : {}) },
  });
}

/** Title and description are what a screen reader says of an SVG. */
function described(svg: string, figure: Figure): string {
  const text = `<title>${escapeHtml(titleOf(figure))}</title><desc>${escapeHtml(altText(figure))}</desc>`;
  return svg.replace(/<svg /, '<svg role="img" ').replace(">", () => `>${text}`);
}

async function render(browser: Browser, figure: Figure, source: Figure, form: string, scale: number): Promise<Buffer> {
  const { width, height } = figure.layout as { width: number; height: number };
  const page = await browser.newPage({
    viewport: { width: Math.ceil(width), height: Math.ceil(height) },
    offline: true,
  });
  await page.setContent(`<!doctype html><title>${escapeHtml(titleOf(source))}</title><body style="margin:0">`);
  await page.addScriptTag({ path: createRequire(__filename).resolve("plotly.js-dist") });
  const svg = described(await plotlyImage(page, figure, "svg", 1), source);
  if (form === ".svg") return Buffer.from(svg);
  if (form === ".png") return Buffer.from((await plotlyImage(page, figure, "png", scale)).split(",")[1]!, "base64");
  await page.evaluate(`document.body.innerHTML = ${scriptJson(svg)}`);
  // a page a hair higher than the picture, which would else flow over to a second one
  return page.pdf({
    width: `${width}px`,
    height: `${height + 1}px`,
    printBackground: true,
    pageRanges: "1",
    tagged: true,
  });
}

async function plotlyImage(
  page: Page,
  { data, layout }: Figure,
  format: "svg" | "png",
  scale: number,
): Promise<string> {
  const how = { format, scale, width: layout["width"], height: layout["height"] };
  const image = await page.evaluate<string>(`Plotly.toImage(${scriptJson({ data, layout })}, ${scriptJson(how)})`);
  return format === "svg" ? decodeURIComponent(image.slice(image.indexOf(",") + 1)) : image;
}
