import { describe, expect, it } from "vitest";
import { Queue } from "./queue";
import { Reading } from "./reading";

const at = (...positions: bigint[]) => new Map(positions.map((offset, partition) => [partition, offset]));

describe("what a consumer has read", () => {
  it("begins where it was told to, and goes on there after a new assignment", () => {
    const reading = new Reading(at(5n, 0n), null, false);
    expect(reading.join([0, 1])).toEqual(at(5n, 0n));
    expect([4n, 5n, 6n, 6n].map((offset) => reading.take(0, offset))).toEqual([false, true, true, false]);
    expect(reading.join([0, 1])).toEqual(at(7n, 0n));
    expect(reading.generation).toBe(2);
  });

  it("leaves the first position in a partition to the group, and forgets a partition that went", () => {
    const reading = new Reading(at(0n, 0n), null, true);
    expect(reading.join([0, 1])).toEqual(new Map());
    expect([reading.take(0, 10n), reading.take(1, 20n), reading.take(2, 0n)]).toEqual([true, true, false]);
    reading.finish(0, 10n, 0);
    reading.finish(1, 20n, 0);
    expect(reading.toCommit).toEqual(at(11n, 21n));
    expect(reading.join([0])).toEqual(at(11n));
    expect(reading.toCommit).toEqual(at(11n));
    reading.finish(1, 21n, 0); // was still in the reader's hands; the new owner commits it
    expect(reading.toCommit).toEqual(at(11n));
    expect(reading.join([0, 1])).toEqual(at(11n));
    expect(reading.untouched).toEqual([1]);
  });

  it("is done when every assigned partition has reached its end, by messages or by what others did", () => {
    const reading = new Reading(at(0n, 0n, 3n), at(2n, 2n, 3n), true);
    expect(reading.isDone).toBe(false);
    reading.join([0, 1, 2]);
    reading.finish(0, 1n, 0);
    reading.pass(1, 1n);
    expect(reading.isDone).toBe(false);
    reading.pass(1, 2n);
    reading.pass(1, 0n); // never back
    expect(reading.isDone).toBe(true);
  });
});

describe("a consumer whose topic was made anew", () => {
  it("takes it from its beginning, and counts nothing of the old one any more", () => {
    const reading = new Reading(at(0n, 0n), null, true);
    reading.join([0, 1]);
    for (const offset of [0n, 1n, 2n]) reading.take(0, offset);
    reading.finish(0, 0n, 0);
    expect([reading.isBefore(0, 2n), reading.isBefore(0, 3n), reading.isBefore(1, 0n)]).toEqual([true, false, false]);
    expect(reading.renew()).toEqual(at(0n, 0n));
    expect([reading.era, reading.generation]).toEqual([1, 2]);
    expect(reading.toCommit).toEqual(at(0n)); // what was committed means other messages now
    reading.finish(0, 2n, 0); // was still in the reader's hands
    expect(reading.toCommit).toEqual(at(0n));
    expect([reading.take(0, 0n), reading.take(0, 0n), reading.take(1, 0n)]).toEqual([true, false, true]);
    reading.finish(0, 0n, 1);
    expect(reading.toCommit).toEqual(at(1n));
    expect(reading.join([0, 1])).toEqual(at(1n, 1n));
  });

  it("is done when it had ends to stop at", () => {
    const reading = new Reading(at(0n), at(9n), false);
    reading.join([0]);
    reading.take(0, 0n);
    reading.renew();
    expect(reading.isDone).toBe(true);
  });
});

describe("a queue whose items are not all wanted any more", () => {
  it("keeps the others in order, and has room for what went", async () => {
    const queue = new Queue<number>(10, () => 2);
    let isRead = false;
    for (const n of [1, 2, 3, 4, 5]) queue.push(n);
    queue.whenEmpty(() => {
      isRead = true;
    });
    expect([await queue.next(), await queue.room(0)]).toEqual([1, true]);
    queue.push(6);
    expect(await queue.room(0)).toBe(false);
    queue.keep((n) => n % 2 === 1);
    expect(await queue.room(0)).toBe(true);
    expect([await queue.next(), await queue.next()]).toEqual([3, 5]);
    queue.end();
    expect([await queue.next(), isRead]).toEqual([undefined, true]);
  });
});
