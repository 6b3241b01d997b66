// @module-tag long
import { describe, expect, inject, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { describeGroup, resetGroup } from "../../src/kafka/admin/groups";
import { runFilters } from "../../src/kafka/filter/filter";
import { publish } from "../../src/kafka/publish/publish";
import { makeAlert } from "../helpers/alerts";
import { needs } from "../helpers/data";
import { placeOf, readCommitted } from "./committed";

const bootstrap = inject("bootstrap");
const quiet = { bootstrap, progress: false, capPerVisit: Number.POSITIVE_INFINITY };
const send = (topic: string, from: number, count: number) =>
  publish(
    Array.from({ length: count }, (_, n) => makeAlert(from + n, { mag: 15 + (n % 8) })),
    { bootstrap, topic, fast: true, partitions: 3 },
  );
const below = (name: string, limit: number) => ({ name, accepts: (a: Alert) => a.mag < limit });
const [a, b, c] = [below("a", 19), below("b", 17), below("c", 16)];

/** Runs the filters; what each of them read and selected, and what was said. */
async function run(topic: string, filters: (typeof a)[], options: object = {}) {
  const said: string[] = [];
  const onWarning = (line: string) => void said.push(line);
  const { filters: books, balanced } = await runFilters(topic, { ...quiet, filters, onWarning, ...options });
  expect(balanced).toBe(true);
  return { counts: books.map(({ filter, read, selected }) => [filter, read, selected]), said };
}

describe.skipIf(needs.python())("the progress of a filter", () => {
  it("is its own: in any order, added, taken away and added again, each alert is selected once", async () => {
    const topic = "progress-own";
    await send(topic, 0, 80);
    const first = await run(topic, [a, b]);
    expect(first).toEqual({
      counts: [
        ["a", 80, 40],
        ["b", 80, 20],
      ],
      said: [],
    });
    expect((await run(topic, [b, a])).counts).toEqual([
      ["b", 0, 0],
      ["a", 0, 0],
    ]);
    // one that is added reads alone from the beginning, and says so
    const added = await run(topic, [c, a, b]);
    expect(added.counts).toEqual([
      ["c", 80, 10],
      ["a", 0, 0],
      ["b", 0, 0],
    ]);
    expect(added.said).toEqual([
      expect.stringMatching(/^filter "c" is new in group "filter-progress-own": it alone reads/),
    ]);
    await send(topic, 80, 40);
    // each goes on by itself where it was
    expect((await run(topic, [b])).counts).toEqual([["b", 40, 10]]);
    await send(topic, 120, 40);
    expect((await run(topic, [a, b, c])).counts).toEqual([
      ["a", 80, 40],
      ["b", 40, 10],
      ["c", 80, 10],
    ]);
    for (const [name, count] of [
      ["a", 80],
      ["b", 40],
      ["c", 20],
    ] as const) {
      const places = readCommitted(bootstrap, `${topic}.${name}`).map(placeOf);
      expect([places.length, new Set(places).size]).toEqual([count, count]);
    }
    const { partitions } = await describeGroup("filter-progress-own", { bootstrap });
    expect(partitions.map(({ lag }) => lag)).toEqual([0n, 0n, 0n]);
  });

  it("of one that is added is kept when the job is stopped in the middle", async () => {
    const topic = "progress-stopped";
    await send(topic, 0, 90);
    await run(topic, [a]);
    const { filters: part } = await runFilters(topic, { ...quiet, filters: [a, c], limit: 25 });
    const done = part[1]!.read - part[1]!.pending; // what was under way at the end is not done
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThanOrEqual(25);
    await send(topic, 90, 30);
    const rest = await run(topic, [a, c]);
    expect(rest.counts.map(([, read]) => read)).toEqual([30, 120 - done]);
    const places = readCommitted(bootstrap, `${topic}.c`).map(placeOf);
    expect(places.length).toBe(new Set(places).size);
    expect(readCommitted(bootstrap, `${topic}.a`).length).toBe(46 + 16);
  });

  it("is the offset of the group where that was set by hand", async () => {
    const topic = "progress-reset";
    await send(topic, 0, 40);
    await run(topic, [a, b]);
    await resetGroup("filter-progress-reset", topic, "earliest", { bootstrap });
    expect((await run(topic, [b, a])).counts.map(([, read]) => read)).toEqual([40, 40]);
  });
});
