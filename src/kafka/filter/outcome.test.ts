import { describe, expect, it } from "vitest";
import { VisitPlaces } from "./outcome";

const take = (places: VisitPlaces, visitId: string, filter = 0) => {
  const counts = places.of(visitId);
  return counts === null || places.take(counts, filter);
};

describe("VisitPlaces", () => {
  it("has places for each visit and filter, also when visits come interleaved", () => {
    const places = new VisitPlaces(2, 2);
    const taken = ["a", "b", "a", "b", "a", "c", "b"].map((visit) => take(places, visit));
    expect(taken).toEqual([true, true, true, true, false, true, false]);
    expect(["a", "a", "a"].map((visit) => take(places, visit, 1))).toEqual([true, true, false]);
  });

  it("has a place again when one is given back", () => {
    const places = new VisitPlaces(1, 1);
    expect([take(places, "a"), take(places, "a")]).toEqual([true, false]);
    places.of("a")![0]!--;
    expect([take(places, "a"), take(places, "a")]).toEqual([true, false]);
  });

  it("always has a place for an alert of no visit, and without a cap", () => {
    const one = new VisitPlaces(1, 1);
    expect([one.of(""), new VisitPlaces(Number.POSITIVE_INFINITY, 1).of("a")]).toEqual([null, null]);
  });

  it("forgets the visit that was seen longest ago", () => {
    const places = new VisitPlaces(1, 1);
    for (const visit of ["old", "seen again"]) take(places, visit);
    for (let n = 0; n < 1999; n++) {
      take(places, "seen again");
      take(places, `visit ${n}`);
    }
    expect([take(places, "seen again"), take(places, "old")]).toEqual([false, true]);
  });
});
