import { usageError } from "../errors";
import { bandStyles } from "./bands";
import { type Figure, restyled } from "./figure";

/** Colours of a page: dark ink on white, or light ink on black. */
export type Theme = "light" | "dark";

/** Rubin's colours of the bands for dark backgrounds (RTN-045), in the order of {@link bandStyles}. */
const darkBands = ["#3eb7ff", "#30c39f", "#ff7e00", "#2af5ff", "#a7f9c1", "#fdc900"];

/** Background, ink and greys of the light style, and what each is in the dark one. */
const darkColors: ReadonlyMap<string, string> = new Map([
  ["#fff", "#111418"],
  ["#222", "#e6e6e6"],
  ["#333", "#d0d0d0"],
  ["#444", "#c4c4c4"],
  ["#555", "#b0b0b0"],
  ["#666", "#a4a4a4"],
  ["#e6e6e6", "#2c3138"],
  ["#dddddd", "#3a4048"],
  ["#f2f2f2", "#1b1f25"],
  ["#000000", "#ffffff"],
  ["#0072b2", "#4aa8e0"],
  ...bandStyles.map(({ color }, i) => [color, darkBands[i]!] as const),
]);

/**
 * The figure in another theme; figures are made light. Data stay as they are: background, ink, greys and the colours of the bands
 * change, and symbols still tell the bands apart.
 *
 * @throws USAGE for a theme that is none
 * @example
 * show(plot.themed(plot.lightCurve(alert), "dark"));
 */
export function themed(figure: Figure, theme: Theme): Figure {
  if (theme !== "light" && theme !== "dark") throw usageError('theme "light" or "dark"', theme);
  if (theme === themeOf(figure)) return figure;
  if (theme === "light") throw usageError("a light figure to begin with", "a dark one", "make it anew");
  const layout = recolored(figure.layout) as Figure["layout"];
  return restyled(figure, {
    data: recolored(figure.data) as Figure["data"],
    layout: { ...layout, meta: { ...layout["meta"], theme } },
  });
}

/** The theme that a figure was made in. */
export function themeOf(figure: Figure): Theme {
  return figure.layout?.["meta"]?.theme === "dark" ? "dark" : "light";
}

/** Colours written in a text: of a title's markup, or a whole SVG. */
export function darkText(text: string): string {
  return text.replace(/#[0-9a-f]{3,6}\b/gi, (color) => darkColors.get(color.toLowerCase()) ?? color);
}

function recolored(value: unknown): unknown {
  if (typeof value === "string") return value.includes("#") ? darkText(value) : value;
  if (Array.isArray(value)) return typeof value[0] === "number" ? value : value.map(recolored);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, recolored(item)]));
}
