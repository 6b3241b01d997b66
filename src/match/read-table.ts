import { parseTable } from "./catalog-file";
import { raggedRows, toRows } from "./catalog-rows";
import { catalogText } from "./catalog-text";
import type { ReadTable } from "./table";
import { ecsvHeader } from "./table-ecsv";
import { readFitsTable } from "./table-fits";
import { readVoTable } from "./table-votable";

const voTable = /^(\uFEFF)?\s*(<\?xml[^>]*>)?\s*(<!--.*?-->\s*)*<(\w+:)?VOTABLE/is;

/**
 * Reads the bytes of a table, by what they are: FITS, VOTable, ECSV, or text with separators or spaces between its columns.
 *
 * @throws CATALOG for what is none of these, naming it
 */
export function readTable(
  bytes: Buffer,
  where: string,
  options: { separator?: string; encoding?: string } = {},
): ReadTable {
  if (bytes.toString("latin1", 0, 9) === "SIMPLE  =") return readFitsTable(bytes, where);
  if (voTable.test(bytes.toString("latin1", 0, 2000))) return readVoTable(bytes, where);
  const text = catalogText(bytes, where, options.encoding);
  const ecsv = ecsvHeader(text);
  const table = parseTable(text, where, options.separator ?? ecsv?.delimiter);
  const rows = toRows(table);
  for (const [at, column] of table.columns.entries()) {
    const type = ecsv?.types.get(column);
    for (const [i, row] of rows.entries()) {
      // what only looks like a number, "007", is text where the file says so
      if (type === "string") row[column] = table.cells[i]![at] ?? "";
      else if (type === "bool") row[column] = row[column] === "" ? null : row[column] === "True";
    }
  }
  return { ...table, rows, units: ecsv?.units ?? new Map(), ragged: raggedRows(table) };
}
