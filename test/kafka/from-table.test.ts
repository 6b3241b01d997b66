// @module-tag long
import { Kafka, logLevel, type Producer } from "kafkajs";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { describeGroup } from "../../src/kafka/admin/groups";
import { createTopic } from "../../src/kafka/admin/topics";
import { withAdmin } from "../../src/kafka/client/connection";
import { pollAlert } from "../../src/kafka/read/poll";
import { subscribe } from "../../src/kafka/read/subscribe";
import { makeAlert } from "../helpers/alerts";
import { alerts } from "../helpers/alerts-command";

const bootstrap = inject("bootstrap");
const beginMs = Date.UTC(2026, 0, 1);
let producer: Producer;
beforeAll(async () => {
  producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
});
afterAll(() => producer.disconnect());

const send = (topic: string, first: number, count: number) =>
  producer.send({
    topic,
    messages: Array.from({ length: count }, (_, i) => ({
      value: makeAlert(first + i).bytes,
      timestamp: String(beginMs + (first + i) * 1000), // one a second
      partition: 0,
    })),
  });

/** A topic of five alerts, one a second, and a group that has read the first one. */
async function stock(topic: string, group?: string): Promise<void> {
  await createTopic(topic, { bootstrap, partitions: 1, retentionHours: -1 });
  await send(topic, 0, 5);
  if (group === undefined) return;
  await withAdmin({ bootstrap }, (admin) => admin.commitOffsets(group, topic, new Map([[0, 1n]])));
}

const offsetOf = ({ origin }: Alert) => (origin.kind === "kafka" ? Number(origin.offset) : -1);
const froms = { earliest: "earliest", latest: "latest", time: "2026-01-01T00:00:02" } as const;
type Row = [from: keyof typeof froms, group: "none" | "new" | "known", expected: number[]];
const table: Row[] = [
  ["earliest", "none", [0, 1, 2, 3, 4, 5]],
  ["earliest", "new", [0, 1, 2, 3, 4, 5]],
  ["earliest", "known", [1, 2, 3, 4, 5]],
  ["latest", "none", [5]],
  ["latest", "new", [5]],
  ["latest", "known", [1, 2, 3, 4, 5]],
  ["time", "none", [2, 3, 4, 5]],
  ["time", "new", [2, 3, 4, 5]],
  ["time", "known", [1, 2, 3, 4, 5]],
];

describe.each(table)("from %s, group %s", (from, kind, expected) => {
  const name = `from-${from}-${kind}`;

  it("is where subscribe begins, and what its group commits", async () => {
    const group = kind === "none" ? undefined : `${name}-g`;
    await stock(name, kind === "known" ? group : undefined);
    const stream = await subscribe(name, { bootstrap, from: froms[from], group, progress: false });
    await send(name, 5, 1); // "latest" was fixed before
    expect((await stream.toArray()).map(offsetOf)).toEqual(expected);
    if (group !== undefined) expect(await describeGroup(group, { bootstrap })).toMatchObject({ lag: 0n });
  });

  it.runIf(from !== "latest")("is where poll begins", async () => {
    const [topic, group] = [`${name}-poll`, kind === "none" ? undefined : `${name}-poll-g`];
    await stock(topic, kind === "known" ? group : undefined);
    const options = { bootstrap, from: froms[from], group };
    expect(offsetOf(await pollAlert(topic, options))).toBe(expected[0]);
    if (group !== undefined) expect(offsetOf(await pollAlert(topic, options))).toBe(expected[1]);
  });
});

describe("the newest so many", () => {
  it("are counted over all partitions by their times, whatever takes offsets besides", async () => {
    const topic = "from-last";
    await createTopic(topic, { bootstrap, partitions: 2, retentionHours: -1 });
    const transactional = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer({
      transactionalId: "from-last",
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await transactional.connect();
    for (const [n, isKept] of [true, false, true, true, false].entries()) {
      const transaction = await transactional.transaction();
      const messages = [0, 1].map((partition) => ({
        partition,
        value: makeAlert(2 * n + partition).bytes,
        timestamp: String(beginMs + (2 * n + partition) * 1000),
      }));
      await transaction.send({ topic, messages });
      await (isKept ? transaction.commit() : transaction.abort());
    }
    await transactional.disconnect();
    const times = async (last: number) =>
      (await (await subscribe(topic, { bootstrap, last, progress: false })).toArray())
        .map(({ origin }) => (origin.kind === "kafka" ? (origin.timestampMs - beginMs) / 1000 : -1))
        .sort((a, b) => a - b);
    expect(await times(3)).toEqual([5, 6, 7]);
    expect(await times(1)).toEqual([7]);
    expect(await times(50)).toEqual([0, 1, 4, 5, 6, 7]);
    expect((await pollAlert(topic, { bootstrap, from: "newest" })).origin).toMatchObject({
      timestampMs: beginMs + 7000,
    });
    expect((await pollAlert(topic, { bootstrap, last: 2 })).origin).toMatchObject({ timestampMs: beginMs + 6000 });
    for (const options of [{ last: 0 }, { last: 1.5 }, { last: 3, from: "latest" }, { last: 3, group: "g" }]) {
      expect(() => subscribe(topic, { bootstrap, ...options })).toThrow(expect.objectContaining({ code: "USAGE" }));
    }
  });
});

describe("print", () => {
  it("with a group and a number commits the last one, and begins a new group where --from says", async () => {
    await stock("from-print");
    const print = async (...args: string[]) => {
      const all = ["print", "from-print", "-g", "from-print-g", "--json", ...args];
      const { stdout } = await alerts(all, { env: { KAFKA_BOOTSTRAP: bootstrap } });
      const lines = stdout.trim().split("\n").filter(Boolean);
      return lines.map((line) => String(JSON.parse(line).offset));
    };
    expect(await print("-n", "1", "--from", froms.time)).toEqual(["2"]);
    expect(await print("-n", "1", "--from", froms.time)).toEqual(["3"]);
    expect(await print()).toEqual(["4"]);
  });
});
