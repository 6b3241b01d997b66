import { expect, it } from "vitest";
import { blockAlerts, newOutcome, Round } from "./round";

/** What each filter is given, in order, when it decides `step` alerts at a time. */
function order(alerts: number, filters: boolean[], step: number, leave?: { filter: number; at: number }) {
  const round = new Round(
    Array.from({ length: alerts }, () => ({})) as never,
    filters.map((isHere) => (isHere ? newOutcome() : undefined)),
  );
  const seen: [number, number][] = [];
  while (round.next()) {
    const { filter } = round;
    for (const end = Math.min(round.end, round.at + step); round.at < end; round.at++) seen.push([filter, round.at]);
    if (leave && leave.filter === filter && round.at > leave.at) round.outcomes[filter] = undefined;
  }
  return seen;
}

it("a round gives every alert to every filter once, block by block, in the order of both", () => {
  const [alerts, filters] = [2 * blockAlerts + 5, 3];
  const expected: [number, number][] = [];
  for (let from = 0; from < alerts; from += blockAlerts) {
    for (let filter = 0; filter < filters; filter++) {
      for (let at = from; at < Math.min(from + blockAlerts, alerts); at++) expected.push([filter, at]);
    }
  }
  for (const step of [1, 7, blockAlerts]) expect(order(alerts, [true, true, true], step)).toEqual(expected);
});

it("a round passes over filters that do not decide it, and ends when none does", () => {
  const seen = order(100, [false, true, true], blockAlerts, { filter: 1, at: 40 });
  expect(seen.filter(([filter]) => filter === 2).map(([, at]) => at)).toEqual(Array.from({ length: 100 }, (_, n) => n));
  expect(seen.filter(([filter]) => filter === 1).length).toBe(64);
  expect([order(100, [false, false], 1), order(0, [true], 1)]).toEqual([[], []]);
});
