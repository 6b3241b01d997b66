import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BootcampError } from "../errors";
import { type CatalogOptions, catalogFromRows, loadCatalog } from "./load-catalog";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "catalog-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string | Buffer, name = "stars.csv"): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const load = (content: string | Buffer, options?: CatalogOptions) => loadCatalog(file(content), options);
const refused = async (content: string | Buffer, options?: CatalogOptions): Promise<BootcampError> =>
  load(content, options).then(
    (catalog) => expect.fail(`expected a refusal, got ${inspect(catalog)}`),
    (error) => error,
  );

describe("loadCatalog reads", () => {
  it.each([
    ["commas", "ra,dec,name\n10.5,-20.25,a\n"],
    ["semicolons", "ra;dec;name\n10.5;-20.25;a\n"],
    ["tabs", "ra\tdec\tname\n10.5\t-20.25\ta\n"],
    ["bars", "ra|dec|name\n10.5 | -20.25 | a\n"],
    ["a byte order mark and CRLF", "\uFEFFra,dec,name\r\n10.5,-20.25,a\r\n"],
    ["comments and empty lines", "# made today, by hand\n\nra,dec,name\n# more\n10.5,-20.25,a\n"],
    ["a header in a comment", "# ra,dec,name\n10.5,-20.25,7\n"],
    ["a VizieR table", "#Column\tx\nRA_ICRS\tDE_ICRS\tname\ndeg\tdeg\t \n----\t----\t--\n10.5\t-20.25\ta\n"],
    ["sexagesimal with colons", "RA,Dec,name\n00:42:00.0,-20:15:00,a\n"],
    ["sexagesimal with spaces", "RAJ2000,DEJ2000,name\n00 42 00.0,-20 15 00,a\n"],
    ["sexagesimal with letters", "ra,decl,name\n0h42m00s,-20d15m00s,a\n"],
  ])("%s", async (_, content) => {
    const catalog = await load(content);
    expect([...catalog.ra]).toEqual([10.5]);
    expect([...catalog.dec]).toEqual([-20.25]);
    expect(catalog.columns[2]).toBe("name");
  });

  it("gzip, told by its bytes", async () => {
    expect((await load(gzipSync("ra,dec\n1,2\n"))).length).toBe(1);
  });

  it("quoted cells with separators and quotes inside", async () => {
    const { rows } = await load('ra,dec,name\n1,2,"Barnard\'s, ""the"" star"\n');
    expect(rows[0]).toEqual({ ra: 1, dec: 2, name: 'Barnard\'s, "the" star' });
  });

  it("numbers where a whole column is numeric, bigint beyond 2^53, text otherwise", async () => {
    const { rows } = await load(
      "ra,dec,mag,id,code,mixed\n1,2,15.5,5853498713190525696,007,3\n3,4,,5853498713190525697,008,x\n",
    );
    expect(rows[0]).toEqual({ ra: 1, dec: 2, mag: 15.5, id: 5853498713190525696n, code: "007", mixed: "3" });
    expect(rows[1]!.mag).toBeNaN();
    // "nan" is an empty cell: it must not make numbers of identifiers
    const holes = await load("ra,dec,id,mag\n1,2,5853498713190525697,nan\n3,4,nan,16\n");
    expect(holes.rows.map(({ id, mag }) => [id, mag])).toEqual([
      ["5853498713190525697", Number.NaN],
      ["nan", 16],
    ]);
  });

  it("repeated, empty and hostile column names as columns of their own", async () => {
    const { columns, rows } = await load("ra,dec,B,B,,__proto__\n1,2,3,4,5,6\n");
    expect(columns).toEqual(["ra", "dec", "B", "B_2", "column5", "proto"]);
    expect(Object.keys(rows[0]!)).toEqual(columns);
  });

  it("both coordinates of one system where a table has several", async () => {
    const catalog = await load("RAJ2000,_RAJ2000,DE_ICRS,RA_ICRS,DEJ2000\n9,9,2,1,9\n");
    expect([catalog.ra[0], catalog.dec[0]]).toEqual([1, 2]);
  });

  it("named columns in named units", async () => {
    const options = { raColumn: "lon", decColumn: "lat", units: "radians" } as const;
    const catalog = await load(`lon,lat\n${Math.PI / 2},${-Math.PI / 4}\n`, options);
    expect(catalog.ra[0]).toBeCloseTo(90, 12);
    expect(catalog.dec[0]).toBeCloseTo(-45, 12);
    expect((await load("ra,dec\n1.5,-3\n", { units: "hours" })).ra[0]).toBe(22.5);
  });
});

describe("loadCatalog refuses", () => {
  it.each<[string, string | Buffer, CatalogOptions, RegExp]>([
    [
      "no coordinates",
      "name,mag\na,15\n",
      {},
      /expected columns ra and dec, found no right ascension in "name", "mag"/,
    ],
    ["no declination", "ra,mag\n1,15\n", {}, /found no declination/],
    ["a column that is not there", "ra,dec\n1,2\n", { raColumn: "lon" }, /expected a column "lon", got "ra", "dec"/],
    ["NaN", "ra,dec\n1,2\nNaN,3\n", {}, /row 2, column "ra": expected 0 to 360 degrees, got "NaN" \(string\)$/],
    ["an empty cell", "ra,dec\n1,2\n1,\n,5\n", {}, /row 2, column "dec".* got an empty cell \(2 of 3 rows are bad\)/],
    ["a right ascension that is none", "ra,dec\n-999,2\n", {}, /column "ra": expected 0 to 360 degrees, got "-999"/],
    ["declination out of range", "ra,dec\n1,-90.5\n", {}, /column "dec": expected -90 to 90 degrees, got "-90.5"/],
    [
      "60 minutes",
      "ra,dec\n01:60:00,+00:00:00\n02:00:00,1\n",
      { units: "sexagesimal" },
      /row 1, column "ra": expected hh/,
    ],
    ["too few cells", "ra,dec,name\n1,2\n", {}, /row 1, 2 cells instead of 3/],
    ["an empty file", "", {}, /expected a header and rows, got nothing/],
    ["a header alone", "ra,dec\n", {}, /got a header alone/],
    ["numbers without a header", "1,2\n3,4\n", {}, /expected column names in the first line, got "1,2"/],
    ["a quote that never closes", 'ra,dec\n1,"2\n3,4\n', {}, /expected a table, but Quote Not Closed/],
  ])("%s", async (_, content, options, message) => {
    const error = await refused(content, options);
    expect(error).toMatchObject({ code: "CATALOG", where: join(folder, "stars.csv") });
    expect(error.message).toMatch(message);
  });

  const many = (ra: (n: number) => number, dec: (n: number) => number) =>
    `ra,dec\n${Array.from({ length: 101 }, (_, n) => `${ra(n / 101)},${dec(n / 101)}`).join("\n")}\n`;

  it("radians that claim to be degrees, unless told that they are", async () => {
    const content = many(
      (n) => n * 2 * Math.PI,
      (n) => (n - 0.5) * Math.PI,
    );
    const error = await refused(content);
    expect(error).toMatchObject({ code: "CATALOG", remedy: expect.stringContaining('{ units: "radians" }') });
    expect(error.message).toMatch(/columns "ra" and "dec", got 101 rows .* which look like radians/);
    expect((await load(content, { units: "degrees" })).length).toBe(101);
  });

  it("decimal hours that claim to be degrees", async () => {
    const content = many(
      (n) => n * 24,
      (n) => (n - 0.5) * 180,
    );
    expect((await refused(content)).message).toMatch(/look like hours/);
  });

  it("a missing file, a folder, damaged gzip, and gzip that expands beyond the limit", async () => {
    await expect(loadCatalog(join(folder, "none.csv"))).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    await expect(loadCatalog(folder)).rejects.toMatchObject({ code: "CATALOG" });
    const packed = gzipSync(`ra,dec\n${"1,2\n".repeat(1e5)}`);
    expect(await refused(packed.subarray(0, 60))).toMatchObject({ code: "GZIP" });
    expect(await refused(packed, { maxBytes: 1e5 })).toMatchObject({ code: "GZIP", remedy: "Raise { maxBytes }" });
  });
});

describe("bad rows", () => {
  const content = "ra,dec,name\n1,2,a\n,,gone\n3,4,b\n5,6\n";

  it("are left out and counted when asked", async () => {
    const catalog = await load(content, { onBadRow: "skip" });
    expect(catalog.rows.map((row) => row.name)).toEqual(["a", "b"]);
    expect(catalog.nearest(3, 4, { radiusArcsec: 1 })?.row.name).toBe("b");
    expect(catalog.skipped.count).toBe(2);
    expect(inspect(catalog)).toBe(
      'Catalog stars: 2 rows (ra, dec, name); 2 skipped: row 2, column "ra": expected 0 to 360 degrees, got an empty cell',
    );
  });

  it("are refused when there are no others", async () => {
    expect(await refused("ra,dec\n,\n", { onBadRow: "skip" })).toMatchObject({ code: "CATALOG" });
  });
});

describe("catalogFromRows", () => {
  it("takes rows as they are, with their type", () => {
    const rows = [{ ra: 10, dec: 20, kind: "RRAB" }];
    const match = catalogFromRows(rows).nearest(10, 20, { radiusArcsec: 1 });
    expect(match?.row).toBe(rows[0]);
    expect(match?.row.kind satisfies string | undefined).toBe("RRAB");
  });
  it("refuses no rows and NaN", () => {
    expect(() => catalogFromRows([])).toThrow(/expected rows, got none/);
    expect(() => catalogFromRows([{ ra: Number.NaN, dec: 0 }])).toThrow(/column "ra".*got NaN \(number\)/);
  });
});

it("a catalogue refuses a place that is no two numbers, and a radius that is not named", () => {
  const catalog = catalogFromRows([{ ra: 10, dec: 20 }]) as any;
  for (const find of [
    () => catalog.nearest({ ra: 10, dec: 20 }, { radiusArcsec: 2 }),
    () => catalog.nearest(10, 20),
    () => catalog.within(10, 20, 2),
    () => catalog.within("10", "20", { radiusArcsec: 2 }),
  ])
    expect(find).toThrow(expect.objectContaining({ code: "USAGE" }));
});

describe("loadCatalog says what a file is", () => {
  it.each([
    ["an Avro container", "Obj\u0001ra,dec", "readAlerts"],
    ["JSON", '[{"ra": 1, "dec": 2}]', "JSON.parse"],
    ["a web page", "<!DOCTYPE html><html>", "as CSV"],
    ["Arrow (Feather)", Buffer.from("ARROW1\u0000\u0000\u00ff", "latin1"), "pandas"],
    ["a NumPy array", Buffer.from("\u0093NUMPY\u0001\u0000", "latin1"), "numpy"],
    ["a Python pickle", Buffer.from("\u0080\u0005\u0095", "latin1"), "pandas"],
    ["LaTeX", "\\begin{table}\n\\begin{tabular}{cc}\n", "latex"],
  ])("%s", async (what, content, remedy) => {
    const error = await refused(content);
    expect(error).toMatchObject({ code: "CATALOG", remedy: expect.stringContaining(remedy) });
    expect(error.message).toContain(`got ${what}`);
  });

  const fits = "SIMPLE  =                    T / file does conform to FITS standard";
  it.each([
    ["Parquet", Buffer.from("PAR1\u0015\u0004"), /expected a table, but Expected a Parquet file/],
    ["FITS", fits, /expected a FITS table, but Expected an END card/],
    ["FITS in gzip", gzipSync(fits), /expected a FITS table, but Expected an END card/],
    [
      "a VOTable without a table",
      '<?xml version="1.0"?>\n<!-- a service -->\n<VOTABLE version="1.4"></VOTABLE>',
      /no columns/,
    ],
  ])("%s that is damaged", async (_, content, message) => {
    const error = await refused(content);
    expect(error).toMatchObject({ code: "CATALOG", where: join(folder, "stars.csv") });
    expect(error.message).toMatch(message);
  });

  it("text that is not UTF-8, with its line, and reads it once its encoding is named", async () => {
    const latin1 = Buffer.from("ra,dec,name\n1,2,a\n3,4,Mü\n", "latin1");
    const error = await refused(latin1);
    expect(error.message).toContain("got byte 0xfc in line 3");
    expect(error.remedy).toContain('{ encoding: "latin1" }');
    expect((await load(latin1, { encoding: "latin1" })).rows[1]).toMatchObject({ name: "Mü" });
    expect((await load(Buffer.from("\ufeffra,dec,name\n3,4,Mü\n", "utf16le"))).rows[0]).toMatchObject({ name: "Mü" });
    expect((await refused(latin1, { encoding: "klingon" })).code).toBe("USAGE");
  });
});
