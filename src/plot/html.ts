import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { usageError } from "../errors";
import { makeFolder } from "../folders";
import { writeWhole } from "../write-whole";
import { altText, bareText, titleOf } from "./alt-text";
import { escapeHtml } from "./escape";
import type { Figure } from "./figure";
import { markdownHtml } from "./markdown";
import { AlertTable } from "./table";
import { type Theme, themed } from "./theme";

/** JSON that cannot end the script element it stands in; bigint as text. */
export function scriptJson(value: unknown): string {
  const json = JSON.stringify(value, (_, item) => (typeof item === "bigint" ? String(item) : item));
  return json.replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

/** What a page is made of: figures, tables, and Markdown as text. */
export type PageItem = Figure | AlertTable | string;

/**
 * Writes one page that holds everything it needs, plotly.js included (10 MB), and asks the network for nothing: a
 * content security policy forbids it. Folders are made; an existing file is replaced. Captions stand below their figures, and a
 * screen reader is told what each one shows.
 *
 * @param content a figure, a table, text as Markdown, or several, one below the other
 * @param options `title` of the page, default that of the first figure; `theme`: "light", the default, or "dark"
 * @returns the absolute path
 * @throws USAGE for what is neither figure, table nor text
 * @example
 * plot.saveHtml(["# Tonight\n\nThe fastest riser:", plot.lightCurve(alert), table([alert])], "report.html");
 */
export function saveHtml(
  content: PageItem | readonly PageItem[],
  path: string,
  options: { title?: string; theme?: Theme } = {},
): string {
  const items = (Array.isArray(content) ? content : [content]) as readonly PageItem[];
  for (const item of items) {
    const isFigure = typeof item === "object" && Array.isArray((item as Partial<Figure> | null)?.data);
    if (!isFigure && typeof item !== "string" && !(item instanceof AlertTable))
      throw usageError("figures, tables and text", item, "make them with functions of plot, and table");
  }
  if (typeof path !== "string" || path === "") throw usageError("the path of a page", path, 'as "figure.html"');
  const { theme = "light" } = options;
  const target = resolve(path);
  const html = page(
    items.map((item) => (isFigureItem(item) ? themed(item, theme) : item)),
    options.title,
    theme,
  );
  makeFolder(dirname(target));
  writeWhole(target, html);
  return target;
}

const isFigureItem = (item: PageItem): item is Figure => typeof item === "object" && "data" in item;

function page(items: readonly PageItem[], title: string | undefined, theme: Theme): string {
  const first = items.find(isFigureItem);
  // Resolved here and not at the top: a script that draws nothing never touches the 10 MB.
  const plotly = first ? readFileSync(createRequire(__filename).resolve("plotly.js-dist"), "utf8") : "";
  const parts = items.map((item, i) => {
    if (typeof item === "string") return markdownHtml(item);
    if (!isFigureItem(item)) return item.html;
    const call = `Plotly.newPlot("figure-${i}",${scriptJson(item.data)},${scriptJson(item.layout)},${scriptJson(item.config ?? {})})`;
    const caption = bareText(item.layout["meta"]?.caption);
    const below = caption ? `\n<figcaption>${escapeHtml(caption)}</figcaption>` : "";
    return `<figure><div id="figure-${i}" role="img" aria-label="${escapeHtml(altText(item))}"></div>${below}</figure>\n<script>${call}</script>`;
  });
  const policy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:";
  const [paper, ink, link] = theme === "dark" ? ["#111418", "#e6e6e6", "#7cc4ff"] : ["#fff", "#222", "#0058a8"];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title ?? (first ? titleOf(first) : "Alerts"))}</title>
<style>body{font-family:Helvetica,Arial,sans-serif;margin:1em auto;max-width:1100px;padding:0 1em;background:${paper};color:${ink}}
figure{margin:1em 0}figcaption{font-size:.9em;max-width:50em}a{color:${link}}</style>
${plotly ? `<script>${plotly.replaceAll(/<(?=\/script|!--)/gi, "\\x3c")}</script>` : ""}
</head><body>
${parts.join("\n")}
</body></html>
`;
}
