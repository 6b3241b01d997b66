// Alerts per second through a Kafka on this machine, and librdkafka (confluent-kafka in Python) over the same topic.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const data = process.env.BOOTCAMP_TEST_DATA;
if (!data) {
  console.log("needs BOOTCAMP_TEST_DATA: a folder with real alerts in ztf/");
  process.exit(0);
}
process.env.BOOTCAMP_HOME = mkdtempSync(join(tmpdir(), "bootcamp-bench-"));
const bootcamp = createRequire(import.meta.url)(join(root, "dist/index.js"));
const { bootstrap } = await bootcamp.startEngine({ engine: "local", port: 0 });
const topic = "bench";
const copies = 40;

const alerts = readdirSync(join(data, "ztf")).flatMap((name) => [
  ...bootcamp.decodeAlerts(readFileSync(join(data, "ztf", name))),
]);
const visit = { id: "one", mjdUtc: 60000, field: 1, alerts: Array.from({ length: copies }, () => alerts).flat() };

const rdkafka = `
import sys, time
from confluent_kafka import Consumer, Producer, TopicPartition
bootstrap, topic, want = sys.argv[1], sys.argv[2], int(sys.argv[3])
c = Consumer({"bootstrap.servers": bootstrap, "group.id": "bench", "enable.auto.commit": False, "fetch.message.max.bytes": 8000000})
parts = c.list_topics(topic, timeout=20).topics[topic].partitions
c.assign([TopicPartition(topic, p, 0) for p in parts])
values = []
start = time.perf_counter()
while len(values) < want:
    m = c.poll(20)
    values.append((m.key(), m.value()))
read = want / (time.perf_counter() - start)
p = Producer({"bootstrap.servers": bootstrap, "acks": "all", "enable.idempotence": True, "message.max.bytes": 10000000, "queue.buffering.max.kbytes": 2000000})
start = time.perf_counter()
for k, v in values:
    p.produce(topic, v, k)
p.flush()
print(read, want / (time.perf_counter() - start))
`;

try {
  const report = await bootcamp.publish([visit], { bootstrap, topic, fast: true });
  const produce = report.alerts / report.seconds;
  const stream = await bootcamp.subscribe(topic, { bootstrap, progress: false });
  const started = performance.now();
  const count = await stream.filter((alert) => alert.mag < 16).count();
  const consume = (report.alerts / (performance.now() - started)) * 1000;
  const peer = spawnSync(join(root, ".bootcamp/venv/bin/python"), [
    "-c",
    rdkafka,
    bootstrap,
    topic,
    String(report.alerts),
  ]);
  const [peerRead, peerWrite] = peer.stdout.toString().trim().split(" ").map(Number);
  const line = (what, ours, theirs) =>
    console.log(
      `${what.padEnd(44)} ${ours.toFixed(0).padStart(7)}/s   confluent-kafka ${theirs.toFixed(0).padStart(7)}/s   ratio ${(ours / theirs).toFixed(2)}`,
    );
  console.log(
    `${report.alerts} alerts of ${(report.bytes / report.alerts / 1000).toFixed(0)} kB, ${count} brighter than 16`,
  );
  line("publish a visit, all replicas acknowledge", produce, peerWrite);
  line("subscribe, decode and cut on magnitude", consume, peerRead);
  const status = await bootcamp.engineStatus();
  console.log(
    `Kafka resident memory: ${JSON.stringify(status.brokers.map((broker) => broker.memoryMB ?? broker.memoryBytes))}`,
  );
} finally {
  await bootcamp.stopEngine();
  rmSync(process.env.BOOTCAMP_HOME, { recursive: true, force: true });
}
