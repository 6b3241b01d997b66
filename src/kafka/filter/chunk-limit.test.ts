import { expect, it } from "vitest";
import { MessageLimit } from "./chunk";

it("a limit counts what is done, and what is under way as long as it may be", () => {
  const limit = new MessageLimit(10);
  const first = limit.take(6);
  const second = limit.take(4);
  expect([limit.room, limit.isReached]).toEqual([0, false]);
  first.done();
  second.keep(1); // the others were not needed
  expect([limit.room, limit.isReached]).toEqual([3, false]);
  second.giveBack();
  expect([limit.room, limit.isReached]).toEqual([4, false]);
  limit.take(4).done();
  expect([limit.room, limit.isReached, new MessageLimit(Number.POSITIVE_INFINITY).room]).toEqual([
    0,
    true,
    Number.POSITIVE_INFINITY,
  ]);
});
