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

/** Names of coordinates are short; the search for a closing bracket is quadratic in what is none. */
const longest = 200;

const plain = (name: string) =>
  name
    .slice(0, longest)
    .toLowerCase()
    .replace(/\[.*\]|\(.*\)/g, "")
    .replace(/[^a-z0-9]/g, "");

/**
 * Which columns hold right ascension and declination.
 *
 * @throws CATALOG when a named column is not there, or none can be recognised
 */
export function coordinateColumns(
  columns: readonly string[],
  where: string,
  named: { raColumn?: string | undefined; decColumn?: string | undefined },
): { raColumn: string; decColumn: string } {
  const find = (names: readonly string[]) =>
    names.map((name) => columns.find((column) => plain(column) === name)).find((column) => column !== undefined);
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
    if (ra !== undefined && dec !== undefined) [raColumn, decColumn] = [ra, dec];
  }
  if (raColumn !== undefined && decColumn !== undefined) return { raColumn, decColumn };
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
