import { describe, expect, it } from "vitest";
import { isThrough } from "./is-through";

const at = (...offsets: bigint[]) => new Map(offsets.map((offset, partition) => [partition, offset]));
const extent = { first: at(0n, 50n), next: at(10n, 60n) };

describe("a group", () => {
  it.each([
    ["is through at the ends, or beyond them", at(10n, 61n), true, true],
    ["is not before one of them", at(10n, 59n), false, false],
    ["is not where it has committed nothing; one that resumes has nothing to do there", at(10n, -1n), false, true],
    ["is not where kafkajs put its place at the first message", at(10n, -2n), false, false],
    ["is not where it is asked for nothing yet", at(10n), false, true],
  ])("%s", (_, committed, job, resumed) => {
    expect([isThrough(extent, committed, false), isThrough(extent, committed, true)]).toEqual([job, resumed]);
  });

  it("is through where all that it has not read has expired", () => {
    expect(isThrough({ first: at(60n), next: at(60n) }, at(20n), false)).toBe(true);
    expect(isThrough({ first: at(60n), next: at(60n) }, at(-1n), false)).toBe(true);
    expect(isThrough({ first: at(50n), next: at(60n) }, at(20n), true)).toBe(false);
  });
});
