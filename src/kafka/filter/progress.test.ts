import { describe, expect, it } from "vitest";
import { hasOffset, Progress } from "./progress";

const job = ["a", "b"];
const none = Progress.of(-1n, null);
/** As the broker gives it back. */
const kept = (progress: Progress, marks: string[] = []) => Progress.of(progress.offset, progress.metadata(marks));
const done = (progress: Progress, filters: string[], first: bigint, after: bigint, all = job) =>
  kept(progress.after({ filters: all, done: filters, first, after }));
const nexts = (progress: Progress, ...filters: string[]) => filters.map((filter) => progress.nextOf(filter));

describe("the progress of filters in a partition", () => {
  it("is that of each, whatever their order", () => {
    const one = done(none, job, 0n, 100n);
    expect([one.offset, ...nexts(one, "b", "a")]).toEqual([100n, 100n, 100n]);
    expect([one.start(["b", "a"]), one.start(["a"])]).toEqual([100n, 100n]);
    expect(one.boundary(job, 100n)).toBeUndefined();
  });

  it("begins anew for a filter that is added, alone, and goes on together when it has come as far", () => {
    let now = done(none, job, 0n, 100n);
    const all = ["c", ...job];
    expect([now.isNew("c"), now.isNew("a"), now.nextOf("c"), now.start(all)]).toEqual([true, false, -1n, -1n]);
    expect(now.boundary(all, 0n)).toBe(100n);
    now = done(now, ["c"], 0n, 60n, all);
    expect([now.offset, ...nexts(now, ...all)]).toEqual([60n, 60n, 100n, 100n]);
    now = done(now, ["c"], 60n, 100n, all);
    expect([now.offset, now.start(all), now.boundary(all, 100n)]).toEqual([100n, 100n, undefined]);
    expect(none.isNew("a")).toBe(false); // nobody has come farther
  });

  it("stays for a filter that does not run with the others", () => {
    const alone = done(done(none, job, 0n, 100n), ["a"], 100n, 250n, ["a"]);
    expect([alone.offset, ...nexts(alone, "a", "b")]).toEqual([250n, 250n, 100n]);
    expect(alone.start(job)).toBe(100n);
  });

  it("stops for one that is left behind, until it is resumed", () => {
    const at50 = done(none, job, 0n, 50n);
    const left = kept(at50.after({ filters: job, done: ["a"], leaving: ["b"], first: 50n, after: 90n }));
    expect([left.isLeft("b"), left.isLeft("a"), left.start(job), left.nextOf("b")]).toEqual([true, false, 90n, 50n]);
    const resumed = left.resumed("b");
    expect([resumed.isLeft("b"), resumed.start(["b"]), resumed.resumed("x")]).toEqual([false, 50n, resumed]);
    const back = done(resumed, ["b"], 50n, 90n, ["b"]);
    expect([back.isLeft("b"), back.start(job)]).toEqual([false, 90n]);
    const all = kept(left.after({ filters: job, done: [], leaving: ["a"], first: 90n, after: 95n }));
    expect([all.start(job), all.offset]).toEqual([95n, 95n]); // nobody is there to wait for
  });

  it("is the offset that somebody else has set, for every filter", () => {
    for (const metadata of [null, "", "note", "1|what=ever", "2 x|1=aaaaaaaa"]) {
      const reset = Progress.of(40n, metadata);
      expect([...nexts(reset, "a", "b"), reset.isNew("a"), reset.start(job)]).toEqual([40n, 40n, false, 40n]);
      // one that has its turn later keeps its place
      expect(nexts(done(reset, ["a"], 40n, 60n), "a", "b")).toEqual([60n, 40n]);
    }
    expect(Progress.of(-2n, null).start(job)).toBe(-2n);
  });

  it("keeps marks beside it, and offsets of 64 bits", () => {
    const far = 2n ** 62n + 1n;
    const progress = kept(none.after({ filters: job, done: job, first: 0n, after: far }), ["x-1", "y-2"]);
    expect([progress.offset, progress.nextOf("a"), progress.marks]).toEqual([far, far, ["x-1", "y-2"]]);
  });

  it("of a hundred filters, each elsewhere, takes about 2 of the 4 kB that Kafka keeps; beyond that it is refused", () => {
    const names = Array.from({ length: 300 }, (_, n) => `filter number ${n} with a long name`);
    let progress = none;
    for (const [n, name] of names.slice(0, 100).entries()) {
      progress = progress.after({ filters: [name], done: [name], first: 0n, after: 10_000_000n + BigInt(n) });
    }
    expect(progress.metadata(Array(7).fill("abcdefghijkl-1234")).length).toBeLessThan(2100);
    expect(nexts(kept(progress), names[0]!, names[99]!)).toEqual([10_000_000n, 10_000_099n]);
    for (const [n, name] of names.entries()) {
      progress = progress.after({ filters: [name], done: [name], first: 0n, after: 20_000_000n + BigInt(n) });
    }
    expect(() => progress.metadata([])).toThrow(/4096 characters of one group, got 300, which take/);
    expect(() => progress.metadata([])).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});

it("a group has an offset unless Kafka answers -1; kafkajs sets -2 for the first message there is", () => {
  expect([undefined, -1n, -2n, 0n].map(hasOffset)).toEqual([false, false, true, true]);
});
