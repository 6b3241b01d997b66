import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadCatalog } from "../../src/match/load-catalog";
import { needs } from "../helpers/data";
import { runPython } from "../helpers/python";

const folder = mkdtempSync(join(tmpdir(), "tables-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name);

/** One table in every form that astropy writes, and what is in it. */
const write = `
import json, sys, os
import numpy, astropy.units as u
from astropy.coordinates import SkyCoord
from astropy.table import Table, MaskedColumn
folder = sys.argv[1]
n = 40
generator = numpy.random.default_rng(7)
ra = generator.uniform(0, 360, n); ra[0] = 359.9999999
dec = generator.uniform(-90, 90, n); dec[1] = -0.5
ids = 2**62 + numpy.arange(n, dtype="int64")
mask = numpy.arange(n) % 7 == 3
t = Table({
  "name": [f'star "{i}", of a' if i % 3 else f"V{i}" for i in range(n)],
  "ra": ra * u.deg, "dec": dec * u.deg, "source": ids,
  "mag": MaskedColumn(generator.normal(18, 1, n).astype("float32"), mask=mask),
  "count": generator.integers(0, 30000, n).astype("int16"),
  "isVariable": generator.uniform(size=n) > 0.5,
  "pair": generator.uniform(size=(n, 2)),
})
at = lambda name: os.path.join(folder, name)
plain = t.copy(); plain.remove_column("pair")
plain.write(at("stars.ecsv"))
plain.write(at("commas.ecsv"), delimiter=",")
t.write(at("stars.fits")); plain.write(at("stars.fits.gz"))
Table({"RA": (ra / 15) * u.hourangle, "DEC": dec * u.deg}).write(at("hours.ecsv"))
unsigned = Table({"RA": (ra / 15) * u.h, "DEC": dec * u.deg, "big": ids.astype("uint64"), "small": numpy.arange(n, dtype="uint16")})
unsigned.write(at("hours.fits"))
for form in ("tabledata", "binary", "binary2"): plain.write(at(f"{form}.xml"), format="votable", tabledata_format=form)
plain.to_pandas().to_parquet(at("stars.parquet"))  # astropy itself forgets what is masked
plain.write(at("spaces.txt"), format="ascii.basic")
plain["ra", "dec", "mag"].filled(-9.0).write(at("header.txt"), format="ascii.commented_header")
sky = SkyCoord(ra * u.deg, dec * u.deg)
Table({"sky": sky, "mag": numpy.arange(n)}).write(at("sky.ecsv"))
Table({"sky": sky, "mag": numpy.arange(n)}).write(at("sky.fits"))
Table({"coords": sky.to_string("hmsdms", precision=9), "n": numpy.arange(n)}).write(at("hmsdms.ecsv"))
Table({"coords": sky.to_string("decimal", precision=10), "n": numpy.arange(n)}).write(at("decimal.csv"))
Table({"position": numpy.stack([ra, dec], axis=1)}).write(at("vector.fits"))
print(json.dumps({
  "name": t["name"].tolist(), "ra": ra.tolist(), "dec": dec.tolist(), "source": [str(i) for i in ids],
  "mag": [None if m else float(v) for v, m in zip(t["mag"].data.data, mask)], "count": t["count"].tolist(),
  "isVariable": t["isVariable"].tolist(), "pair": t["pair"].tolist()}))`;

interface Truth {
  name: string[];
  ra: number[];
  dec: number[];
  source: string[];
  mag: (number | null)[];
  count: number[];
  isVariable: boolean[];
  pair: number[][];
}

describe.skipIf(needs.python())("tables that astropy writes", () => {
  let truth: Truth;
  beforeAll(() => {
    truth = JSON.parse(runPython(write, [folder]));
  });

  const worst = (found: ArrayLike<number>, expected: readonly number[]) =>
    expected.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]!)), 0);

  it.each([
    ["ECSV", "stars.ecsv"],
    ["ECSV with commas", "commas.ecsv"],
    ["a FITS table", "stars.fits"],
    ["a FITS table in gzip", "stars.fits.gz"],
    ["VOTable as text", "tabledata.xml"],
    ["VOTable as BINARY", "binary.xml"],
    ["VOTable as BINARY2", "binary2.xml"],
    ["Parquet", "stars.parquet"],
    ["columns with spaces between them", "spaces.txt"],
  ])("%s: has every value", async (_, file) => {
    const catalog = await loadCatalog(path(file));
    expect(worst(catalog.ra, truth.ra)).toBeLessThan(1e-12);
    expect(worst(catalog.dec, truth.dec)).toBeLessThan(1e-12);
    expect(catalog.rows.map(({ name }) => name)).toEqual(truth.name);
    expect(catalog.rows.map(({ source }) => String(source))).toEqual(truth.source);
    expect(catalog.rows.map(({ count }) => Number(count))).toEqual(truth.count);
    expect(catalog.rows.map(({ isVariable }) => String(isVariable).toLowerCase())).toEqual(
      truth.isVariable.map(String),
    );
    // missing: NaN, or null and "" where the form has its own sign for it
    const mags = catalog.rows.map(({ mag }) => (mag === null || mag === "" ? Number.NaN : Number(mag)));
    truth.mag.forEach((mag, i) => {
      if (mag === null) expect(mags[i]).toBeNaN();
      else expect(Math.abs(mags[i]! - mag)).toBeLessThan(1e-5);
    });
    if (file === "stars.fits") expect(catalog.rows.map(({ pair }) => pair)).toEqual(truth.pair);
  });

  it.each([
    ["a column of SkyCoord in ECSV", "sky.ecsv"],
    ["a column of SkyCoord in FITS", "sky.fits"],
    ["hours and degrees in one column", "hmsdms.ecsv"],
    ["decimal degrees in one column", "decimal.csv"],
    ["pairs in one column", "vector.fits"],
    ["a header in a comment", "header.txt"],
  ])("%s: has every place", async (_, file) => {
    const catalog = await loadCatalog(path(file));
    expect(worst(catalog.ra, truth.ra)).toBeLessThan(1e-9);
    expect(worst(catalog.dec, truth.dec)).toBeLessThan(1e-9);
  });

  it("takes the units of the file: hours are hours, however few rows", async () => {
    expect(worst((await loadCatalog(path("hours.ecsv"))).ra, truth.ra)).toBeLessThan(1e-12);
    const catalog = await loadCatalog(path("hours.fits"));
    expect(worst(catalog.ra, truth.ra)).toBeLessThan(1e-12);
    expect(catalog.rows.map(({ big }) => String(big))).toEqual(truth.source);
    expect(catalog.rows.map(({ small }) => small)).toEqual(truth.ra.map((_, i) => i));
  });

  it("names what is cut short or no table", async () => {
    const cut = (name: string, share: number) => {
      const bytes = readFileSync(path(name));
      writeFileSync(path(`cut-${name}`), bytes.subarray(0, Math.floor(bytes.length * share)));
      return loadCatalog(path(`cut-${name}`));
    };
    await expect(cut("stars.fits", 0.6)).rejects.toThrow(/expected 40 rows of \d+ bytes, got \d+ bytes|END card/);
    await expect(cut("tabledata.xml", 0.5)).rejects.toThrow(/expected a VOTable, but .*unclosed tag/);
    await expect(cut("stars.parquet", 0.5)).rejects.toThrow(/Expected a Parquet file/);
    writeFileSync(
      path("image.fits"),
      `${"SIMPLE  =                    T".padEnd(80)}${"BITPIX  =                    8".padEnd(80)}${"NAXIS   =                    0".padEnd(80)}${"END".padEnd(80)}`.padEnd(
        2880,
      ),
    );
    await expect(loadCatalog(path("image.fits"))).rejects.toThrow(
      /expected a binary table \(BINTABLE\), got primary image/,
    );
    writeFileSync(path("packed.parquet.gz"), gzipSync(readFileSync(path("stars.parquet"))));
    await expect(loadCatalog(path("packed.parquet.gz"))).rejects.toThrow(/got Parquet in gzip/);
  });
});
