import { axisTitle, commonFields, type FieldName } from "../alert/common-view";
import { usageError } from "../errors";
import { checkField, valueAt } from "./row-value";

/** What is drawn of a row: the path of a field ("mag", "packet.candidate.rb"), or a function that gives its value. */
export type Quantity<R> = string | ((row: R) => unknown);

/** Titles of what the common view does not have: columns that other functions of the library give. */
const titles: Readonly<Record<string, string>> = {
  phase: "phase",
  periodDays: "period (days)",
  magPerDay: "brightening (mag per day)",
  separationArcsec: "separation (″)",
};
const titleFor = (name: string): string | undefined =>
  Object.hasOwn(commonFields, name) ? axisTitle(name as FieldName) : titles[name];

/** How to read a quantity of rows, and the title of its axis. */
export interface QuantityReader<R> {
  readonly title: string;
  /** Magnitudes grow downward. */
  readonly isMagnitude: boolean;
  /** Plotly's options of an axis for it. */
  readonly axis: object;
  readonly read: (row: R) => unknown;
}

/**
 * @param title as given; needed for a function, whose unit nobody else knows
 * @param option its name, for messages
 * @throws USAGE for a function without a title; NO_FIELD for a field that no row has
 */
export function quantity<R extends object>(
  rows: readonly R[],
  from: Quantity<R>,
  title: string | undefined,
  option: string,
): QuantityReader<R> {
  if (typeof from === "function") {
    if (typeof title !== "string" || title === "")
      throw usageError(
        `${option}Title, with the unit, beside a function ${option}`,
        title,
        `{ ${option}Title: "g − r (mag)" }`,
      );
    return { title, isMagnitude: false, axis: {}, read: from };
  }
  if (typeof from !== "string" || from === "") throw usageError(`${option} as a field or a function`, from);
  checkField(rows, from);
  const last = from.slice(from.lastIndexOf(".") + 1);
  const isMagnitude = last === "mag" || last === "magpsf";
  // Plotly groups five digits of its own accord: 60,229
  const axis = /mjd|jd$/i.test(last) ? { tickformat: "~f" } : {};
  const name = title ?? titleFor(last) ?? from;
  return { title: name, isMagnitude, axis, read: (row) => valueAt(row, from) };
}

/** A number to draw; NaN for what is none. */
export function numberOf(value: unknown): number {
  if (typeof value === "number") return Number.isFinite(value) ? value : Number.NaN;
  return typeof value === "bigint" ? Number(value) : Number.NaN;
}
