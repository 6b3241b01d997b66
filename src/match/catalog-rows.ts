import type { Table } from "./catalog-file";

const numeric = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const isEmpty = (cell: string): boolean => cell === "" || /^nan$/i.test(cell);
const integer = /^[+-]?\d+$/;
/** Written with leading zeros a whole number is a name: "007". */
const padded = /^0\d+$/;

/**
 * Rows as objects. A column whose every cell is a number becomes `number` (empty cells and "nan" are NaN); one of whole
 * numbers beyond 2^53, as survey identifiers are, becomes `bigint` when no cell is empty; all others stay text.
 * A row with too few or too many cells is filled up or cut; {@link raggedRows} names it.
 */
export function toRows({ columns, cells }: Table): Record<string, unknown>[] {
  const converters = columns.map((_, column) => converter(cells, column));
  return cells.map((line) => {
    const row: Record<string, unknown> = {};
    for (let column = 0; column < columns.length; column++)
      row[columns[column]!] = converters[column]!(line[column] ?? "");
    return row;
  });
}

/** Bad rows whose reason is kept; with all of a large file the reasons take more than the rows. */
export const told = 5;

/** Row numbers (from 0) whose cells do not agree in number with the header, with what is wrong. */
export function raggedRows({ columns, cells }: Table): Map<number, string> {
  const ragged = new Map<number, string>();
  cells.forEach((line, row) => {
    if (line.length === columns.length) return;
    ragged.set(row, ragged.size < told ? `${line.length} cells instead of ${columns.length}` : "cells");
  });
  return ragged;
}

function converter(cells: Table["cells"], column: number): (text: string) => unknown {
  let filled = 0;
  let isWhole = true;
  let isLarge = false;
  for (const line of cells) {
    const text = line[column] ?? "";
    if (isEmpty(text)) continue;
    filled++;
    if (!numeric.test(text) || padded.test(text)) return (cell) => cell;
    if (!integer.test(text)) isWhole = false;
    else if (!Number.isSafeInteger(Number(text))) isLarge = true;
  }
  if (filled === 0 || (isWhole && isLarge && filled < cells.length)) return (cell) => cell;
  if (isWhole && isLarge) return BigInt;
  return (cell) => (isEmpty(cell) ? Number.NaN : Number(cell));
}
