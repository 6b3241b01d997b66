import { type AlertView, alertToJson, findField, noField } from "../index";
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
  #held: unknown[][] = [];
  #widths: number[] | null = null;
  #first: AlertView | null = null;
  readonly #found: number[];
  #count = 0;
  readonly #asBase64: boolean;

  constructor(
    private readonly fields: readonly string[],
    private readonly format: ListingFormat,
    private readonly output: Output,
    options: { bytes?: boolean | undefined } = {},
  ) {
    this.#found = fields.map(() => 0);
    this.#asBase64 = options.bytes === true;
  }

  /** @throws BootcampError NO_FIELD when none of the first hundred alerts has one of the fields */
  async add(alert: AlertView): Promise<void> {
    this.#first ??= alert;
    this.#count++;
    const row = this.fields.map((field) => findField(alert, field));
    for (const [i, value] of row.entries()) if (value !== undefined) this.#found[i]!++;
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
    const cells = this.format === "table" ? this.#held.map((row) => this.#cells(row)) : [];
    this.#widths = this.fields.map((field, i) => Math.max(field.length, ...cells.map((row) => row[i]!.length)));
    if (this.format === "csv") await this.output.data(this.fields.map(quoteCsv).join(","));
    if (this.format === "table") {
      const isRight = this.fields.map((_, i) => this.#held.every((row) => isNumeric(row[i])));
      const header = this.fields.map((field, i) =>
        isRight[i] ? field.padStart(this.#widths![i]!) : field.padEnd(this.#widths![i]!),
      );
      await this.output.line(header.join("  ").trimEnd());
    }
    for (const row of this.#held) await this.#print(row);
    this.#held = [];
  }

  #print(row: unknown[]): Promise<void> {
    if (this.format === "json") {
      const named = Object.fromEntries(row.map((value, i) => [this.fields[i], value ?? null]));
      return this.output.line(alertToJson(named, { bytes: this.#asBase64 }));
    }
    if (this.format === "csv") return this.output.data(row.map((value) => quoteCsv(this.#plain(value))).join(","));
    const cells = this.#cells(row).map((cell, i) =>
      isNumeric(row[i]) ? cell.padStart(this.#widths![i]!) : cell.padEnd(this.#widths![i]!),
    );
    return this.output.line(cells.join("  ").trimEnd());
  }

  #cells(row: unknown[]): string[] {
    return row.map((value, i) => tableCell(this.fields[i]!, value, this.#plain(value)));
  }

  /** A value as text, empty where there is none; objects and lists as JSON. */
  #plain(value: unknown): string {
    if (value === null || value === undefined || Number.isNaN(value)) return "";
    if (typeof value === "string") return value;
    if (typeof value === "object") return alertToJson(value, { bytes: this.#asBase64 }).replace(/^"(.*)"$/, "$1");
    return String(value);
  }
}

const isNumeric = (value: unknown): boolean =>
  value === null || value === undefined || typeof value === "number" || typeof value === "bigint";

/** Digits that mean something: 1e-5 deg is 0.04″, 1e-5 d is 1 s, survey magnitudes have errors above 0.005. */
function tableCell(field: string, value: unknown, text: string): string {
  if (text === "") return "–";
  if (typeof value === "number" && !Number.isInteger(value)) {
    const name = field.slice(field.lastIndexOf(".") + 1);
    if (/^(ra|dec|decl|l?jd|mjd.*|.*mjd.*|jd.*)$/i.test(name)) return value.toFixed(5);
    if (/mag|realBogus|^(rb|drb)$|^snr$/i.test(name)) return value.toFixed(3);
    return String(Number(value.toPrecision(6)));
  }
  return printable(text, 60);
}

/** RFC 4180: quotes around cells with commas, quotes or line ends; quotes inside doubled. */
export function quoteCsv(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
