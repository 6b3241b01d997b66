import { describe, expect, it } from "vitest";
import { candidOf, civil, jdOf, nidOf, objectName, objectNames, pidOf, rfidOf } from "./ztf-names";

describe("ZTF's numbers and names", () => {
  // public alert 2475433850315015008 of 2023-10-12: jd 2460229.9338542, field 505, rcid 3, g
  it("are those of a public alert at the same time and place", () => {
    const mjd = 60229.4338542;
    expect(jdOf(mjd)).toBe(2460229.9338542);
    expect(nidOf(mjd)).toBe(2475);
    expect(pidOf(mjd, { rcid: 3 })).toBe(2475433850315);
    expect(candidOf(2475433850315, true, 8)).toBe(2475433850315015008n);
    expect(candidOf(2475433850015, false, 9)).toBe(2475433850015010009n); // a fading one of the same image
    expect(rfidOf(505, 1, 3)).toBe(505120103);
  });

  it("know the calendar", () => {
    expect(civil(60229.4)).toEqual({ year: 2023, month: 10, day: 12 });
    expect(civil(60320)).toEqual({ year: 2024, month: 1, day: 11 });
    expect(civil(60369)).toEqual({ year: 2024, month: 2, day: 29 });
    expect(civil(51544)).toEqual({ year: 2000, month: 1, day: 1 });
    for (let mjd = 58000; mjd < 62000; mjd += 13) {
      const date = new Date((mjd - 40587) * 86400e3); // the runtime's own calendar
      expect(civil(mjd)).toEqual({
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
      });
    }
  });

  it("give every object its own name", () => {
    const last = objectNames - 1;
    const names = Array.from({ length: 50_000 }, (_, i) => objectName(60320, i < 25_000 ? i : last - i));
    expect(new Set(names).size).toBe(50_000);
    expect(objectNames).toBe(26 ** 7);
    for (const name of names.slice(0, 100)) expect(name).toMatch(/^ZTF24[a-z]{7}$/);
  });
});
