import { inspect } from "node:util";
import { DISPLAY, type MimeBundle } from "../display";
import { usageError } from "../errors";
import { escapeHtml } from "./escape";
import { counted, grouped } from "./figure";
import { cellWriter } from "./kernel";
import { readable } from "./readable";

/** A column: a path such as "packet.candidate.rb", or a name and how to get the value. */
export type TableField<A> = string | { readonly name: string; readonly value: (row: A) => unknown };

export interface TableOptions {
  /** Rows shown at most; the caption says how many there are. Default 20. */
  rows?: number;
  caption?: string;
}

/** What a first look at any survey's alerts shows. */
const firstLook = ["objectId", "ra", "dec", "mjdUtc", "band", "mag", "magErr", "realBogus"] as const;

/** Decimals by the last part of the path: 0.00001° is 0.04″, 0.00001 d is 0.9 s. */
const DECIMALS: Readonly<Record<string, number>> = { ra: 5, dec: 5, mjdUtc: 5, jd: 5, mag: 3, magErr: 3 };

/**
 * Rows as text, ready to be shown: logged in a notebook it draws itself as an HTML table, on a terminal as aligned text.
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
    const lines = [this.columns, ...this.rows];
    const widths = this.columns.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
    const pad = (cell: string, i: number) => (this.numeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!));
    return [...lines.map((line) => line.map(pad).join("  ").trimEnd()), `(${this.summary})`].join("\n");
  }

  /** As the last value of a cell. */
  [DISPLAY](): MimeBundle {
    return { "text/html": this.html, "text/plain": this.toString() };
  }

  /** Only where it is the value being printed: inside another object it is one line. */
  [inspect.custom](depth: number, options: { depth?: number | null }): string {
    if (typeof options.depth === "number" && depth < options.depth) return `AlertTable (${this.summary})`;
    const write = cellWriter();
    if (!write) return this.toString();
    write(this[DISPLAY]());
    // The table carries its own summary; this leaves an empty line of text.
    return "";
  }
}

/**
 * A table of alerts, or of anything that has fields. Long arrays are cut to their length, bytes to their size, missing
 * values are dashes, 64-bit ids are written in full.
 *
 * @param alerts rows in the order they are shown
 * @param fields default: object, position, time, band, magnitude, real-bogus
 * @throws USAGE when rows is below 1 or there are no fields
 * @example
 * alertTable(bright, ["objectId", "mag", "packet.candidate.rb"], { rows: 5 });
 */
export function alertTable<A extends object>(
  alerts: readonly A[],
  fields: readonly TableField<A>[] = firstLook,
  options: TableOptions = {},
): AlertTable {
  const { rows = 20, caption = "" } = options;
  if (!(rows >= 1)) throw usageError("rows of 1 or more", rows);
  if (fields.length === 0)
    throw usageError("at least one field", fields, 'name fields such as "objectId" or "packet.candidate.rb"');
  const shown = alerts.slice(0, rows);
  const names = fields.map((field) => (typeof field === "string" ? field : field.name));
  const read = (alert: A) =>
    fields.map((field, i) => {
      const value = typeof field === "string" ? valueAt(alert, field) : field.value(alert);
      return { value, text: cellText(value, names[i]!) };
    });
  const lines = readable(shown, read, "the table");
  const numeric = names.map(
    (_, i) => lines.length > 0 && lines.every((row) => row[i]!.value == null || typeof row[i]!.value === "number"),
  );
  const cells = lines.map((row) => row.map(({ text }) => text));
  return new AlertTable(names, cells, alerts.length, caption, numeric);
}

function valueAt(row: object, path: string): unknown {
  return path.split(".").reduce<any>((value, key) => value?.[key], row);
}

function cellText(value: unknown, name: string): string {
  if (value === null || value === undefined || (typeof value === "number" && Number.isNaN(value))) return "–";
  if (typeof value === "number") {
    const decimals = DECIMALS[name.split(".").at(-1)!];
    if (decimals !== undefined) return value.toFixed(decimals);
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  }
  if (value instanceof Uint8Array) return `${grouped(value.length)} bytes`;
  if (Array.isArray(value)) return `${grouped(value.length)} items`;
  const text =
    typeof value === "object" ? inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY }) : String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
