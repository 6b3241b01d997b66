import { describe, expect, inject, it } from "vitest";
import { createTopic, describeTopic, resetTopic } from "../../src/kafka/admin/topics";
import { publish } from "../../src/kafka/publish/publish";
import { subscribe } from "../../src/kafka/read/subscribe";
import { makeAlert, realZtf } from "../helpers/alerts";
import { needs } from "../helpers/data";
import { runPython } from "../helpers/python";

const bootstrap = inject("bootstrap");
const quiet = { bootstrap, progress: false };

/** Another client and another decoder: librdkafka and fastavro. */
const consumer = `
import sys, json, io, fastavro
from confluent_kafka import Consumer, TopicPartition
bootstrap, topic, form, schema = sys.argv[1:5]
c = Consumer({"bootstrap.servers": bootstrap, "group.id": "oracle", "enable.auto.commit": False, "fetch.message.max.bytes": 20000000})
parts = c.list_topics(topic, timeout=20).topics[topic].partitions
ends = {p: c.get_watermark_offsets(TopicPartition(topic, p), timeout=20) for p in parts}
c.assign([TopicPartition(topic, p, ends[p][0]) for p in parts])
want = sum(hi - lo for lo, hi in ends.values())
writer = None if form == "container" else fastavro.parse_schema(json.loads(schema))
out = []
while len(out) < want:
    m = c.poll(20)
    assert m is not None and m.error() is None, m and m.error()
    f = io.BytesIO(m.value())
    r = next(fastavro.reader(f)) if form == "container" else fastavro.schemaless_reader(f, writer)
    out.append([m.partition(), m.offset(), m.key().decode(), str(r["candid"]), r["objectId"], r["candidate"]["magpsf"], dict((k, v.decode()) for k, v in m.headers())])
c.close()
print(json.dumps(out))
`;

describe("publish", () => {
  it.skipIf(needs.data() || needs.python())("is read by librdkafka and fastavro in both wire forms", async () => {
    const alerts = realZtf();
    for (const form of ["container", "bare"] as const) {
      const topic = `oracle-${form}`;
      // bare records carry no schema, so all of a topic must share one
      const sent = form === "bare" ? alerts.filter((alert) => alert.schema === alerts[5]!.schema) : alerts;
      const report = await publish(sent, { bootstrap, topic, form, fast: true });
      expect(report.alerts).toBe(sent.length);
      const rows = JSON.parse(runPython(consumer, [bootstrap, topic, form, sent[0]!.schema.text])) as any[];
      const expected = new Map(sent.map((alert) => [String(alert.alertId), alert]));
      expect(rows.length).toBe(sent.length);
      for (const [, , key, candid, objectId, magpsf, headers] of rows) {
        const alert = expected.get(candid)!;
        expect([key, objectId, magpsf]).toEqual([alert.objectId, alert.objectId, alert.mag]);
        expect(Number(headers.producer_timestamp)).toBeGreaterThan(1.7e12);
      }
      expect(new Set(rows.map((row) => row[3])).size).toBe(sent.length);
    }
  });

  it("sends visit by visit in the order of observation, one object in one partition", async () => {
    const order = [5, 1, 4, 2, 3, 0];
    const alerts = order.flatMap((n) => [
      makeAlert(n, { jd: 2460000.5 + n, objectId: "ZTF18same" }),
      makeAlert(n + 10, { jd: 2460000.5 + n, objectId: `ZTF18other${n}` }),
    ]);
    const visits: number[] = [];
    const report = await publish(alerts, {
      bootstrap,
      topic: "order",
      fast: true,
      onVisit: (visit) => visits.push(Math.round(visit.mjdUtc)),
    });
    expect(report).toMatchObject({ visits: 6, alerts: 12, capped: 0, interrupted: false });
    expect(visits).toEqual([...visits].sort((a, b) => a - b));
    const back = await (await subscribe("order", quiet)).filter((a) => a.objectId === "ZTF18same").toArray();
    expect(back.map((a) => Math.round(a.mjdUtc))).toEqual(visits);
    expect(new Set(back.map((a) => (a.origin.kind === "kafka" ? a.origin.partition : -1))).size).toBe(1);
  });

  it("caps a visit and says how many were left out", async () => {
    const alerts = Array.from({ length: 9 }, (_, n) => makeAlert(n, { jd: 2460000.5 + Math.floor(n / 5) }));
    const report = await publish(alerts, { bootstrap, topic: "cap", fast: true, maxPerVisit: 3 });
    expect(report).toMatchObject({ visits: 2, alerts: 6, capped: 3 });
    expect((await describeTopic("cap", { bootstrap })).messages).toBe(6n);
  });

  it("carries messages of nearly 10 MB, and refuses larger ones by name of the limit", async () => {
    const big = makeAlert(1, { padding: 9_900_000 });
    await publish([big], { bootstrap, topic: "big", fast: true });
    const [back] = await (await subscribe("big", quiet)).toArray();
    expect(back!.bytes.equals(big.bytes)).toBe(true);
    await expect(
      publish([makeAlert(2, { padding: 10_100_000 })], { bootstrap, topic: "big", fast: true }),
    ).rejects.toMatchObject({ code: "USAGE", message: expect.stringContaining("at most 10 MB") });
  });

  it("stops on request and reports what was acknowledged", async () => {
    const controller = new AbortController();
    const alerts = Array.from({ length: 30 }, (_, n) => makeAlert(n, { jd: 2460000.5 + n }));
    await resetTopic("stopped", { bootstrap });
    const report = await publish(alerts, {
      bootstrap,
      topic: "stopped",
      secondsPerVisit: 30,
      signal: controller.signal,
      onVisit: () => controller.abort(),
    });
    expect(report).toMatchObject({ interrupted: true, visits: 1, alerts: 1 });
    expect((await describeTopic("stopped", { bootstrap })).messages).toBe(1n);
  });

  it("says in Kafka's own words why a topic cannot be made", async () => {
    await createTopic("clash.a", { bootstrap });
    await expect(publish([makeAlert(1)], { bootstrap, topic: "clash_a", fast: true })).rejects.toMatchObject({
      code: "KAFKA_REFUSED",
      message: expect.stringContaining("Topic 'clash_a' collides with existing topic: clash.a"),
    });
  });

  it("makes no topic for an empty night, and refuses more partitions than a topic has", async () => {
    expect(await publish([], { bootstrap, topic: "no-night" })).toMatchObject({ visits: 0, alerts: 0 });
    await expect(describeTopic("no-night", { bootstrap })).rejects.toMatchObject({ code: "TOPIC_ABSENT" });
    await resetTopic("three", { bootstrap, partitions: 3 });
    const send = (partitions: number) => publish([makeAlert(1)], { bootstrap, topic: "three", fast: true, partitions });
    await expect(send(4)).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining('at most 3 partitions, which "three" has'),
    });
    expect((await describeTopic("three", { bootstrap })).messages).toBe(0n);
    expect((await send(2)).alerts).toBe(1);
  });

  it("refuses senseless settings before anything is sent", async () => {
    const topic = "never";
    for (const wrong of [
      { secondsPerVisit: -1 },
      { secondsPerVisit: 0 },
      { secondsPerVisit: 1, fast: true },
      { speed: 0 },
      { speed: 2, secondsPerVisit: 1 },
      { maxPerVisit: 0 },
      { partitions: 0 },
    ]) {
      await expect(publish([makeAlert(1)], { bootstrap, topic, ...wrong })).rejects.toMatchObject({ code: "USAGE" });
    }
    await expect(describeTopic(topic, { bootstrap })).rejects.toMatchObject({ code: "TOPIC_ABSENT" });
  });
});
