import { describe, expect, it } from "vitest";
import { JobOffsets } from "./job-offsets";
import { Progress } from "./progress";

const at = (...offsets: bigint[]) => new Map(offsets.map((offset, partition) => [partition, offset]));
const reached = (offset: bigint, ...filters: string[]) =>
  offset < 0n
    ? Progress.of(offset, null)
    : Progress.of(-1n, null).after({ filters, done: filters, first: 0n, after: offset });

/** A job that has come so far in a topic that begins there; what it says. */
function job(committed: bigint[], begins: bigint[], filters = ["f"]) {
  const progress = new Map(committed.map((offset, n) => [n, reached(offset, "f")]));
  const now = { progress, begins: at(...begins) };
  const said: string[] = [];
  const extent = { first: at(...begins), next: at(...begins.map(() => 600n)) };
  const planned = filters.map((name) => ({ name, topic: `in.${name}`, accepts: () => true }));
  const options = { topic: "in", group: "g", filters: planned, extent, warn: (line: string) => void said.push(line) };
  const pool = { progress: async () => now.progress, begins: async () => now.begins };
  return { now, said, offsets: new JobOffsets(options, pool) };
}

describe("where a job goes on", () => {
  it("is where it was, or the first message that there is; what Kafka deleted between is said once", async () => {
    const { offsets, said } = job([100n, 550n, -1n], [500n, 500n, 500n]);
    for (let n = 0; n < 2; n++) expect(await offsets.starts()).toEqual(at(500n, 550n, 500n));
    expect(said).toEqual([
      'Kafka deleted offsets 100 to 499 in partition 0 of "in" before group "g" read them; it goes on at 500',
    ]);
  });

  it("is the first message where Kafka has lost the offset, and it is said that something was missed", async () => {
    const { offsets, said } = job([-2n], [500n]);
    expect(await offsets.starts()).toEqual(at(500n));
    expect(said).toEqual([expect.stringMatching(/partition 0 of "in" no longer had the offset of group "g".* at 500/)]);
  });

  it("is the beginning for a filter that is new, which is said once", async () => {
    const { offsets, said } = job([100n, -1n], [0n, 0n], ["f", "added"]);
    for (let n = 0; n < 2; n++) expect(await offsets.starts()).toEqual(at(0n, 0n));
    expect(said).toEqual([
      expect.stringMatching(/^filter "added" is new in group "g": it alone reads "in" from the beg/),
    ]);
  });
});

describe("a job is at the end", () => {
  it.each([
    ["at the offsets that were the ends, or beyond them", [600n, 601n], true],
    ["not before one of them", [600n, 599n], false],
    ["not where it has committed nothing", [600n, -1n], false],
    ["not where it stands at the first message there is", [600n, -2n], false],
  ])("%s", async (_, committed, isThere) => {
    expect(await job(committed, [0n, 50n]).offsets.areAtEnd(true)).toBe(isThere);
  });

  it("where the rest has expired while it ran, and not before it was quiet", async () => {
    const { offsets, said, now } = job([100n, -1n], [0n, 600n]);
    expect(await offsets.areAtEnd(true)).toBe(false);
    now.begins = at(600n, 600n);
    expect([await offsets.areAtEnd(false), await offsets.areAtEnd(true)]).toEqual([false, true]);
    expect(said).toEqual([expect.stringContaining("offsets 100 to 599")]);
  });

  it("only when the last of its filters is", async () => {
    expect(await job([600n], [0n], ["f", "added"]).offsets.areAtEnd(true)).toBe(false);
  });
});
