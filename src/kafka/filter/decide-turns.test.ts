import { describe, expect, it } from "vitest";
import { makeAlert } from "../../../test/helpers/alerts";
import type { Alert } from "../../alert/alert";
import type { Message } from "../read/consume";
import { Decider, turnsOf } from "./decide";
import { blockAlerts } from "./slowness";

const messages = (count: number): Message[] =>
  Array.from({ length: count }, (_, n) => ({
    partition: 0,
    offset: BigInt(n),
    message: { key: null, value: makeAlert(n).bytes, headers: {}, offset: String(n), timestamp: "0" },
  }));
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

/** Has alerts decided, and gives which filter was given which of them, in order. */
async function order(count: number, filters: ((n: number) => void)[], turn: number[], absent: number[] = []) {
  const seen: [number, number][] = [];
  const first = makeAlert(0).alertId as bigint;
  const planned = filters.map((work, filter) => ({
    name: `f${filter}`,
    topic: `f${filter}`,
    accepts: (alert: Alert) => {
      const n = Number((alert.alertId as bigint) - first);
      seen.push([filter, n]);
      work(n);
      return true;
    },
  }));
  const decider = new Decider("in", planned, { capPerVisit: Number.POSITIVE_INFINITY, slowMs: 1 });
  const who = { turn: new Set(turn), absent: new Set(absent) };
  return { seen, decided: await decider.decide(messages(count), who, async () => {}) };
}

/** Block by block, each by one filter after the other. */
function blocks(alerts: number, filters: number[]): [number, number][] {
  const expected: [number, number][] = [];
  for (let from = 0; from < alerts; from += blockAlerts) {
    for (const filter of filters) {
      for (let at = from; at < Math.min(from + blockAlerts, alerts); at++) expected.push([filter, at]);
    }
  }
  return expected;
}

describe("the alerts of a chunk", () => {
  const alerts = 2 * blockAlerts + 5;
  const quick = () => {};

  it("are given to every filter once, block by block, in the order of both", async () => {
    const { seen } = await order(alerts, [quick, quick, quick], [0, 1, 2]);
    expect(seen).toEqual(blocks(alerts, [0, 1, 2]));
    const turns = turnsOf(alerts, [0, 1, 2]).flatMap(({ filter, at, end }) =>
      numbers(end - at).map((n) => [filter, at + n]),
    );
    expect(turns).toEqual(seen);
  });

  it("are not given to filters that have decided them or are absent, and to none when there are none", async () => {
    const { seen, decided } = await order(alerts, [quick, quick, quick, quick], [1, 2, 3], [2]);
    expect(seen).toEqual(blocks(alerts, [1, 3]));
    expect(decided.outcomes.map((one) => one?.selected.length)).toEqual([undefined, alerts, undefined, alerts]);
    expect([(await order(100, [quick], [])).seen, (await order(0, [quick], [0])).seen]).toEqual([[], []]);
  });

  it("are not given any more to a filter that is left behind among them", async () => {
    const slow = (n: number) => {
      for (const end = performance.now() + 40; n >= 40 && performance.now() < end; );
    };
    const { seen, decided } = await order(100, [slow, quick], [0, 1]);
    const of = (filter: number) => seen.filter((one) => one[0] === filter).map(([, n]) => n);
    expect(of(1)).toEqual(numbers(100));
    expect(of(0)).toEqual(numbers(of(0).length));
    expect(of(0).length).toBeLessThan(80); // a second of them, looked at three times
    expect(decided.outcomes.map((one) => one?.selected.length)).toEqual([undefined, 100]);
    expect(decided.leaving).toEqual([{ filter: 0, why: expect.stringMatching(/^\d+\.\d ms per alert$/) }]);
    expect([...decided.pending]).toEqual([0]);
  });
});
