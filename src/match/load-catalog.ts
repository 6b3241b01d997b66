import { statSync } from "node:fs";
import { basename } from "node:path";
import { BootcampError, messageOf, usageError } from "../errors";
import { expectArgument } from "../expect";
import { readParquet } from "../explore/parquet";
import { Catalog } from "./catalog";
import { readCatalogBytes } from "./catalog-file";
import { coordinateColumns } from "./coordinate-columns";
import { type CoordinateUnits, readCoordinates } from "./coordinates";
import { checkIds, type DuplicateIds } from "./duplicate-ids";
import { readTable } from "./read-table";
import { splitCoordinates, unitsOf } from "./split-coordinates";
import type { ReadTable } from "./table";

/** Options of {@link loadCatalog}. */
export interface CatalogOptions {
  /** Names of the coordinate columns; found by their usual names when not given. The same name twice: a column that holds both. */
  raColumn?: string;
  decColumn?: string;
  /** How the coordinates are written; when not given, as the file says (ECSV, VOTable, FITS), else degrees and sexagesimal are told apart. */
  units?: CoordinateUnits;
  /** Character between cells; `,` `;` tab, `|` and spaces are found when not given. */
  separator?: string;
  /** How the file's text is written, such as `"latin1"`; default UTF-8, and what is none is refused. */
  encoding?: string;
  /** Name for messages and plots; the file's name when not given. */
  name?: string;
  /** Column of names that should differ; when not given, one called id, name, source_id or the like. */
  idColumn?: string;
  /** What to do about ids that come twice: `"keep"` all rows, which is said, `"refuse"`, or take the `"first"`. Default "keep", "refuse" for a column named by `idColumn`. */
  onDuplicateId?: DuplicateIds;
  /** What to do about rows without a place on the sky or with the wrong number of cells; default `"refuse"`. */
  onBadRow?: "refuse" | "skip";
  /** Largest text read, unpacked, bytes; default 1 GB. Rows take about five times as much memory. */
  maxBytes?: number;
  signal?: AbortSignal;
}

/**
 * Reads a catalogue from a file or takes rows that are there already. Files are told by their content: CSV and its relatives, columns with
 * spaces between them, ECSV, VOTable, the first binary table of a FITS file (all of them plain or gzip), and Parquet. Coordinates are
 * decimal or sexagesimal, in two columns or in one.
 *
 * Columns whose every cell is a number become numbers (empty ones NaN); name the type of a row to have it completed.
 *
 * @param source path of a file, or rows as objects
 * @throws FILE_NOT_FOUND, GZIP; CATALOG for what is no table or not UTF-8, when there are no coordinates or several columns could hold
 * them, when they are NaN, out of range or in radians, with the column and the first such row named
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
  const name =
    options.name ?? basename(source).replace(/(\.(csv|tsv|txt|dat|ecsv|fits?|xml|vot|parquet))?(\.gz)?$/i, "");
  const bytes = await readCatalogBytes(source, options.maxBytes ?? 1e9, options.signal);
  // DuckDB reads the file itself, which must then not be in gzip
  const isParquet = bytes.toString("latin1", 0, 4) === "PAR1" && statSync(source).size === bytes.length;
  const { rows, ...table } = isParquet ? await parquetTable(source) : readTable(bytes, source, options);
  return build({ ragged: new Map(), ...table, rows: rows as Row[], name, where: source }, options);
}

async function parquetTable(where: string): Promise<ReadTable> {
  const rows = await readParquet(where).catch((cause) => {
    throw new BootcampError("CATALOG", `${where}: expected a table, but ${messageOf(cause)}`, { where, cause });
  });
  if (rows.length === 0) throw new BootcampError("CATALOG", `${where}: expected rows, got none`, { where });
  return { columns: Object.keys(rows[0]!), rows, units: new Map() };
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
  units?: ReadonlyMap<string, string>;
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
  const [raCells, decCells] =
    named.raColumn === named.decColumn
      ? splitCoordinates(column(named.raColumn))
      : [column(named.raColumn), column(named.decColumn)];
  const units = options.units ?? unitsOf(material.units?.get(named.raColumn), raCells);
  const { ra, dec, bad } = readCoordinates(raCells, decCells, units, { ...named, where });
  const reasons = new Map([...bad, ...material.ragged]);
  const repeated = checkIds(rows, columns, where, options);
  if (reasons.size === 0 && repeated.size === 0) return new Catalog({ name, rows, ra, dec, columns });

  const examples = [...reasons]
    .sort(([a], [b]) => a - b)
    .slice(0, 5)
    .map(([row, reason]) => `row ${row + 1}, ${reason}`);
  if (reasons.size > 0 && (options.onBadRow !== "skip" || reasons.size === rows.length)) {
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
  const keep = rows.map((_, row) => row).filter((row) => !reasons.has(row) && !repeated.has(row));
  return new Catalog({
    name,
    rows: keep.map((row) => rows[row]!),
    ra: Float64Array.from(keep, (row) => ra[row]!),
    dec: Float64Array.from(keep, (row) => dec[row]!),
    columns,
    skipped: { count: reasons.size, examples },
  });
}
