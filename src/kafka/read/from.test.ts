import { describe, expect, it } from "vitest";
import { parseFrom } from "./from";

describe("a time to begin at", () => {
  it.each([
    ["2026-11-21T03:00Z", Date.UTC(2026, 10, 21, 3)],
    ["2026-11-21T03:00", Date.UTC(2026, 10, 21, 3)],
    ["2026-11-21 03:00:05.25", Date.UTC(2026, 10, 21, 3, 0, 5, 250)],
    ["2026-11-21T03:00+02", Date.UTC(2026, 10, 21, 1)],
    ["2026-11-21T03:00-0330", Date.UTC(2026, 10, 21, 6, 30)],
    ["2020-01-01", Date.UTC(2020, 0, 1)],
    ["earliest", "earliest"],
    ["latest", "latest"],
  ])("%s is taken as it says", (text, expected) => {
    expect(parseFrom(text)).toBe(expected);
  });

  // oracle of the Julian dates: astropy's Time(60380, format="mjd").isot and the like
  it.each([
    ["60380", "an MJD", "2024-03-11T00:00Z"],
    ["60380.25", "an MJD", "2024-03-11T06:00Z"],
    ["2460380.5", "a JD", "2024-03-11T00:00Z"],
    ["1710115200", "Unix seconds", "2024-03-11T00:00Z"],
    ["1710115200000", "Unix milliseconds", "2024-03-11T00:00Z"],
    ["2026.5", "a year", "2026-07-02T12:00Z"],
    ["20181129", "a night", "2018-11-29"],
  ])("%s is refused as %s, with its ISO form", (text, what, iso) => {
    const refused = (() => {
      try {
        return parseFrom(text);
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toMatchObject({ code: "USAGE", message: expect.stringContaining(`${text} (${what})`) });
    expect((refused as { remedy: string }).remedy).toContain(iso);
    expect(typeof parseFrom(iso)).toBe("number");
  });

  it.each([
    "-5",
    "last night 3",
    "yesterday",
    "",
    "2026-02-31",
    "2026-13-01",
    "2026-11-21T25:00",
    "1969-01-01",
    "12",
    "2026-W47",
    "0",
    "Infinity",
  ])("%s is refused", (text) => {
    expect(() => parseFrom(text)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });

  it("that is no time at all is refused", () => {
    for (const value of [new Date(Number.NaN), new Date(-1), 60380, null, {}]) {
      expect(() => parseFrom(value as never)).toThrow(expect.objectContaining({ code: "USAGE" }));
    }
  });
});
