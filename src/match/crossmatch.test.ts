import { describe, expect, it } from "vitest";
import { countBy } from "./count-by";
import { crossmatch, crossmatchAll } from "./crossmatch";
import { catalogFromRows } from "./load-catalog";

const catalog = catalogFromRows([
  { ra: 10, dec: 20, kind: "star" },
  { ra: 10, dec: 20.001, kind: "galaxy" },
  { ra: 10, dec: 20.001, kind: "quasar" },
]);

/** Decodes on demand and remembers, as an alert does. */
class LazyAlert {
  decoded = 0;
  constructor(readonly place: readonly [number, number]) {}
  get ra(): number {
    this.decoded++;
    return this.place[0];
  }
  get dec(): number {
    return this.place[1];
  }
}

describe("crossmatch", () => {
  const nearest = crossmatch(catalog, { radiusArcsec: 5 });

  it("gives the nearest entry and its separation, or null", () => {
    expect(nearest({ ra: 10, dec: 20.0009 }).match).toMatchObject({ row: { kind: "galaxy" }, index: 1 });
    expect(nearest({ ra: 10, dec: 20.0009 }).match?.separationArcsec).toBeCloseTo(0.36, 9);
    expect(nearest({ ra: 50, dec: 20 }).match).toBeNull();
    expect(nearest({ ra: Number.NaN, dec: 20 }).match).toBeNull();
  });

  it("takes a radius for each entry, as extended objects have", () => {
    const radii = catalogFromRows([
      { ra: 10, dec: 20, name: "large", arcmin: 2 },
      { ra: 10, dec: 20.02, name: "small", arcmin: 0.05 },
      { ra: 10, dec: 20.021, name: "unknown", arcmin: Number.NaN },
    ]);
    const radiusArcsec = (row: { arcmin: number }) => 60 * row.arcmin;
    const one = crossmatch(radii, { radiusArcsec });
    const all = crossmatchAll(radii, { radiusArcsec });
    const names = (dec: number) => all({ ra: 10, dec }).matches.map(({ row }) => row.name);
    expect([one({ ra: 10, dec: 20.0195 }).match?.row.name, names(20.0195)]).toEqual(["small", ["small", "large"]]);
    expect([one({ ra: 10, dec: 20.0175 }).match?.row.name, names(20.0175)]).toEqual(["large", ["large"]]);
    expect([one({ ra: 10, dec: 20.0342 }).match, names(20.0342)]).toEqual([null, []]);
    expect(
      crossmatch(radii, { radiusArcsec, where: (row) => row.name !== "small" })({ ra: 10, dec: 20.0195 }).match?.row
        .name,
    ).toBe("large");
    expect(() => crossmatch(radii, { radiusArcsec: () => -1 })).toThrow(/radiusArcsec from 0 to 648000/);
  });

  it("returns an alert of the same class, still lazy, and leaves the one that came in alone", () => {
    const alert = new LazyAlert([10, 20]);
    const matched = nearest(alert);
    expect(matched).toBeInstanceOf(LazyAlert);
    expect(matched.match?.row.kind satisfies string | undefined).toBe("star");
    expect(matched.ra).toBe(10);
    expect(matched.place).toBe(alert.place);
    expect("match" in alert).toBe(false);
  });

  it("takes the nearest of the entries that count", () => {
    const quasars = crossmatch(catalog, {
      radiusArcsec: 5,
      where: (row, alert: { ra: number; dec: number; red: boolean }) => alert.red && row.kind !== "galaxy",
    });
    expect(quasars({ ra: 10, dec: 20.0009, red: true }).match?.row.kind).toBe("quasar");
    expect(quasars({ ra: 10, dec: 20.0009, red: false }).match).toBeNull();
  });

  it("keeps the answers of several catalogues apart by name", () => {
    const both = crossmatch(catalogFromRows([{ ra: 10, dec: 20, z: 0.1 }]), { radiusArcsec: 5, as: "host" });
    const alert = both(nearest({ ra: 10, dec: 20 }));
    expect(alert.match?.row.kind).toBe("star");
    expect(alert.host?.row.z).toBe(0.1);
    expect(nearest(nearest({ ra: 10, dec: 20 })).match?.row.kind).toBe("star");
  });

  it.each([
    [{ radiusArcsec: Number.NaN }, /radiusArcsec from 0 to 648000, got NaN/],
    [{ radiusArcsec: -1 }, /got -1/],
    [{ radiusArcsec: 648_001 }, /got 648001/],
    [{ radiusArcsec: 1, as: "__proto__" }, /a property name for { as }/],
  ])("refuses %o", (options, message) => expect(() => crossmatch(catalog, options)).toThrow(message));
});

describe("crossmatchAll", () => {
  it("gives all entries within the radius, nearest first, ties in the order of the catalogue", () => {
    const all = crossmatchAll(catalog, { radiusArcsec: 5 });
    expect(all({ ra: 10, dec: 20.0009 }).matches.map(({ row }) => row.kind)).toEqual(["galaxy", "quasar", "star"]);
    expect(all({ ra: 50, dec: 20 }).matches).toEqual([]);
    const stars = crossmatchAll(catalog, { radiusArcsec: 5, where: (row) => row.kind === "star" });
    expect(stars({ ra: 10, dec: 20 }).matches).toHaveLength(1);
  });
});

describe("catalog.within", () => {
  it("stops at the limit, with the nearest", () => {
    const found = catalog.within(10, 20, { radiusArcsec: 5, limit: 2 });
    expect(found.map(({ row }) => row.kind)).toEqual(["star", "galaxy"]);
    expect(() => catalog.within(10, 20, { radiusArcsec: 5, limit: 0 })).toThrow(/a limit of at least 1, got 0/);
  });
});

describe("countBy", () => {
  it("counts values, most frequent first, and what is missing as unknown", () => {
    const rows = ["b", "a", null, "b", undefined, "b"];
    expect(countBy(rows, (row) => row)).toEqual([
      { value: "b", count: 3 },
      { value: "unknown", count: 2 },
      { value: "a", count: 1 },
    ]);
  });
});
