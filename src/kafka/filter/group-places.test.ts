import { describe, expect, it } from "vitest";
import { GroupPlaces } from "./group-places";

const at = (...offsets: bigint[]) => new Map(offsets.map((offset, partition) => [partition, offset]));

/** A group that has come so far in a topic that begins there; what it says. */
function group(committed: bigint[], begins: bigint[], resumes = false) {
  const now = { committed: at(...committed), begins: at(...begins) };
  const said: string[] = [];
  const extent = { first: at(...begins), next: at(...begins.map(() => 600n)) };
  const options = { topic: "in", group: "g", resumes, extent, warn: (line: string) => void said.push(line) };
  const pool = { committed: async () => now.committed, begins: async () => now.begins };
  return { now, said, places: new GroupPlaces(options, pool) };
}

describe.each([["a job", false] as const, ["a filter that is resumed", true] as const])("%s", (_, resumes) => {
  it("goes on at what there is when Kafka deleted what came next, and says so once", async () => {
    const { places, said } = group([100n, 550n], [500n, 500n], resumes);
    await places.survey();
    expect(said).toEqual([
      'Kafka deleted offsets 100 to 499 in partition 0 of "in" before group "g" read them; it goes on at 500',
    ]);
    expect(places.join([0, 1])).toEqual({ seeks: new Map([[0, 500n]]), others: [] });
    await places.survey();
    await places.noteJump(0, 100n, 500n);
    expect(said.length).toBe(1);
  });

  it("says it too when it happens while it works, and not of the gaps that markers leave", async () => {
    const { places, said, now } = group([100n], [0n], resumes);
    await places.survey();
    await places.noteJump(0, 100n, 101n);
    expect(said).toEqual([]);
    now.begins = at(300n);
    await places.noteJump(0, 100n, 300n);
    expect(said).toEqual([expect.stringContaining("offsets 100 to 299 in partition 0")]);
  });

  it("goes on where kafkajs has put its place at the first message, and says that something was missed", async () => {
    const { places, said } = group([-2n], [500n], resumes);
    await places.survey();
    expect(said).toEqual([expect.stringMatching(/partition 0 of "in" no longer had the place of group "g".* at 500/)]);
    expect([await places.isOurs(0), places.join([0])]).toEqual([true, { seeks: new Map([[0, 500n]]), others: [] }]);
  });

  it("is through when the rest has expired while it ran, and not before it was quiet", async () => {
    const { places, said, now } = group([100n], [0n], resumes);
    expect(await places.areThrough(true)).toBe(false);
    now.begins = at(600n);
    expect([await places.areThrough(false), await places.areThrough(true)]).toEqual([false, true]);
    expect(said).toEqual([expect.stringContaining("offsets 100 to 599")]);
  });

  it("has missed nothing where it has not begun", async () => {
    const { places, said } = group([-1n], [500n], resumes);
    await places.survey();
    await places.noteJump(0, -1n, 500n);
    expect([said, places.join([0]).seeks.size]).toEqual([[], 0]);
  });
});

describe("a filter that is resumed", () => {
  it("leaves alone what is still the job's, until it is left behind there as well", async () => {
    const { places, now } = group([-1n, 40n, -2n], [10n, 10n, 10n], true);
    await places.survey();
    expect(places.join([0, 1, 2]).others).toEqual([0]);
    expect([await places.isOurs(0), await places.startsOf(new Set([0]))]).toEqual([false, new Map()]);
    now.committed = at(70n, 40n, -2n);
    expect(await places.startsOf(new Set([0]))).toEqual(new Map([[0, 70n]]));
    now.begins = at(90n, 90n, 90n);
    expect(await places.startsOf(new Set([0]))).toEqual(new Map([[0, 90n]]));
  });
});

describe("a job", () => {
  it("has every partition", async () => {
    const { places } = group([-1n], [0n]);
    await places.survey();
    expect([await places.isOurs(0), places.join([0]).others]).toEqual([true, []]);
  });
});
