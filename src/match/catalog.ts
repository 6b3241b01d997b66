import { inspect } from "node:util";
import { checkRadius } from "../alert/sphere";
import { usageError } from "../errors";
import { expectArgument } from "../expect";
import { printable } from "../terminal";
import { type Neighbour, SkyIndex } from "./sky-index";

/** A catalogue entry found near a place. */
export interface CatalogMatch<Row> {
  /** The entry as the catalogue has it. */
  readonly row: Row;
  /** Its number in `catalog.rows`. */
  readonly index: number;
  readonly separationArcsec: number;
}

/** What {@link Catalog} is made of; {@link loadCatalog} makes one from a file or from rows. */
export interface CatalogParts<Row> {
  name: string;
  rows: readonly Row[];
  /** Degrees, ICRS, of each row: finite, declination within ±90. */
  ra: Float64Array;
  dec: Float64Array;
  columns: readonly string[];
  skipped?: { readonly count: number; readonly examples: readonly string[] };
}

/**
 * Places on the sky with what is known about each, ready to be searched. Never changed once made.
 *
 * Searches are exact on the sphere (poles, RA 0, any radius up to 180°); 1 M rows are indexed in a fraction of a second
 * and answer more than a million look-ups a second.
 * @example
 * const stars = match.catalogFromRows([{ ra: 10.68, dec: 41.27, name: "M31" }]);
 * stars.nearest(10.69, 41.27, { radiusArcsec: 60 })?.row.name; // M31
 */
export class Catalog<Row = Record<string, unknown>> implements Iterable<Row> {
  readonly name: string;
  readonly rows: readonly Row[];
  /** Right ascension and declination of each row, degrees, ICRS. */
  readonly ra: Float64Array;
  readonly dec: Float64Array;
  readonly columns: readonly string[];
  /** Rows of the file that were left out because they have no place on the sky, with the first few reasons. */
  readonly skipped: { readonly count: number; readonly examples: readonly string[] };
  readonly #index: SkyIndex;

  constructor(parts: CatalogParts<Row>) {
    this.name = parts.name;
    this.rows = parts.rows;
    this.ra = parts.ra;
    this.dec = parts.dec;
    this.columns = parts.columns;
    this.skipped = parts.skipped ?? { count: 0, examples: [] };
    this.#index = new SkyIndex(parts.ra, parts.dec);
  }

  get length(): number {
    return this.rows.length;
  }

  /**
   * The entry nearest to a place, or null when none lies within the radius (its edge included) or the place is NaN.
   * Of several entries at one place the first in the catalogue.
   *
   * @param ra @param dec degrees
   * @throws USAGE for a radius outside 0 to 648,000″
   * @example
   * catalog.nearest(10.6846, 41.2692, { radiusArcsec: 2 })?.row
   */
  nearest(ra: number, dec: number, options: { radiusArcsec: number }): CatalogMatch<Row> | null {
    checkDegrees(ra, dec);
    const radiusArcsec = options?.radiusArcsec;
    checkRadius(radiusArcsec);
    const found = this.#index.nearest(ra, dec, radiusArcsec);
    return found && this.#match(found);
  }

  /**
   * All entries within the radius (its edge included), nearest first; empty for a NaN place.
   *
   * @param ra @param dec degrees
   * @param options `limit`: at most so many, the nearest; default all
   * @throws USAGE for a radius outside 0 to 648,000″ or a limit below 1
   */
  within(ra: number, dec: number, options: { radiusArcsec: number; limit?: number }): CatalogMatch<Row>[] {
    checkDegrees(ra, dec);
    const radiusArcsec = options?.radiusArcsec;
    checkRadius(radiusArcsec);
    const { limit } = options;
    if (limit !== undefined && !(limit >= 1)) throw usageError("a limit of at least 1", limit);
    const found = this.#index.within(ra, dec, radiusArcsec);
    return (limit === undefined ? found : found.slice(0, limit)).map((each) => this.#match(each));
  }

  [Symbol.iterator](): Iterator<Row> {
    return this.rows[Symbol.iterator]();
  }

  /** One line in a notebook: name, size, columns, rows left out. */
  [inspect.custom](): string {
    const columns = `${this.columns.slice(0, 8).join(", ")}${this.columns.length > 8 ? ", …" : ""}`;
    const skipped = this.skipped.count > 0 ? `; ${this.skipped.count} skipped: ${this.skipped.examples[0]}` : "";
    return printable(`Catalog ${this.name}: ${this.length.toLocaleString("en")} rows (${columns})${skipped}`);
  }

  #match({ index, separationArcsec }: Neighbour): CatalogMatch<Row> {
    return { row: this.rows[index]!, index, separationArcsec };
  }
}

function checkDegrees(ra: number, dec: number): void {
  if (typeof ra === "number" && typeof dec === "number") return; // a million times a second
  for (const angle of [ra, dec])
    expectArgument("number", angle, "right ascension and declination as two numbers of degrees");
}
