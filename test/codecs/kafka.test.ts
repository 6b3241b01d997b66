import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { createTopic } from "../../src/kafka/admin/topics";
import { BrokerConnection } from "../../src/kafka/client/broker-connection";
import { compressionNumbers } from "../../src/kafka/client/codecs";
import { withAdmin } from "../../src/kafka/client/connection";
import { connectionOf } from "../../src/kafka/client/connection-settings";
import { fetchFrom } from "../../src/kafka/client/fetch-request";
import { kafkaClient } from "../../src/kafka/client/kafkajs";
import { batchesIn } from "../../src/kafka/client/record-batch";
import { TopicCluster } from "../../src/kafka/client/topic-cluster";
import { publish } from "../../src/kafka/publish/publish";
import { consume } from "../../src/kafka/read/consume";
import { extentOf } from "../../src/kafka/read/positions";
import { subscribe } from "../../src/kafka/read/subscribe";
import { makeAlert } from "../helpers/alerts";
import { alerts } from "../helpers/alerts-command";
import { dataFolder, needs, python, root } from "../helpers/data";

const names = ["gzip", "snappy", "lz4", "zstd"] as const;
const bootstrap = inject("bootstrap");
const run = Math.random().toString(36).slice(2, 8);
const topicOf = (who: string, codec: string) => `codec-${who}-${codec}-${run}`;
const md5 = (bytes: Buffer) => createHash("md5").update(bytes).digest("hex");

/** Runs a program to its end without standing in the way of this one. */
function program(command: string, args: string[], input = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    child.stdout.on("data", (piece) => (out += piece));
    child.stderr.on("data", (piece) => (err += piece));
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(out) : reject(new Error(`${command} ended with ${code}: ${err}`)),
    );
    child.stdin.end(input);
  });
}
const java = (tool: string, args: string[], input?: string) => {
  const libs = readdirSync(join(root, ".bootcamp")).find((name) => name.startsWith("kafka-"))!;
  return program("java", ["-cp", join(root, ".bootcamp", libs, "libs", "*"), tool, ...args], input);
};

/** Batches of a topic that were compressed so, by the number in their headers. */
async function batchesOf(topic: string, codec: (typeof names)[number]): Promise<number> {
  const cluster = new TopicCluster(topic, connectionOf({ bootstrap }), () => {});
  const { id, brokers, leaders } = await cluster.refresh();
  const broker = await BrokerConnection.open(cluster.connection, [...brokers.values()][0]!);
  const partitions = [...leaders.keys()].map((partition) => ({ partition, offset: 0n }));
  const found = await fetchFrom(broker, { topic, id, partitions, maxBytes: 50_000_000, maxWaitMs: 100 });
  broker.close();
  cluster.close();
  const codecs = found.flatMap(({ records }) => batchesIn(records).map(({ bytes }) => bytes.readInt16BE(21) & 7));
  return codecs.filter((number) => number === compressionNumbers[codec]).length;
}

/** Values of a topic, and how many of its batches are compressed so. */
async function read(topic: string, codec: (typeof names)[number]): Promise<{ values: Buffer[]; batches: number }> {
  const batches = await batchesOf(topic, codec);
  const extent = (await withAdmin({ bootstrap }, (admin) => extentOf(admin, topic)))!;
  const values: Buffer[] = [];
  for await (const { message } of consume(topic, { bootstrap, starts: extent.first, ends: extent.next }))
    values.push(message.value!);
  return { values, batches };
}

describe.skipIf(needs.data() || needs.python())("compressed batches", () => {
  const files = () =>
    readdirSync(dataFolder("ztf"))
      .slice(0, 20)
      .map((name) => dataFolder("ztf", name));

  it.each(names)("%s written by librdkafka is read byte for byte", async (codec) => {
    const topic = topicOf("librdkafka", codec);
    await createTopic(topic, { bootstrap, partitions: 1 });
    const script = `
import sys
from confluent_kafka import Producer
p = Producer({"bootstrap.servers": sys.argv[1], "compression.type": sys.argv[3], "linger.ms": 200, "message.max.bytes": 9000000})
values = [open(path, "rb").read() for path in sys.argv[4:]] + [b"", b"x", bytes(300000)]
for value in values: p.produce(sys.argv[2], value)
assert p.flush(30) == 0
`;
    await program(python, ["-c", script, bootstrap, topic, codec, ...files()]);
    const { values, batches } = await read(topic, codec);
    const sent = [
      ...files().map((file) => readFileSync(file)),
      Buffer.alloc(0),
      Buffer.from("x"),
      Buffer.alloc(300_000),
    ];
    expect(values.map(md5)).toEqual(sent.map(md5));
    expect(batches).toBeGreaterThan(0);
  });

  it.each(["snappy", "zstd"] as const)(
    "%s is no hindrance to doctor, which loads nothing else first",
    async (codec) => {
      const args = ["doctor", "--broker", "--topic", topicOf("librdkafka", codec)];
      const run = await alerts(args, { env: { KAFKA_BOOTSTRAP: bootstrap } });
      expect(run.stdout).toMatch(/✓ topic .*holds 23 alerts/);
    },
  );

  it.each(names)("%s written by Kafka's own Java producer is read byte for byte", { tags: ["long"] }, async (codec) => {
    const topic = topicOf("java", codec);
    await createTopic(topic, { bootstrap, partitions: 1 });
    const lines = files().map((file) => readFileSync(file).toString("base64"));
    const props = [
      "--bootstrap-server",
      bootstrap,
      "--topic",
      topic,
      "--compression-codec",
      codec,
      "--max-partition-memory-bytes",
      "400000",
    ];
    await java("org.apache.kafka.tools.ConsoleProducer", props, `${lines.join("\n")}\n`);
    const { values, batches } = await read(topic, codec);
    expect(values.map((value) => value.toString("latin1"))).toEqual(lines);
    expect(batches).toBeGreaterThan(0);
  });

  it.each(names)(
    "%s written here is read by librdkafka byte for byte, and by Java",
    { tags: ["long"] },
    async (compression) => {
      const topic = topicOf("ours", compression);
      await createTopic(topic, { bootstrap, partitions: 1 });
      const sending = Array.from({ length: 50 }, (_, n) => makeAlert(n, { padding: 20_000 }));
      const report = await publish(sending, { bootstrap, topic, fast: true, compression });
      expect(report.alerts).toBe(50);
      const script = `
import sys, hashlib
from confluent_kafka import Consumer
c = Consumer({"bootstrap.servers": sys.argv[1], "group.id": "codec-" + sys.argv[2], "auto.offset.reset": "earliest", "check.crcs": True})
c.subscribe([sys.argv[2]])
got = []
while len(got) < 50:
    m = c.poll(20)
    assert m is not None and not m.error(), m and m.error()
    got.append(m.value())
c.close()
print(" ".join(hashlib.md5(v).hexdigest() for v in got))
`;
      const sent = sending.map((alert) => md5(alert.bytes));
      expect((await program(python, ["-c", script, bootstrap, topic])).trim().split(" ").sort()).toEqual(
        [...sent].sort(),
      );
      const { values, batches } = await read(topic, compression);
      expect(values.map(md5).sort()).toEqual([...sent].sort());
      expect(batches).toBeGreaterThan(0);
      expect(await (await subscribe(topic, { bootstrap, progress: false })).count()).toBe(50);
      const args = [
        "--bootstrap-server",
        bootstrap,
        "--topic",
        topic,
        "--from-beginning",
        "--max-messages",
        "50",
        "--timeout-ms",
        "20000",
      ];
      const printed = await java("org.apache.kafka.tools.consumer.ConsoleConsumer", args);
      expect(printed.split("Obj\u0001").length - 1).toBe(50);
    },
  );

  it("leaves out what was aborted, also when transactions overlap", async () => {
    const topic = topicOf("aborted", "none");
    await createTopic(topic, { bootstrap, partitions: 1 });
    const kafka = kafkaClient({ bootstrap });
    const producers = [0, 1, 2].map((n) =>
      kafka.producer({ transactionalId: `${topic}-${n}`, idempotent: true, maxInFlightRequests: 1 }),
    );
    for (const producer of producers) await producer.connect();
    const begin = async (n: number) => {
      const transaction = await producers[n]!.transaction();
      await transaction.send({ topic, messages: [{ value: `producer ${n}` }] });
      return transaction;
    };
    const first = await begin(0);
    const second = await begin(1);
    const committed = await begin(2);
    await second.abort(); // ends first, so the broker lists it first
    await committed.commit();
    await first.abort();
    for (const producer of producers) await producer.disconnect();
    // a transaction is over for its producer before its marker is written: three records and three markers
    const ask = () => withAdmin({ bootstrap }, (admin) => extentOf(admin, topic));
    await expect.poll(async () => (await ask())?.next.get(0), { timeout: 20_000 }).toBe(6n);
    const extent = (await ask())!;
    const values: string[] = [];
    for await (const { message } of consume(topic, { bootstrap, starts: extent.first, ends: extent.next }))
      values.push(String(message.value));
    expect(values).toEqual(["producer 2"]);
  });
});
