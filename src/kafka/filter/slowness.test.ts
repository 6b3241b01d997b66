import { describe, expect, it } from "vitest";
import { Slowness, withinTime } from "./slowness";

describe("Slowness", () => {
  it("looks more and more seldom at a quick filter, and after every alert at a slow one", () => {
    const slowness = new Slowness(20);
    const quick = Array.from({ length: 7 }, () => {
      slowness.note(0.1, slowness.alertsAtOnce);
      return slowness.alertsAtOnce;
    });
    expect(quick).toEqual([2, 4, 8, 16, 32, 32, 32]);
    slowness.note(641, 32);
    expect(slowness.alertsAtOnce).toBe(1);
  });

  const looks = (slowness: Slowness, count: number, ms: number) =>
    Array.from({ length: count }, () => slowness.note(ms, 1));
  const nothing = (count: number) => Array(count).fill(undefined);

  it("ends when a filter is slow three times and for a second, with the time per alert", () => {
    const slowness = new Slowness(20);
    expect([400, 400, 400].map((ms) => slowness.note(ms, 10))).toEqual([undefined, undefined, 40]);
  });

  it("ends although quick answers come between, when the mean is too long", () => {
    const slowness = new Slowness(20);
    const found = Array.from({ length: 20 }, () => looks(slowness, 1, 100).concat(looks(slowness, 1, 1)));
    expect(found.flat().slice(0, 19)).toEqual([...nothing(18), (10 * 100 + 9) / 19]);
  });

  it("does not end for long waits, for many short ones, or when the filter has recovered between", () => {
    const twice = new Slowness(20);
    expect([twice.note(5000, 1), twice.note(5000, 1), twice.note(1, 1)]).toEqual(nothing(3));
    const short = new Slowness(20);
    expect(looks(short, 39, 25)).toEqual(nothing(39));
    expect(short.note(25, 1)).toBe(25);
    const recovers = new Slowness(20);
    for (let n = 0; n < 3; n++) expect([looks(recovers, 39, 25), looks(recovers, 12, 1)].flat()).toEqual(nothing(51));
  });

  it("forgives the longest look, also when the filter is sometimes a little slow after it", () => {
    const slowness = new Slowness(20);
    const later = Array.from({ length: 30 }, () => looks(slowness, 1, 5).concat(looks(slowness, 1, 30)));
    expect([slowness.note(5000, 1), ...later.flat()]).toEqual(nothing(61));
  });
});

describe("withinTime", () => {
  it("ends what does not end by itself, and nothing else", () => {
    let steps = 0;
    const done = [
      withinTime(1000, () => void steps++),
      withinTime(50, () => {
        try {
          for (;;) steps++;
        } finally {
          steps = -1; // not reached: nothing of the work goes on
        }
      }),
    ];
    expect([done, steps > 1]).toEqual([[true, false], true]);
    expect(() =>
      withinTime(1000, () => {
        throw new RangeError("mine");
      }),
    ).toThrow(new RangeError("mine"));
  });
});
