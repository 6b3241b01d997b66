import { inspect } from "node:util";
import { firstFields } from "../alert/common-view";
import { isAlert } from "../alert/json";
import { alignedText, cellText } from "../cell-text";
import { DISPLAY, type MimeBundle } from "../display";
import { usageError } from "../errors";
import { expectArgument } from "../expect";
import { printable } from "../terminal";
import { escapeHtml } from "./escape";
import { counted, grouped } from "./figure";
import { cellWriter } from "./kernel";
import { readable } from "./readable";
import { checkField, valueAt } from "./row-value";

/** A column: a path such as "packet.candidate.rb", or a name and how to get the value. */
export type TableField<A> = string | { readonly name: string; readonly value: (row: A) => unknown };

/** Options of {@link alertTable}. */
export interface TableOptions {
  /** Rows shown at most; the caption says how many there are. Default 20. */
  rows?: number;
  caption?: string;
}

/** Columns of rows that are no alerts, at most. */
const mostColumns = 30;

/**
 * Rows as text, ready to be shown: logged in a notebook it draws itself as an HTML table, on a terminal as aligned text.
 * @example
 * table(night, ["mag"]).columns; // [ 'mag' ]
 */
export class AlertTable {
  /** @param total rows there are, of which `rows` holds the first */
  constructor(
    readonly columns: readonly string[],
    readonly rows: readonly (readonly string[])[],
    readonly total: number,
    readonly caption: string,
    /** Columns of numbers, set to the right. */
    private readonly numeric: readonly boolean[],
  ) {}

  /** The table as HTML, everything from the alerts escaped. */
  get html(): string {
    const align = (i: number) => ` style="text-align:${this.numeric[i] ? "right" : "left"};padding:2px 8px"`;
    const line = (tag: string, cells: readonly string[]) =>
      `<tr>${cells.map((cell, i) => `<${tag}${align(i)}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
    const caption = `<caption style="text-align:left;padding:4px 8px">${escapeHtml(this.summary)}</caption>`;
    const body = this.rows.map((row) => line("td", row)).join("\n");
    return `<table>${caption}\n<thead>${line("th", this.columns)}</thead>\n<tbody>${body}</tbody></table>`;
  }

  private get summary(): string {
    const cut = this.rows.length < this.total;
    const count = cut
      ? `first ${grouped(this.rows.length)} of ${grouped(this.total)} rows`
      : counted(this.total, "row");
    return this.caption ? `${this.caption}: ${count}` : count;
  }

  toString(): string {
    // what lies in a packet must not act on the terminal
    const lines = [this.columns, ...this.rows].map((line) => line.map((cell) => printable(cell)));
    return `${alignedText(lines, this.numeric)}\n${printable(`(${this.summary})`)}`;
  }

  /** As the last value of a cell. */
  [DISPLAY](): MimeBundle {
    return { "text/html": this.html, "text/plain": this.toString() };
  }

  /** Only where it is the value being printed: inside another object it is one line. */
  [inspect.custom](depth: number, options: { depth?: number | null }): string {
    if (typeof options.depth === "number" && depth < options.depth) return printable(`AlertTable (${this.summary})`);
    const write = cellWriter();
    if (!write) return this.toString();
    write(this[DISPLAY]());
    // The table carries its own summary; this leaves an empty line of text.
    return "";
  }
}

/**
 * A table of alerts, or of anything that has fields. Long arrays are cut to their length, bytes to their size, missing
 * values are dashes, ids and times are written in full; the rule for numbers is that of `numberText`.
 *
 * @param alerts rows in the order they are shown
 * @param fields default: of alerts object, position, time, band, magnitude, real-bogus; of other rows all they have
 * @throws USAGE when rows is below 1 or there are no fields; NO_FIELD for one that no row has, with those nearest to it
 * @example
 * table(bright, ["objectId", "mag", "packet.candidate.rb"], { rows: 5 });
 */
export function alertTable<A extends object>(
  alerts: readonly A[],
  fields: readonly TableField<A>[] = fieldsOf(alerts),
  options: TableOptions = {},
): AlertTable {
  expectArgument("objects", alerts, "a list of alerts or rows");
  const { rows = 20, caption = "" } = options;
  if (!(rows >= 1)) throw usageError("rows of 1 or more", rows);
  if (!Array.isArray(fields) || (fields.length === 0 && alerts.length > 0))
    throw usageError("at least one field", fields, 'name fields such as "objectId" or "packet.candidate.rb"');
  for (const field of fields) if (typeof field === "string") checkField(alerts, field);
  const shown = alerts.slice(0, rows);
  const names = fields.map((field) => (typeof field === "string" ? field : field.name));
  const read = (alert: A) =>
    fields.map((field, i) => {
      const value = typeof field === "string" ? valueAt(alert, field) : field.value(alert);
      return { value, text: cellText(value, names[i]!) };
    });
  const lines = readable(shown, read, "the table");
  const numeric = names.map(
    (_, i) =>
      lines.length > 0 && lines.every((row) => row[i]!.value == null || /^(number|bigint)$/.test(typeof row[i]!.value)),
  );
  const cells = lines.map((row) => row.map(({ text }) => text));
  return new AlertTable(names, cells, alerts.length, caption, numeric);
}

/** What is shown of rows of which nobody said. */
function fieldsOf(rows: readonly object[]): readonly string[] {
  if (!Array.isArray(rows) || typeof rows[0] !== "object" || rows.some((row) => !row) || isAlert(rows[0]))
    return firstFields;
  const names = new Set<string>();
  for (const row of rows.slice(0, 100)) for (const name of Object.keys(row)) names.add(name);
  return [...names].slice(0, mostColumns);
}
