import { cellText } from "../../cell-text";

/** Rows and columns shown at most. */
const MOST_ROWS = 20;
const MOST_COLUMNS = 30;
/** Rows that are looked at to know what a list holds. */
const LOOKED_AT = 100;

/**
 * A list of plain objects whose values are no lists or objects themselves, as an HTML table of its first rows.
 *
 * @returns undefined for anything else
 */
export function rowsAsHtml(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const first = value.slice(0, LOOKED_AT);
  if (!first.every(isRow)) return undefined;
  const all = [...new Set(first.flatMap((row) => Object.keys(row)))];
  const columns = all.slice(0, MOST_COLUMNS);
  if (columns.length === 0) return undefined;
  const shown = value.slice(0, MOST_ROWS) as Record<string, unknown>[];
  const isNumeric = columns.map((name) => shown.every((row) => !(name in row) || typeof row[name] === "number"));
  const line = (tag: string, texts: readonly string[]) => {
    const cells = texts.map((text, i) => {
      const align = isNumeric[i] ? "right" : "left";
      return `<${tag} style="text-align:${align};padding:2px 8px">${escaped(text)}</${tag}>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  };
  const body = shown.map((row) =>
    line(
      "td",
      columns.map((name) => (name in row ? cellText(row[name], name) : "")),
    ),
  );
  const count = value.length.toLocaleString("en");
  const rows =
    value.length > MOST_ROWS ? `first ${MOST_ROWS} of ${count} rows` : `${count} row${count === "1" ? "" : "s"}`;
  const cut = all.length > MOST_COLUMNS ? `, first ${MOST_COLUMNS} of ${all.length} columns` : "";
  const caption = `<caption style="text-align:left;padding:4px 8px">${rows}${cut}</caption>`;
  return `<table>${caption}\n<thead>${line("th", columns)}</thead>\n<tbody>${body.join("\n")}</tbody></table>`;
}

/** Getters are not called: they may cost, or throw. */
function isRow(row: unknown): row is Record<string, unknown> {
  if (typeof row !== "object" || row === null) return false;
  const prototype = Object.getPrototypeOf(row);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(Object.getOwnPropertyDescriptors(row)).every(
    ({ get, value }) =>
      !get && typeof value !== "function" && (typeof value !== "object" || value === null || value instanceof Date),
  );
}

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => escapes[one]!);
