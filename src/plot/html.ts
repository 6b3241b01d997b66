import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { usageError } from "../errors";
import { makeFolder } from "../folders";
import { escapeHtml } from "./escape";
import type { Figure } from "./figure";
import { AlertTable } from "./table";

/** JSON that cannot end the script element it stands in; bigint as text. */
export function scriptJson(value: unknown): string {
  const json = JSON.stringify(value, (_, item) => (typeof item === "bigint" ? String(item) : item));
  return json.replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

/** The title of a figure as bare text. */
export function titleOf(figure: Figure): string {
  const title = String(figure.layout.title?.text ?? figure.layout.title ?? "");
  const words = title.replace(/<br\s*\/?>/g, " – ").replace(/<[^>]*>/g, "");
  return words.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&").trim();
}

/**
 * Writes one page that holds everything it needs, plotly.js included (10 MB), and asks the network for nothing: a
 * content security policy forbids it. Folders are made; an existing file is replaced.
 *
 * @param content a figure, a table, or several, drawn one below the other
 * @returns the absolute path
 * @throws USAGE for what is neither figure nor table
 * @example
 * saveHtml(plotLightCurve(alert), "light-curve.html");
 */
export function saveHtml(content: Figure | AlertTable | readonly (Figure | AlertTable)[], path: string): string {
  const items: readonly (Figure | AlertTable)[] = Array.isArray(content) ? content : [content as Figure];
  for (const item of items) {
    const isFigure = typeof item === "object" && Array.isArray((item as Partial<Figure> | null)?.data);
    if (!isFigure && !(item instanceof AlertTable))
      throw usageError("figures and tables", item, "make them with plot… functions and alertTable");
  }
  if (typeof path !== "string" || path === "") throw usageError("the path of a page", path, 'as "figure.html"');
  const target = resolve(path);
  makeFolder(dirname(target));
  writeFileSync(target, page(items));
  return target;
}

function page(items: readonly (Figure | AlertTable)[]): string {
  const first = items.find((item): item is Figure => "data" in item);
  // Resolved here and not at the top: a script that draws nothing never touches the 10 MB.
  const plotly = first ? readFileSync(createRequire(__filename).resolve("plotly.js-dist"), "utf8") : "";
  const parts = items.map((item, i) => {
    if (!("data" in item)) return item.html;
    const call = `Plotly.newPlot("figure-${i}",${scriptJson(item.data)},${scriptJson(item.layout)},${scriptJson(item.config ?? {})})`;
    return `<div id="figure-${i}"></div>\n<script>${call}</script>`;
  });
  const policy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:";
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(first ? titleOf(first) : "Alerts")}</title>
<style>body{font-family:Helvetica,Arial,sans-serif;margin:1em auto;max-width:1100px;padding:0 1em}</style>
${plotly ? `<script>${plotly.replaceAll(/<(?=\/script|!--)/gi, "\\x3c")}</script>` : ""}
</head><body>
${parts.join("\n")}
</body></html>
`;
}
