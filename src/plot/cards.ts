import type { Alert } from "../alert/alert";
import { drawKind, type MimeBundle } from "../display";
import type { Comparison } from "../select/compare";
import type { Explanation } from "../select/explanation";
import type { Funnel } from "../select/funnel";
import type { Score } from "../select/score";
import { altText } from "./alt-text";
import { plotComparison } from "./comparison";
import { escapeHtml } from "./escape";
import type { Figure } from "./figure";
import { plotLightCurve } from "./light-curve";
import { mimeBundle } from "./show";
import { sketchSvg } from "./sketch";
import { plotStamps } from "./stamps";
import { alertTable, type TableField } from "./table";

/** Pixels of the pictures of a card. */
const WIDTH = 620;

/** How the library's values look as the last line of a cell. */
drawKind<Figure>("figure", mimeBundle);
drawKind<Alert>("alert", alertCard);
drawKind<Explanation>("explanation", (one) => table(head(one, 1), one.rows, ["name", "value", "threshold", "verdict"]));
drawKind<Funnel>("funnel", (one) => table("", one.rows, ["name", "threshold", "passed", "rejected", "missing"]));
drawKind<Comparison>("comparison", (one) => {
  const html = table("", one.rows, ["alerts", "count", "of all"])["text/html"];
  return { "text/html": `${html}\n${picture(() => plotComparison(one))}` };
});
drawKind<Score>("score", (one) => table(head(one, 2), one.classes, Object.keys(one.classes[0] ?? { class: "" })));
drawKind<object>("ledger", (one) => table("", [one], ["read", "selected", "rejected", "failed", "pending"]));

function table<R extends object>(caption: string, rows: readonly R[], fields: readonly TableField<R>[]): MimeBundle {
  return { "text/html": alertTable(rows, fields, { rows: 100, caption }).html };
}

/** What the text says before its own table. */
const head = (value: object, lines: number): string => String(value).split("\n").slice(0, lines).join(" · ");

/** An alert at a glance: its numbers, its stamps, its light curve. */
function alertCard(alert: Alert): MimeBundle {
  const parts = [
    `<div style="font-family:Helvetica,Arial,sans-serif;margin-bottom:4px">${escapeHtml(String(alert))}</div>`,
    alert.history.length > 0 ? picture(() => plotLightCurve(alert)) : "",
    alert.stamps.science || alert.stamps.difference ? picture(() => low(plotStamps(alert))) : "",
  ];
  return { "text/html": parts.join("\n") };
}

/** Three small squares need no more height. */
const low = (figure: Figure): Figure => ({ ...figure, layout: { ...figure.layout, height: 290 } });

/** As an image, so that nothing in it can act on the page. */
function picture(draw: () => Figure): string {
  try {
    const figure = draw();
    const svg = Buffer.from(sketchSvg(figure, WIDTH)).toString("base64");
    return `<img width="${WIDTH}" alt="${escapeHtml(altText(figure))}" src="data:image/svg+xml;base64,${svg}">`;
  } catch {
    return "";
  }
}
