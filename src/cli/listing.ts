import type * as astro from "../alert";
import { findField, noField } from "../alert/fields";
import { alertToJson } from "../alert/json";
import { alignedLine, numberText } from "../cell-text";
import { printable } from "../terminal";
import type { Output } from "./output";

export type ListingFormat = "table" | "json" | "csv";

/** Rows looked at before the first is printed: they set the widths of a table, and show whether a field exists at all. */
const lookAhead = 100;

/**
 * Prints chosen fields of alerts as they come: an aligned table, JSON lines or CSV.
 *
 * Schema versions differ, so a field that an alert does not have is left empty; that none of the first alerts has it
 * is an error.
 */
export class Listing {
  #held: Row[] = [];
  #widths: number[] | null = null;
  #first: astro.AlertView | null = null;
  readonly #found: number[];
  #count = 0;
  readonly #asBase64: boolean;
  readonly #read: typeof findField;

  constructor(
    private readonly fields: readonly string[],
    private readonly format: ListingFormat,
    private readonly output: Output,
    options: { bytes?: boolean | undefined; read?: typeof findField } = {},
  ) {
    this.#read = options.read ?? findField;
    this.#found = fields.map(() => 0);
    this.#asBase64 = options.bytes === true;
  }

  /**
   * An alert whose fields cannot be read throws here, and leaves no trace in what is printed.
   *
   * @throws BootcampError NO_FIELD when none of the first hundred alerts has one of the fields; what reading a field throws
   */
  async add(alert: astro.AlertView): Promise<void> {
    const values = this.fields.map((field) => this.#read(alert, field));
    const row = values.map((value, i) => ({ text: this.#text(i, value), isNumeric: isNumeric(value) }));
    this.#first ??= alert;
    this.#count++;
    for (const [i, value] of values.entries()) if (value !== undefined) this.#found[i]!++;
    if (this.#widths) return this.#print(row);
    this.#held.push(row);
    const isSure = this.format !== "table" && this.#found.every((count) => count > 0);
    if (isSure || this.#held.length >= lookAhead) await this.#open();
  }

  /** Prints what is held; returns remarks on fields that some alerts do not have. */
  async end(): Promise<string[]> {
    if (!this.#widths && this.#count > 0) await this.#open();
    return this.fields.flatMap((field, i) => {
      const missing = this.#count - this.#found[i]!;
      return missing > 0 ? [`${field}: ${missing} of ${this.#count} alerts have no such field`] : [];
    });
  }

  async #open(): Promise<void> {
    const unknown = this.#found.indexOf(0);
    if (unknown >= 0 && this.#first) throw noField(this.#first, this.fields[unknown]!);
    this.#widths = this.fields.map((field, i) =>
      Math.max(field.length, ...this.#held.map((row) => row[i]!.text.length)),
    );
    if (this.format === "csv") await this.output.data(this.fields.map(quoteCsv).join(","));
    if (this.format === "table") {
      const isRight = this.fields.map((_, i) => this.#held.every((row) => row[i]!.isNumeric));
      await this.output.line(alignedLine(this.fields, this.#widths, isRight));
    }
    for (const row of this.#held) await this.#print(row);
    this.#held = [];
  }

  #print(row: Row): Promise<void> {
    if (this.format === "json") {
      const once = row.filter((_, i) => this.fields.indexOf(this.fields[i]!) === i);
      return this.output.line(`{${once.map(({ text }) => text).join()}}`);
    }
    if (this.format === "csv") return this.output.data(row.map(({ text }) => text).join(","));
    const [cells, isRight] = [row.map(({ text }) => text), row.map(({ isNumeric }) => isNumeric)];
    return this.output.line(alignedLine(cells, this.#widths!, isRight));
  }

  /** A cell as it is printed. */
  #text(column: number, value: unknown): string {
    const field = this.fields[column]!;
    if (this.format === "json") {
      return `${JSON.stringify(field)}:${alertToJson(value ?? null, { bytes: this.#asBase64 })}`;
    }
    return this.format === "csv" ? quoteCsv(this.#plain(value)) : tableCell(field, value, this.#plain(value));
  }

  /** A value as text, empty where there is none; objects and lists as JSON. */
  #plain(value: unknown): string {
    if (value === null || value === undefined || Number.isNaN(value)) return "";
    if (typeof value === "string") return value;
    if (typeof value === "object") return alertToJson(value, { bytes: this.#asBase64 }).replace(/^"(.*)"$/, "$1");
    return String(value);
  }
}

/** One alert: the text of each cell, and whether it is set to the right. */
type Row = readonly { readonly text: string; readonly isNumeric: boolean }[];

const isNumeric = (value: unknown): boolean =>
  value === null || value === undefined || typeof value === "number" || typeof value === "bigint";

/** Numbers by the rule of all tables; lists and records as JSON. */
function tableCell(field: string, value: unknown, text: string): string {
  if (text === "") return "–";
  if (typeof value === "number") return numberText(value, field);
  return printable(text, /id$/i.test(field) ? 1000 : 60);
}

/**
 * One cell. RFC 4180: quotes around cells with commas, quotes or line ends; quotes inside doubled.
 *
 * Text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage return, and is no
 * number) gets an apostrophe before it, which spreadsheets hide. Source: OWASP, "CSV Injection".
 */
export function quoteCsv(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !isNumber(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const isNumber = (text: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) || text === "-Infinity";
