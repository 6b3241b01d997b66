import { inspect } from "node:util";
import { DISPLAY, displayOf } from "../display";
import { printable } from "../terminal";
import { groupColors } from "./bands";

/** One Plotly trace: `type` and whatever that type takes. */
export interface Trace {
  readonly type: string;
  readonly name?: string;
  readonly [key: string]: unknown;
}

/** A Plotly figure as plain data: what `Plotly.newPlot(element, data, layout, config)` takes. */
export interface Figure {
  readonly data: readonly Trace[];
  readonly layout: { readonly [key: string]: any };
  readonly config?: { readonly [key: string]: any };
}

export interface LayoutOptions {
  title: string;
  /** Second, smaller line of the title. */
  subtitle?: string | undefined;
  xTitle?: string;
  yTitle?: string;
  xaxis?: object;
  yaxis?: object;
  height?: number;
  /** What the figure shows, in a sentence: printed below it on saved pages, and read out in place of the picture. */
  caption?: string | undefined;
  /** Anything else of Plotly's layout. */
  more?: object;
}

/** Grey of axis lines and of what is not the subject. */
export const GREY = "#8a8a8a";

/**
 * Text from an alert or a catalogue, made harmless: Plotly renders `<b>` and `<a href>` in titles and labels.
 * Cut at 200 characters.
 */
export function plain(value: unknown): string {
  const text = String(value);
  const short = text.length > 200 ? `${text.slice(0, 199)}…` : text;
  return short.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Whole number with thin groups: 12,345. */
export function grouped(value: number): string {
  return value.toLocaleString("en-GB", { maximumFractionDigits: 0 });
}

/** "1 alert", "12 alerts". */
export function counted(value: number, noun: string): string {
  return `${grouped(value)} ${noun}${value === 1 ? "" : "s"}`;
}

const AXIS = {
  showline: true,
  linecolor: GREY,
  ticks: "outside",
  tickcolor: GREY,
  gridcolor: "#e6e6e6",
  zeroline: false,
  automargin: true,
  // Plotly's own way writes MJD 60229 as 60.229k.
  exponentformat: "none",
  separatethousands: true,
};

/** An axis in the common style, with its title. */
export function axis(title: string, more: object = {}): object {
  return { ...AXIS, title: { text: title, standoff: 12 }, ...more };
}

const FONT = { family: "Helvetica, Arial, sans-serif", size: 13, color: "#222" };
const TITLE = { x: 0.02, xanchor: "left", font: { size: 16 } };
/** Layout that every figure has unless it says otherwise. */
const HOUSE = {
  height: 420,
  margin: { l: 70, r: 30, t: 80, b: 60 },
  font: FONT,
  plot_bgcolor: "#fff",
  paper_bgcolor: "#fff",
  hovermode: "closest",
  legend: { itemsizing: "constant" },
};

/** A title as Plotly takes it, text or object, as an object. */
const titleObject = (title: unknown): object =>
  typeof title === "string" ? { text: title } : ((title as object) ?? {});

/**
 * A figure that was written by hand, in the common style: background, fonts, axes, and the colours of groups. What it says itself
 * stays; figures made here are left as they are.
 */
export function housed(figure: Figure): Figure {
  if (DISPLAY in figure) return figure;
  const layout: Record<string, any> = { ...HOUSE, colorway: groupColors, ...figure.layout };
  layout["title"] = { ...TITLE, ...titleObject(layout["title"]) };
  for (const name of ["xaxis", "yaxis", ...Object.keys(layout).filter((key) => /^[xy]axis\d+$/.test(key))]) {
    const own = layout[name] ?? {};
    layout[name] = { ...AXIS, ...own, title: { standoff: 12, ...titleObject(own.title) } };
  }
  return { ...figure, layout };
}

/** Assembles a figure in the one style all plots share. Titles come in already made {@link plain}. */
export function makeFigure(data: readonly Trace[], options: LayoutOptions): Figure {
  const small = options.subtitle ? `<br><span style="font-size:12px;color:#555">${options.subtitle}</span>` : "";
  const figure: Figure = {
    data,
    layout: {
      ...HOUSE,
      title: { text: `${options.title}${small}`, ...TITLE },
      xaxis: axis(options.xTitle ?? "", options.xaxis),
      yaxis: axis(options.yTitle ?? "", options.yaxis),
      height: options.height ?? HOUSE.height,
      ...(options.caption ? { meta: { caption: options.caption } } : {}),
      ...options.more,
    },
    config: { responsive: true, displaylogo: false },
  };
  return displayed(figure, options.title);
}

/** A figure made of another one: the same title and configuration, other data or layout. */
export function restyled(figure: Figure, changes: Partial<Figure>): Figure {
  const title = String(figure.layout["title"]?.text ?? "").split("<br>")[0]!;
  return displayed({ ...figure, ...changes }, title);
}

/** With what a cell shows of it. */
function displayed(figure: Figure, title: string): Figure {
  const line = printable(`Figure "${title}": ${counted(figure.data.length, "trace")}; draw it with show(figure)`);
  return Object.defineProperties(figure, {
    [inspect.custom]: { value: () => line, enumerable: false },
    [DISPLAY]: { value: () => displayOf("figure", figure), enumerable: false },
  });
}

/** A line of text above the middle of the plot, for what has nothing to draw. */
export function note(text: string): object {
  const place = { xref: "paper", yref: "paper", x: 0.5, y: 0.7, showarrow: false };
  return { ...place, text, font: { size: 15, color: GREY } };
}
