import { counted, type Figure, type Trace } from "./figure";

/** Series named one by one; more are counted. */
const mostNamed = 8;

/** Markup and entities of Plotly's texts as bare words. */
export function bareText(text: unknown): string {
  const bare = String(text ?? "").replace(/<br\s*\/?>/g, " – ");
  const words = bare.replace(/<[^>]*>/g, "").replace(/\u200b/g, "");
  return words.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&").trim();
}

/** The title of a figure as bare text. */
export function titleOf(figure: Figure): string {
  return bareText(figure.layout["title"]?.text ?? figure.layout["title"]);
}

/**
 * What a figure shows, for those who do not see it: title, caption, axes with their units and ranges, and its series with their
 * number of points.
 *
 * @example
 * altText(plot.lightCurve(alert)); // "ZTF23abc – 12 detections. Across: days … . Up: … . g: 7 points, 18.2 to 19.5. …"
 */
export function altText(figure: Figure): string {
  const { layout, data } = figure;
  const axis = (name: "xaxis" | "yaxis") => bareText(layout[name]?.title?.text);
  const drawn = data.filter((trace) => trace["hoverinfo"] !== "skip");
  const named = drawn.slice(0, mostNamed).map(seriesText);
  const parts = [
    titleOf(figure),
    bareText(layout["meta"]?.caption).replace(/\.$/, ""),
    axis("xaxis") && `Across: ${axis("xaxis")}`,
    axis("yaxis") &&
      `Up: ${axis("yaxis")}${layout["yaxis"]?.autorange === "reversed" ? ", small values at the top" : ""}`,
    ...named,
    drawn.length > mostNamed && `and ${drawn.length - mostNamed} more series`,
  ];
  return `${parts.filter(Boolean).join(". ")}.`;
}

function seriesText(trace: Trace): string {
  const name = bareText(trace.name);
  if (trace.type === "heatmap") return `${name}${name && ": "}image`;
  const values = (Array.isArray(trace["y"]) ? trace["y"] : []) as unknown[];
  const numbers = values.filter((value): value is number => Number.isFinite(value));
  const isLying = trace["orientation"] === "h";
  const noun = trace.type === "bar" ? "bar" : "point";
  const range = numbers.length > 0 && !isLying ? `, ${short(least(numbers))} to ${short(most(numbers))}` : "";
  return `${name}${name && ": "}${counted(values.length, noun)}${range}`;
}

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b));
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b));
const short = (value: number): number => Number(value.toPrecision(6));
