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

  it("ends when a filter is slow three times in a row and for a second, with the time per alert", () => {
    const slowness = new Slowness(20);
    expect([400, 400, 400].map((ms) => slowness.note(ms, 10))).toEqual([undefined, undefined, 40]);
  });

  it("does not end for one long wait, for many short ones, or when the filter has recovered between", () => {
    const slowness = new Slowness(20);
    expect([slowness.note(5000, 1), slowness.note(5000, 1), slowness.note(1, 1)]).toEqual(Array(3).fill(undefined));
    expect(Array.from({ length: 39 }, () => slowness.note(25, 1))).toEqual(Array(39).fill(undefined));
    expect(slowness.note(25, 1)).toBe(25);
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
