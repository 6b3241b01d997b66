// @module-tag long
import { describe, expect, inject, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import type { FilterReport } from "../../src/kafka/filter/books";
import { runFilters } from "../../src/kafka/filter/filter";
import { publish } from "../../src/kafka/publish/publish";
import { subscribe } from "../../src/kafka/read/subscribe";
import { makeAlert } from "../helpers/alerts";
import { needs } from "../helpers/data";
import { placeOf, readCommitted } from "./committed";

const bootstrap = inject("bootstrap");
const quiet = { bootstrap, progress: false, capPerVisit: Number.POSITIVE_INFINITY };
const many = (count: number) => Array.from({ length: count }, (_, n) => makeAlert(n, { mag: 15 + (n % 8) }));
const send = (topic: string, alerts: Alert[], partitions = 2) =>
  publish(alerts, { bootstrap, topic, fast: true, partitions });
const bright = (name: string) => ({ name, accepts: (a: Alert) => a.mag < 19 });
const busy = (ms: number) => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};
const books = ({ filters }: FilterReport) =>
  filters.map(({ read, selected, rejected, dead, pending }) => [read, selected, rejected, dead, pending]);
const isBalanced = (report: FilterReport) =>
  [...report.filters, ...report.partitions].every(
    ({ read, selected, rejected, capped, dead, pending }) => read === selected + rejected + capped + dead + pending,
  );

describe("a filter that holds the others back", () => {
  it.skipIf(needs.python())("is left behind when it is slow, and goes on alone from there", async () => {
    await send("l-slow", many(400));
    const said: string[] = [];
    const slow = {
      name: "l-sluggish",
      accepts: (a: Alert) => {
        busy(50);
        return a.mag < 19;
      },
    };
    const filters = [bright("l-quick"), slow];
    const options = { ...quiet, onWarning: (line: string) => void said.push(line) };
    const first = await runFilters("l-slow", { ...options, filters });
    const [quick, left] = first.filters;
    expect([quick!.read, quick!.selected, quick!.pending, left!.read]).toEqual([400, 200, 0, 400]);
    expect(left!.pending).toBeGreaterThan(300); // of what it decided until it was noticed nothing comes again
    expect([first.balanced, isBalanced(first)]).toEqual([false, true]);
    expect(first.filters.map(({ leftBehind }) => leftBehind)).toEqual([null, expect.stringMatching(/ms per alert/)]);
    expect(first.filters[1]!.msPerAlert).toBeGreaterThan(1);
    expect(said).toContainEqual(expect.stringMatching(/filter "l-sluggish" is left behind.*: \d+\.\d ms per alert/));

    // it stays out of the job, and its place stays where it was
    await send("l-slow", many(40));
    const second = await runFilters("l-slow", { ...options, filters });
    expect(books(second)).toEqual([
      [40, 20, 20, 0, 0],
      [40, 0, 0, 0, 40],
    ]);
    expect(second.filters[1]!.seconds).toBe(0);

    const mended = [bright("l-quick"), bright("l-sluggish")];
    const resume = { ...options, filters: mended, resume: "l-sluggish" };
    const alone = await runFilters("l-slow", resume);
    expect(books(alone)[0]![0]).toBe(left!.pending + 40);
    expect(alone).toMatchObject({ balanced: true, group: first.group });
    // from here on the job has it again
    await expect(runFilters("l-slow", resume)).rejects.toMatchObject({ code: "USAGE" });
    expect((await runFilters("l-slow", { ...options, filters: mended })).read).toBe(0);
    const places = readCommitted(bootstrap, "l-slow.l-quick").map(placeOf).sort();
    expect(places.length).toBe(220);
    expect(readCommitted(bootstrap, "l-slow.l-sluggish").map(placeOf).sort()).toEqual(places);
  });

  it("is left behind when it never answers; alone, it loses only the alert that it loops on", async () => {
    const alerts = many(60);
    await send("l-loop", alerts, 1);
    const bad = alerts[30]!.alertId;
    const loop = (a: Alert) => {
      try {
        while (a.alertId === bad);
        return true;
      } catch {
        return false; // it cannot hold on to its loop
      }
    };
    const filters = [{ name: "l-endless", accepts: loop }, bright("l-patient")];
    const said: string[] = [];
    const options = { ...quiet, filters, onWarning: (line: string) => void said.push(line) };
    const first = await runFilters("l-loop", options);
    const [endless, patient] = first.filters;
    expect([endless!.read, endless!.selected + endless!.pending, patient!.selected]).toEqual([60, 60, 32]);
    expect(endless!.pending).toBeGreaterThanOrEqual(30);
    expect(said).toContainEqual(
      expect.stringMatching(/"l-endless" is left behind.* no answer within 3 s to the alert at \[0\]@30/),
    );
    const alone = await runFilters("l-loop", { ...options, resume: "l-endless" });
    expect(books(alone)).toEqual([[endless!.pending, endless!.pending - 1, 0, 1, 0]]);
    expect(alone.balanced).toBe(true);
  });

  it("is named when it fails on every alert, or would wait for ever; the others go on", async () => {
    await send("l-fail", many(80));
    const said: string[] = [];
    const report = await runFilters("l-fail", {
      ...quiet,
      filters: [
        {
          name: "l-throws",
          accepts: () => {
            throw new Error("no such column");
          },
        },
        { name: "l-waits", accepts: () => new Promise(() => {}) as never },
        bright("l-others"),
      ],
      onWarning: (line) => void said.push(line),
    });
    expect(books(report)).toEqual([
      [80, 0, 0, 80, 0],
      [80, 0, 0, 80, 0],
      [80, 40, 40, 0, 0],
    ]);
    expect(report.balanced).toBe(true);
    expect(said.sort()).toEqual([
      expect.stringMatching(/^filter "l-throws" failed on an alert, a dead letter now: no such column/),
      expect.stringMatching(/^filter "l-waits" failed on an alert, a dead letter now: Expected true or false/),
    ]);
    expect(await (await subscribe("l-fail.l-others", { bootstrap, progress: false })).count()).toBe(40);
  });

  it("is only named when it is the only one, or takes its time once", async () => {
    await send("l-only", many(80));
    const said: string[] = [];
    const onWarning = (line: string) => void said.push(line);
    const alone = {
      name: "l-alone",
      accepts: () => {
        busy(25);
        return true;
      },
    };
    const one = await runFilters("l-only", { ...quiet, filters: [alone], onWarning });
    expect([books(one), said]).toEqual([[[80, 80, 0, 0, 0]], [expect.stringMatching(/"l-alone" is slow: .* alert$/)]]);
    let begun = false;
    const starts = {
      name: "l-starts",
      accepts: (a: Alert) => {
        if (!begun) busy(1500); // reads a catalogue
        begun = true;
        return a.mag < 19;
      },
    };
    const two = await runFilters("l-only", { ...quiet, filters: [starts, bright("l-beside")], onWarning });
    expect(books(two).map(([, selected, , , pending]) => [selected, pending])).toEqual([
      [40, 0],
      [40, 0],
    ]);
  });

  it("can be resumed only by name, when it was left behind, and not in a dry run", async () => {
    await send("l-resume", many(8));
    const filters = [bright("l-one"), bright("l-two")];
    for (const wrong of [{ resume: "l-three" }, { resume: "l-one" }, { resume: "l-one", dryRun: true }]) {
      await expect(runFilters("l-resume", { ...quiet, filters, ...wrong })).rejects.toMatchObject({ code: "USAGE" });
    }
  });
});
