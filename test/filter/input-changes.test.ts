// @module-tag long
import { type Admin, Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { createTopic, deleteTopic } from "../../src/kafka/admin/topics";
import { runFilters } from "../../src/kafka/filter/filter";
import { makeAlert } from "../helpers/alerts";
import { needs } from "../helpers/data";
import { placeOf, readCommitted } from "./committed";

const bootstrap = inject("bootstrap");
const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
const quiet = { bootstrap, progress: false, capPerVisit: Number.POSITIVE_INFINITY };
let admin: Admin;
beforeAll(async () => {
  admin = kafka.admin();
  await admin.connect();
});
afterAll(() => admin.disconnect());

const all = (name: string) => ({ name, accepts: () => true });

/** Sends so many alerts to each of the partitions, with a client that knows the topic as it is now. */
async function send(topic: string, partitions: readonly number[], each: number): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  const messages = partitions.flatMap((partition) =>
    Array.from({ length: each }, (_, n) => ({ partition, key: `object${n}`, value: makeAlert(n).bytes })),
  );
  await producer.send({ topic, messages });
  await producer.disconnect();
}

const offsets = async (groupId: string, topic: string) =>
  (await admin.fetchOffsets({ groupId, topics: [topic] }))[0]!.partitions.map(({ offset }) => Number(offset));
const deleteBefore = async (topic: string, offset: number) => {
  await admin.fetchTopicOffsets(topic); // kafkajs looks for the leader only among the topics it has been asked about
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] });
};

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await isSo()); await new Promise((resolve) => setTimeout(resolve, 50))) {
    if (Date.now() > end) throw new Error(`not within 30 s: ${what}`);
  }
}
const reached = (group: string, topic: string, sum: number) =>
  until(`group ${group} at ${sum}`, async () => {
    const places = await offsets(group, topic).catch(() => []); // while the topic is away
    return places.reduce((all, offset) => all + Math.max(0, offset), 0) === sum;
  });

/** A job that goes on until it is told to stop. */
function start(topic: string, group: string, name: string) {
  const stop = new AbortController();
  const said: string[] = [];
  const onWarning = (line: string) => void said.push(line);
  const options = { ...quiet, group, filters: [all(name)], until: "forever" as const, signal: stop.signal, onWarning };
  const report = runFilters(topic, options);
  const end = () => {
    stop.abort();
    return report;
  };
  return { end, said };
}

describe.skipIf(needs.python())("an input that is changed while a job runs", () => {
  it("loses nothing when it is given more partitions than the output has", async () => {
    const [topic, group, out] = ["i-more", "i-more-team", "i-more-out"];
    await createTopic(topic, { bootstrap, partitions: 4 });
    await send(topic, [0, 1, 2, 3], 10);
    const first = start(topic, group, out);
    await reached(group, topic, 40);
    await admin.createPartitions({ topicPartitions: [{ topic, count: 8 }] });
    // without a leader for one of them kafkajs would send all of it again
    await until("8 leaders", async () => (await admin.fetchTopicOffsets(topic).catch(() => [])).length === 8);
    await send(topic, [0, 1, 2, 3, 4, 5, 6, 7], 10);
    // each of two members gets two of the new partitions
    const second = start(topic, group, out);
    await reached(group, topic, 120);
    const reports = [await first.end(), await second.end()];
    expect(reports.map(({ balanced }) => balanced)).toEqual([true, true]);
    expect(reports.reduce((sum, { filters }) => sum + filters[0]!.selected, 0)).toBe(120);
    const expected = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((partition) =>
      Array.from({ length: partition < 4 ? 20 : 10 }, (_, offset) => `${topic}/${partition}/${offset}`),
    );
    expect(readCommitted(bootstrap, `${topic}.${out}`).map(placeOf).sort()).toEqual(expected.sort());
  });

  it("is decided from its beginning when it is deleted and recreated", async () => {
    const [topic, group, out] = ["i-recreated", "i-recreated-team", "i-recreated-out"];
    await createTopic(topic, { bootstrap, partitions: 1 });
    await send(topic, [0], 125);
    const job = start(topic, group, out);
    await reached(group, topic, 125);
    await deleteTopic(topic, { bootstrap });
    await createTopic(topic, { bootstrap, partitions: 1 });
    await send(topic, [0], 40);
    await reached(group, topic, 40);
    await send(topic, [0], 10);
    await reached(group, topic, 50);
    expect(await job.end()).toMatchObject({ read: 175, balanced: true });
    const places = readCommitted(bootstrap, `${topic}.${out}`).map(placeOf);
    expect([places.length, new Set(places).size]).toEqual([175, 125]); // 50 places of the old topic came again
  });
});

describe("what Kafka deleted before it was read", () => {
  const job = (topic: string, options: object = {}) => {
    const said: string[] = [];
    const onWarning = (line: string) => void said.push(line);
    return runFilters(topic, { ...quiet, filters: [all(`${topic}-a`)], group: topic, onWarning, ...options }).then(
      ({ read, balanced }) => ({ read, balanced, said }),
    );
  };

  it("is named, and the job goes on at what there is", async () => {
    const topic = "i-gone";
    await createTopic(topic, { bootstrap, partitions: 1 });
    await send(topic, [0], 100);
    await job(topic);
    await send(topic, [0], 100);
    await deleteBefore(topic, 150);
    const gone = expect.stringMatching(
      /Kafka deleted offsets 100 to 149 in partition 0 of "i-gone" before group "i-gone"/,
    );
    expect(await job(topic)).toEqual({ read: 50, balanced: true, said: [gone] });
    expect(await offsets(topic, topic)).toEqual([200]);
    // all of it
    await send(topic, [0], 100);
    await deleteBefore(topic, 300);
    const rest = expect.stringMatching(/offsets 200 to 299/);
    expect(await job(topic)).toEqual({ read: 0, balanced: true, said: [rest] });
    expect(await offsets(topic, topic)).toEqual([200]);
    await send(topic, [0], 5);
    expect(await job(topic)).toMatchObject({ read: 5, balanced: true });
  });

  it("leaves a filter that was left behind where it was, until it is resumed", async () => {
    const topic = "i-left";
    const busy = (ms: number) => {
      for (const end = performance.now() + ms; performance.now() < end; );
      return true;
    };
    const filters = [all(`${topic}-a`), all(`${topic}-b`)];
    const slow = [filters[0]!, { name: `${topic}-b`, accepts: (_: Alert) => busy(50) }];
    await createTopic(topic, { bootstrap, partitions: 1 });
    await send(topic, [0], 100);
    await job(topic, { filters });
    await send(topic, [0], 100);
    expect(await job(topic, { filters: slow })).toMatchObject({ read: 100, balanced: false });
    expect(await offsets(topic, topic)).toEqual([200]);

    await deleteBefore(topic, 150);
    const gone = expect.stringMatching(/offsets 100 to 149 .* before group "i-left"/);
    expect(await job(topic, { filters, resume: `${topic}-b` })).toEqual({ read: 50, balanced: true, said: [gone] });
    expect(await offsets(topic, topic)).toEqual([200]);

    // an offset that somebody else has set is where all go on, here at the first message there is
    await deleteBefore(topic, 170);
    await admin.resetOffsets({ groupId: topic, topic, earliest: true });
    const lost = expect.stringMatching(/no longer had the offset of group "i-left", which goes on at 170/);
    expect(await job(topic, { filters })).toEqual({ read: 30, balanced: true, said: [lost] });
    expect(await offsets(topic, topic)).toEqual([200]);
  });
});
