import { describe, expect, it } from "vitest";
import { VisitPlaces } from "./filter-cap";

describe("VisitPlaces", () => {
  it("gives each visit its places, however they are mixed, and takes back what was released", () => {
    const places = new VisitPlaces(2);
    expect(["a", "b", "a", "b", "a", "b"].map((visit) => places.take(visit))).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    places.release("a");
    expect([places.take("a"), places.take("a")]).toEqual([true, false]);
    expect([places.take(""), places.take(""), places.take("")]).toEqual([true, true, true]);
  });

  it("remembers the latest two thousand visits", () => {
    const places = new VisitPlaces(1);
    for (let n = 0; n < 2000; n++) expect(places.take(String(n))).toBe(true);
    expect(places.take("0")).toBe(false);
    places.take("2000"); // the oldest is forgotten
    expect(places.take("1999")).toBe(false);
    expect(places.take("0")).toBe(true);
    places.release("never seen");
    expect(places.take("1999")).toBe(false);
  });
});
