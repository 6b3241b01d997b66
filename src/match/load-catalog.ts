import { basename } from "node:path";
import { BootcampError, usageError } from "../errors";
import { expectArgument } from "../expect";
import { Catalog } from "./catalog";
import { parseTable, readCatalogBytes } from "./catalog-file";
import { raggedRows, toRows } from "./catalog-rows";
import { catalogText } from "./catalog-text";
import { coordinateColumns } from "./coordinate-columns";
import { type CoordinateUnits, readCoordinates } from "./coordinates";

export interface CatalogOptions {
  /** Names of the coordinate columns; found by their usual names when not given. */
  raColumn?: string;
  decColumn?: string;
  /** How the coordinates are written; degrees and sexagesimal are told apart when not given. */
  units?: CoordinateUnits;
  /** Character between cells; `,` `;` tab and `|` are found when not given. */
  separator?: string;
  /** How the file's text is written, such as `"latin1"`; default UTF-8, and what is none is refused. */
  encoding?: string;
  /** Name for messages and plots; the file's name when not given. */
  name?: string;
  /** What to do about rows without a place on the sky or with the wrong number of cells; default `"refuse"`. */
  onBadRow?: "refuse" | "skip";
  /** Largest text read, unpacked, bytes; default 1 GB. Rows take about five times as much memory. */
  maxBytes?: number;
  signal?: AbortSignal;
}

/**
 * Reads a catalogue from a CSV file (plain or gzip, decimal or sexagesimal) or takes rows that are there already.
 *
 * Columns whose every cell is a number become numbers (empty ones NaN); name the type of a row to have it completed.
 *
 * @param source path of a file, or rows as objects
 * @throws FILE_NOT_FOUND, GZIP; CATALOG for what is no text (a VOTable, FITS or Parquet file) or not UTF-8, when there are no coordinates, when they are NaN, out of range or in radians,
 * with the column and the first such row named
 * @example
 * const gcvs = await match.loadCatalog<{ ra: number; dec: number; VarType: string }>("catalogs/gcvs.csv");
 * const ngc = await match.loadCatalog("catalogs/NGC.csv", { onBadRow: "skip" }); // seven entries have no position
 */
export async function loadCatalog<Row extends object = Record<string, any>>(
  source: string | readonly Row[],
  options: CatalogOptions = {},
): Promise<Catalog<Row>> {
  if (typeof source !== "string") return catalogFromRows(source, options);
  if (options.separator !== undefined && options.separator.length !== 1)
    throw usageError("a separator of one character", options.separator);
  const bytes = await readCatalogBytes(source, options.maxBytes ?? 1e9, options.signal);
  const name = options.name ?? basename(source).replace(/(\.(csv|tsv|txt|dat))?(\.gz)?$/i, "");
  const table = parseTable(catalogText(bytes, source, options.encoding), source, options.separator);
  return build(
    {
      rows: toRows(table) as Row[],
      columns: table.columns,
      cells: table.cells,
      ragged: raggedRows(table),
      name,
      where: source,
    },
    options,
  );
}

/**
 * The same from rows in memory, at once: the catalogue of a simulated night, or a table of one's own.
 *
 * @throws CATALOG as {@link loadCatalog}
 * @example
 * const mine = match.catalogFromRows([{ ra: 10.68, dec: 41.27, name: "M31" }]);
 */
export function catalogFromRows<Row extends object>(rows: readonly Row[], options: CatalogOptions = {}): Catalog<Row> {
  expectArgument("objects", rows, "the path of a catalogue or an array of rows");
  const name = options.name ?? "rows";
  if (rows.length === 0) throw new BootcampError("CATALOG", `${name}: expected rows, got none`, { where: name });
  return build({ rows, columns: Object.keys(rows[0]!), ragged: new Map(), name, where: name }, options);
}

interface Material<Row> {
  rows: readonly Row[];
  columns: readonly string[];
  /** The text of each cell, where there is one: converted numbers have lost what was written. */
  cells?: readonly (readonly string[])[];
  ragged: ReadonlyMap<number, string>;
  name: string;
  where: string;
}

function build<Row extends object>(material: Material<Row>, options: CatalogOptions): Catalog<Row> {
  const { rows, columns, cells, name, where } = material;
  const named = coordinateColumns(columns, where, options);
  const column = (of: string): unknown[] => {
    const at = columns.indexOf(of);
    return cells ? cells.map((line) => line[at] ?? "") : rows.map((row) => (row as Record<string, unknown>)[of]);
  };
  const raCells = column(named.raColumn);
  const decCells = column(named.decColumn);
  const { ra, dec, bad } = readCoordinates(raCells, decCells, options.units, { ...named, where });
  const reasons = new Map([...bad, ...material.ragged]);
  if (reasons.size === 0) return new Catalog({ name, rows, ra, dec, columns });

  const examples = [...reasons]
    .sort(([a], [b]) => a - b)
    .slice(0, 5)
    .map(([row, reason]) => `row ${row + 1}, ${reason}`);
  if (options.onBadRow !== "skip" || reasons.size === rows.length) {
    const others =
      reasons.size > 1
        ? ` (${reasons.size.toLocaleString("en")} of ${rows.length.toLocaleString("en")} rows are bad)`
        : "";
    throw new BootcampError("CATALOG", `${where}: ${examples[0]}${others}`, {
      where,
      remedy:
        reasons.size === rows.length
          ? "Name the columns and their units: { raColumn, decColumn, units }"
          : 'Mend the rows, or leave them out: { onBadRow: "skip" }',
    });
  }
  const keep = rows.map((_, row) => row).filter((row) => !reasons.has(row));
  return new Catalog({
    name,
    rows: keep.map((row) => rows[row]!),
    ra: Float64Array.from(keep, (row) => ra[row]!),
    dec: Float64Array.from(keep, (row) => dec[row]!),
    columns,
    skipped: { count: reasons.size, examples },
  });
}
