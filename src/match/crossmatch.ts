import { checkRadius } from "../alert/sphere";
import { usageError } from "../errors";
import { expectArgument } from "../expect";
import type { Catalog, CatalogMatch } from "./catalog";
import type { SkyPosition } from "./sky";

/** Options of {@link crossmatch}. */
export interface CrossmatchOptions<Row, A, Name extends string> {
  /**
   * Entries further away than this, in arcseconds, are no match. Choose it with {@link chanceMatchRate}. A function gives each entry
   * a radius of its own, such as a galaxy's extent: `(row) => 30 * row.MajAx`, MajAx in arcminutes.
   */
  radiusArcsec: number | ((row: Row) => number);
  /** Only entries for which this is true count, e.g. `(row) => row.Type === "G"`. */
  where?: (row: Row, alert: A) => boolean;
  /** Name of the property that carries the answer; give one when matching with several catalogues. */
  as?: Name;
}

/**
 * For `stream.map(...)`: each alert with its nearest catalogue entry as `match`, or null when none lies within the
 * radius. The result is still an alert that decodes on demand; the one that came in is not changed.
 *
 * @throws USAGE for a radius outside 0 to 648,000″, of an entry too
 * @example
 * const gcvs = await match.loadCatalog("gcvs.csv");
 * for await (const alert of night.map(match.crossmatch(gcvs, { radiusArcsec: 2 }))) {
 *   console.log(alert.objectId, alert.match?.row.VarType ?? "unknown");
 * }
 */
export function crossmatch<Row, A extends SkyPosition = any, Name extends string = "match">(
  catalog: Catalog<Row>,
  options: CrossmatchOptions<Row, A, Name>,
): <T extends A>(alert: T) => T & { readonly [key in Name]: CatalogMatch<Row> | null } {
  const { radiusArcsec, where, as } = checked(catalog, options);
  const reach = reachOf(catalog, radiusArcsec);
  const name = checkName(as, "match");
  return (alert) => {
    const match =
      where || reach.each
        ? (matchesOf(catalog, alert, reach).find(({ row }) => !where || where(row, alert)) ?? null)
        : catalog.nearest(alert.ra, alert.dec, { radiusArcsec: reach.widest });
    return withProperties(alert, { [name]: match }) as never;
  };
}

/**
 * For `stream.map(...)`: each alert with all catalogue entries within the radius as `matches`, nearest first.
 *
 * @throws USAGE for a radius outside 0 to 648,000″
 * @example
 * const hosts = night.map(match.crossmatchAll(ngc, { radiusArcsec: 300, where: (row) => row.Type === "G" }));
 */
export function crossmatchAll<Row, A extends SkyPosition = any, Name extends string = "matches">(
  catalog: Catalog<Row>,
  options: CrossmatchOptions<Row, A, Name>,
): <T extends A>(alert: T) => T & { readonly [key in Name]: CatalogMatch<Row>[] } {
  const { radiusArcsec, where, as } = checked(catalog, options);
  const reach = reachOf(catalog, radiusArcsec);
  const name = checkName(as, "matches");
  return (alert) => {
    const all = matchesOf(catalog, alert, reach);
    return withProperties(alert, { [name]: where ? all.filter(({ row }) => where(row, alert)) : all }) as never;
  };
}

/** How far to search, and the radius of each entry where they have their own. */
interface Reach {
  readonly widest: number;
  readonly each: Float64Array | undefined;
}

/** @throws USAGE for a radius that is none, naming the row; an entry whose radius is NaN (an empty cell) matches nothing */
function reachOf<Row>(catalog: Catalog<Row>, radiusArcsec: number | ((row: Row) => number)): Reach {
  if (typeof radiusArcsec !== "function") {
    checkRadius(radiusArcsec);
    return { widest: radiusArcsec, each: undefined };
  }
  const each = Float64Array.from(catalog.rows, (row) => radiusArcsec(row));
  let widest = 0;
  for (const radius of each) {
    if (Number.isNaN(radius)) continue;
    checkRadius(radius);
    widest = Math.max(widest, radius);
  }
  return { widest, each };
}

function matchesOf<Row>(catalog: Catalog<Row>, { ra, dec }: SkyPosition, { widest, each }: Reach): CatalogMatch<Row>[] {
  const all = catalog.within(ra, dec, { radiusArcsec: widest });
  return each ? all.filter(({ index, separationArcsec }) => separationArcsec <= each[index]!) : all;
}

/**
 * The alert with further properties: a shallow copy of the same class, which shares its bytes and what it has decoded.
 * A plain copy (`{...alert}`) would lose everything an alert decodes on demand; inheriting from the alert
 * (`Object.create(alert)`) costs 3 µs against 0.15, because each alert then becomes a prototype.
 */
export function withProperties<A extends object, V extends object>(alert: A, properties: V): A & V {
  return Object.assign(Object.create(Object.getPrototypeOf(alert)), alert, properties) as A & V;
}

/** A catalogue first, then where to look. */
function checked<O extends object>(catalog: unknown, options: O): O {
  const isCatalog = typeof (catalog as Partial<Catalog> | null)?.nearest === "function";
  if (!isCatalog) throw usageError("a catalogue", catalog, "make one with await match.loadCatalog(path)");
  expectArgument("object", options, "options { radiusArcsec }");
  return options;
}

function checkName(name: string | undefined, otherwise: string): string {
  if (name === undefined) return otherwise;
  if (typeof name === "string" && /^[A-Za-z_$][\w$]*$/.test(name) && name !== "__proto__") return name;
  throw usageError("a property name for { as }", name);
}
