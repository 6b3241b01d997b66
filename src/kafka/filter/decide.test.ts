import { describe, expect, it } from "vitest";
import { makeAlert } from "../../../test/helpers/alerts";
import type { Alert } from "../../alert/alert";
import { BootcampError } from "../../errors";
import { cut } from "../../select/cut";
import { readDeadHeaders } from "../dead-letters/dead-letter";
import type { Message } from "../read/consume";
import { Decider, turnsOf } from "./decide";
import { blockAlerts } from "./slowness";

const message = (value: Buffer, offset = 0, headers: object = {}): Message =>
  ({
    partition: 0,
    offset: BigInt(offset),
    message: { key: null, value, headers, offset: String(offset), timestamp: "0" },
  }) as unknown as Message;

function decide(
  values: Buffer[],
  filters: Record<string, (alert: Alert) => boolean>,
  headers: object = {},
  schema?: string,
) {
  const planned = Object.entries(filters).map(([name, accepts]) => ({ name, accepts, topic: `in.${name}` }));
  const decider = new Decider("in", planned, { capPerVisit: Number.POSITIVE_INFINITY, slowMs: 20, schema });
  const messages = values.map((value, n) => message(value, n, headers));
  return decider.decide(messages, {}, async () => {});
}

describe("an alert of which a field cannot be read", () => {
  it("is a dead letter for the filter that reads it, and decided by the others", async () => {
    const values = [15, 16, 17].map((mag, n) => makeAlert(n, { mag }).bytes);
    const history = (a: Alert) => {
      if (a.mag === 16) return (null as unknown as Alert[]).length > 0; // as an item of a history that is null
      return true;
    };
    const limit = cut<Alert>("long", (a) => Number(history(a)), { min: 1 });
    const decided = await decide(values, { history, limit, all: () => true });
    expect(decided.outcomes.map((one) => [one!.selected.length, one!.rejected, one!.letters.length])).toEqual([
      [2, 0, 1],
      [2, 0, 1],
      [3, 0, 0],
    ]);
    const [letter] = decided.outcomes[0]!.letters;
    expect(readDeadHeaders(letter!.headers)).toMatchObject({
      code: "SELECTION",
      filter: "history",
      reason: expect.stringMatching(/null/),
      offset: 1n,
    });
  });
});

describe("bytes that Kafka's reader could not unpack", () => {
  it("are a dead letter with their place and the reason, also where headers are damaged", async () => {
    const error = new BootcampError("BATCH_CORRUPT", "Expected a zstd batch, its bytes do not expand");
    const damaged = {
      get headers() {
        throw new RangeError("a header ends after its record");
      },
    };
    const value = makeAlert(1).bytes;
    const messages = [
      { ...message(value, 7), error },
      { ...message(value, 8), message: damaged as never },
    ];
    const planned = [{ name: "all", topic: "in.all", accepts: () => true }];
    const decider = new Decider("in", planned, { capPerVisit: 1, slowMs: 20 });
    const decided = await decider.decide(messages, {}, async () => {});
    expect(decided.undecodable.map(({ headers }) => readDeadHeaders(headers))).toEqual([
      expect.objectContaining({ code: "BATCH_CORRUPT", filter: null, partition: 0, offset: 7n }),
      expect.objectContaining({ filter: null, partition: 0 }),
    ]);
    expect(decided.read).toBe(2);
  });
});

describe("headers without a value", () => {
  it("go along into the output and into dead letters", async () => {
    const headers = { trace: null, twice: [Buffer.from("1"), null], empty: Buffer.alloc(0) };
    const values = [makeAlert(1).bytes, Buffer.from("no alert")];
    const decided = await decide(values, { all: () => true }, headers);
    expect(decided.outcomes[0]!.selected.map((one) => one.headers)).toEqual([expect.objectContaining(headers)]);
    expect(decided.undecodable.map((one) => one.headers)).toEqual([expect.objectContaining(headers)]);
    const named = { reason: null, filter: null, "bootcamp-topic": null } as never;
    expect(readDeadHeaders(named)).toMatchObject({ code: "", reason: "", filter: null, topic: "" });
  });
});

describe("fields that are named like what every object has", () => {
  it.each(["constructor", "toString", "__proto__", "hasOwnProperty"])("%s is a field like any other", async (name) => {
    const schema = {
      type: "record",
      name: "odd",
      fields: [
        { name: "mag", type: "double" },
        { name, type: "double" },
      ],
    };
    const value = Buffer.alloc(16);
    value.writeDoubleLE(16, 0);
    value.writeDoubleLE(17, 8);
    const bright = (a: Alert) => a.packet.mag < 18;
    const own = (a: Alert) => a.packet[name] === 17;
    const decided = await decide([value], { bright, own }, {}, JSON.stringify(schema));
    expect(decided.outcomes.map((one) => [one!.selected.length, one!.letters.length])).toEqual([
      [1, 0],
      [1, 0],
    ]);
  });
});

const alertMessages = (count: number) => numbers(count).map((n) => message(makeAlert(n).bytes, n));
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
  return { seen, decided: await decider.decide(alertMessages(count), who, async () => {}) };
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
