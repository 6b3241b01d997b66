import { readdirSync, readFileSync } from "node:fs";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { decodeAlert } from "../../src/alert/decode";
import { describeGroup, resetGroup } from "../../src/kafka/admin/groups";
import { createTopic } from "../../src/kafka/admin/topics";
import { publish } from "../../src/kafka/publish/publish";
import { pollAlert } from "../../src/kafka/read/poll";
import { errorOf } from "../files/make";
import { makeAlert } from "../helpers/alerts";
import { dataFolder, needs } from "../helpers/data";

const bootstrap = inject("bootstrap");
const send = (topic: string, alerts: Alert[], form?: "bare" | "confluent") =>
  publish(alerts, { bootstrap, topic, fast: true, partitions: 1, form });
const many = (count: number, first = 0) => Array.from({ length: count }, (_, n) => makeAlert(first + n));
const committed = async (group: string) => (await describeGroup(group, { bootstrap })).partitions[0]?.committed;

const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
const producer = kafka.producer();
beforeAll(() => producer.connect());
afterAll(() => producer.disconnect());

describe("pollAlert", () => {
  it("gives the oldest, the newest, and the first of a time", async () => {
    await send("poll-which", many(3));
    const middle = new Date(Date.now() + 1);
    while (Date.now() <= middle.getTime()); // the next messages get a later millisecond
    await send("poll-which", many(3, 10));
    const idOf = async (from?: string | Date) => (await pollAlert("poll-which", { bootstrap, from })).alertId;
    expect(await idOf()).toBe(makeAlert(0).alertId);
    expect(await idOf("newest")).toBe(makeAlert(12).alertId);
    expect(await idOf(middle)).toBe(makeAlert(10).alertId);
  });

  it("waits for the next one published with from latest", { tags: ["long"] }, async () => {
    await send("poll-next", many(2));
    const next = pollAlert("poll-next", { bootstrap, from: "latest", waitSeconds: 30 });
    let isPublished = false;
    // the position is fixed a moment after the call: publishing until it is answered leaves no race
    const publishing = (async () => {
      for (let n = 50; !isPublished; n++) await send("poll-next", many(1, n));
    })();
    const alert = await next;
    isPublished = true;
    await publishing;
    expect(alert.alertId! >= makeAlert(50).alertId!).toBe(true);
  });

  it("says that other members of its group have all partitions, instead of that nothing is new", {
    tags: ["long"],
  }, async () => {
    await send("poll-shared", many(3));
    const group = "poll-shared-team";
    // partitions are dealt out in the order of the members' names, which begin with those of their clients
    const first = new Kafka({ brokers: [bootstrap], clientId: "a", logLevel: logLevel.NOTHING });
    const other = first.consumer({ groupId: group });
    await other.connect();
    await other.subscribe({ topic: "poll-shared" });
    const joined = new Promise((resolve) => other.on(other.events.GROUP_JOIN, resolve));
    await other.run({ autoCommit: false, eachBatch: async () => {} });
    await joined;
    const error = await errorOf(pollAlert("poll-shared", { bootstrap, group, waitSeconds: 1 }));
    await other.disconnect();
    expect(error).toMatchObject({ code: "NOTHING_NEW", message: expect.stringContaining("other members have all") });
  });

  it("goes on where its group stopped, and counts an alert only once it is delivered", async () => {
    await send("poll-group", many(3));
    const options = { bootstrap, group: "poll-group-jo" };
    expect((await pollAlert("poll-group", options)).alertId).toBe(makeAlert(0).alertId);
    expect(await committed(options.group)).toBe(1n);
    const full = new Error("the disk is full");
    const broken = pollAlert("poll-group", {
      ...options,
      deliver: () => {
        throw full;
      },
    });
    expect((await errorOf(broken)).message).toContain("the disk is full");
    expect(await committed(options.group)).toBe(1n);
    const seen: unknown[] = [];
    for (let n = 0; n < 2; n++)
      await pollAlert("poll-group", { ...options, deliver: (alert) => void seen.push(alert.alertId) });
    expect(seen).toEqual([makeAlert(1).alertId, makeAlert(2).alertId]);
    const nothing = await errorOf(pollAlert("poll-group", { ...options, waitSeconds: 0.3 }));
    expect(nothing).toMatchObject({ code: "NOTHING_NEW", message: expect.stringContaining("within 0.3 s, none came") });
    await resetGroup(options.group, "poll-group", "earliest", { bootstrap });
    expect((await pollAlert("poll-group", options)).alertId).toBe(makeAlert(0).alertId);
  });

  it("stops before a message that cannot be decoded, and passes over it when asked", async () => {
    await createTopic("poll-damaged", { bootstrap, partitions: 1 });
    const values = [makeAlert(1).bytes.subarray(0, 300), makeAlert(2).bytes];
    await producer.send({ topic: "poll-damaged", messages: values.map((value) => ({ value })) });
    const options = { bootstrap, group: "poll-damaged-jo" };
    for (let n = 0; n < 2; n++) {
      const error = await errorOf(pollAlert("poll-damaged", options));
      expect(error).toMatchObject({ code: expect.stringMatching(/^AVRO_/), where: "poll-damaged[0]@0" });
      expect(error.remedy).toContain("--skip");
    }
    expect((await pollAlert("poll-damaged", { ...options, skip: true })).alertId).toBe(makeAlert(2).alertId);
    expect(await committed(options.group)).toBe(2n);
  });

  it("says that a topic is absent or empty within its time, and refuses senseless options", {
    tags: ["long"],
  }, async () => {
    const absent = await errorOf(pollAlert("poll-nowhere", { bootstrap, waitSeconds: 0.2 }));
    expect(absent).toMatchObject({ code: "TOPIC_ABSENT", remedy: expect.stringContaining("launch_alert_system") });
    await createTopic("poll-empty", { bootstrap });
    for (const group of [undefined, "poll-empty-jo"]) {
      const empty = await errorOf(pollAlert("poll-empty", { bootstrap, waitSeconds: 0.2, group }));
      expect(empty.code).toBe("TOPIC_EMPTY");
    }
    const both = pollAlert("poll-empty", { bootstrap, from: "newest", group: "g" });
    expect((await errorOf(both)).code).toBe("USAGE");
    expect((await errorOf(pollAlert("poll-empty", { bootstrap, waitSeconds: -1 }))).code).toBe("USAGE");
    const stopped = pollAlert("poll-empty", { bootstrap, waitSeconds: 60, signal: AbortSignal.timeout(100) });
    expect((await errorOf(stopped)).code).toBe("ABORTED");
  });

  it.skipIf(needs.data())("reads Rubin's message by its id and ELAsTiCC's bare record by a schema", async () => {
    const rubin = readFileSync(dataFolder("lsst/7912941781254298.confluent.avro"));
    await createTopic("poll-rubin", { bootstrap, partitions: 1 });
    await producer.send({ topic: "poll-rubin", messages: [{ value: rubin }] });
    const alert = await pollAlert("poll-rubin", { bootstrap });
    expect(alert.survey).toBe("lsst");
    expect(alert.bytes.equals(rubin)).toBe(true);

    const [name] = readdirSync(dataFolder("elasticc")).filter((each) => each.endsWith(".avro"));
    const original = decodeAlert(readFileSync(dataFolder("elasticc", name!)));
    await send("poll-elasticc", [original], "bare");
    const options = { bootstrap, group: "poll-elasticc-jo" };
    const error = await errorOf(pollAlert("poll-elasticc", options));
    expect(error).toMatchObject({ where: "poll-elasticc[0]@0", remedy: expect.stringContaining("--schema") });
    const polled = await pollAlert("poll-elasticc", { ...options, schema: original.schema.text });
    expect(polled.packet.diaSource.diaSourceId).toBe(original.packet.diaSource.diaSourceId);
  });
});
