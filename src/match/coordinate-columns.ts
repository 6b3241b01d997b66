import { BootcampError } from "../errors";

/**
 * Names of coordinate columns in use, in order of trust, compared without case and punctuation (`_RAJ2000` is
 * "raj2000"). Right ascension and declination are taken from one line, so that a VizieR table with several systems is
 * not mixed up. B1950 names are left out on purpose.
 */
const families: readonly (readonly [ra: readonly string[], dec: readonly string[]])[] = [
  [["raicrs"], ["deicrs", "decicrs"]],
  [["ra"], ["dec", "decl", "de", "declination"]],
  [
    ["radeg", "radegrees"],
    ["decdeg", "dedeg", "decldeg", "decdegrees"],
  ],
  [["raj2000"], ["dej2000", "decj2000"]],
  [["rajdeg"], ["dejdeg"]],
  [["rightascension"], ["declination"]],
  [["ra2000"], ["dec2000", "de2000"]],
  [
    ["meanra", "ramean"],
    ["meandec", "decmean"],
  ],
  [["alphaj2000"], ["deltaj2000"]],
  [["sra"], ["sdec"]],
];

/** Names of one column that holds both. */
const together = [
  "coord",
  "coords",
  "coordinate",
  "coordinates",
  "radec",
  "position",
  "pos",
  "skycoord",
  "skyposition",
  "skycoordinates",
];

/** Names of coordinates are short; the search for a closing bracket is quadratic in what is none. */
const longest = 200;

/** Of `sky.ra`, as astropy writes a column of coordinates, the last part. */
const plain = (name: string) =>
  name
    .slice(0, longest)
    .replace(/^\w+\.(?=(ra|dec)$)/i, "")
    .toLowerCase()
    .replace(/\[.*\]|\(.*\)/g, "")
    .replace(/[^a-z0-9]/g, "");

/** The columns of right ascension and declination: the same one where a cell holds both. */
export interface CoordinateColumns {
  readonly raColumn: string;
  readonly decColumn: string;
}

/**
 * Which columns hold right ascension and declination.
 *
 * @throws CATALOG when a named column is not there, none can be recognised, or two are as good as one another
 */
export function coordinateColumns(
  columns: readonly string[],
  where: string,
  named: { raColumn?: string | undefined; decColumn?: string | undefined },
): CoordinateColumns {
  const find = (names: readonly string[]) => columns.find((column) => names.includes(plain(column)));
  const only = (names: readonly string[], found: string, what: string): string => {
    // a name that is there twice has had its number added
    const alike = columns.filter((column) =>
      [column, column.replace(/_\d+$/, "")].some((name) => names.includes(plain(name))),
    );
    if (alike.length < 2) return found;
    throw new BootcampError("CATALOG", `${where}: expected one column of ${what}, got ${listed(alike)}`, {
      where,
      remedy: `Name the ones to take: { raColumn: "…", decColumn: "…" }`,
    });
  };
  const check = (column: string): string => {
    const exact = columns.find((each) => each === column) ?? columns.find((each) => plain(each) === plain(column));
    if (exact !== undefined) return exact;
    throw new BootcampError("CATALOG", `${where}: expected a column "${column}", got ${listed(columns)}`, {
      remedy: "Name the columns as the catalogue spells them: { raColumn, decColumn }",
      where,
    });
  };
  let raColumn = named.raColumn === undefined ? undefined : check(named.raColumn);
  let decColumn = named.decColumn === undefined ? undefined : check(named.decColumn);
  for (const [raNames, decNames] of families) {
    if (raColumn !== undefined && decColumn !== undefined) break;
    const ra = raColumn ?? find(raNames);
    const dec = decColumn ?? find(decNames);
    if (ra === undefined || dec === undefined) continue;
    raColumn ??= only(raNames, ra, "right ascension");
    decColumn ??= only(decNames, dec, "declination");
  }
  if (raColumn !== undefined && decColumn !== undefined) return { raColumn, decColumn };
  const both = raColumn === undefined && decColumn === undefined ? find(together) : undefined;
  if (both !== undefined) {
    const one = only(together, both, "coordinates");
    return { raColumn: one, decColumn: one };
  }
  const lacking =
    raColumn === undefined && !find(families.flatMap(([names]) => names)) ? "right ascension" : "declination";
  throw new BootcampError(
    "CATALOG",
    `${where}: expected columns ra and dec, found no ${lacking} in ${listed(columns)}`,
    {
      remedy: 'Name them: loadCatalog(path, { raColumn: "…", decColumn: "…" })',
      where,
    },
  );
}

function listed(columns: readonly string[]): string {
  const shown = columns.slice(0, 12).map((name) => JSON.stringify(name.slice(0, 40)));
  return `${shown.join(", ")}${columns.length > 12 ? ` … (${columns.length} columns)` : ""}` || "no columns";
}
