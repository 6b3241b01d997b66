import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { isAlive } from "../../src/broker/process-alive";
import { startEngine, stopEngine } from "../../src/engine/engine";
import { engineStatus } from "../../src/engine/status";
import { createTopic } from "../../src/kafka/admin/topics";
import { atHome } from "../helpers/kafka";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "bootcamp-full-"));
});
afterEach(async () => {
  await atHome(home, () => stopEngine({ reset: true }));
  rmSync(home, { recursive: true, force: true });
});

it("starts again, with its data, after Kafka was killed", () =>
  atHome(home, async () => {
    const started = await startEngine({ engine: "local", port: 0 });
    await createTopic("kept", { bootstrap: started.bootstrap, partitions: 1 });
    process.kill(started.brokers[0]!.pid, "SIGKILL");
    const again = await startEngine({ engine: "local", port: started.brokers[0]!.port });
    expect(again.alreadyRunning).toBe(false);
    expect(again.brokers[0]!.pid).not.toBe(started.brokers[0]!.pid);
    expect(await engineStatus()).toMatchObject({ reachable: true, topics: 1 });
  }));

it("three brokers: every message survives the loss of one, which comes back at the next start", () =>
  atHome(home, async () => {
    const started = await startEngine({ engine: "local", port: 0, brokers: 3 });
    const kafka = new Kafka({ brokers: started.bootstrap.split(","), logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    await createTopic("copied", { bootstrap: started.bootstrap, partitions: 3 });
    const copies = async () =>
      (await admin.fetchTopicMetadata({ topics: ["copied"] })).topics[0]!.partitions.map((p) => p.replicas.length);
    expect(await copies()).toEqual([3, 3, 3]);

    const producer = kafka.producer({ idempotent: true });
    await producer.connect();
    // One request per partition. When a leader is lost, kafkajs 2.2.4 sends the messages of its partitions once more only
    // if the new leader was not also sent something by the same call; otherwise it drops them and reports success.
    const send = (from: number) =>
      Promise.all(
        [0, 1, 2].map((partition) => {
          const key = (i: number) => `${from + i * 3 + partition}`;
          const messages = Array.from({ length: 33 }, (_, i) => ({
            partition,
            key: key(i),
            value: Buffer.alloc(50_000, i),
          }));
          return producer.send({ topic: "copied", acks: -1, messages });
        }),
      );
    await send(0);
    const lost = started.brokers[2]!;
    process.kill(lost.pid, "SIGKILL");
    // two of three copies are enough for an acknowledgement, so publishing goes on
    await send(100);

    const consumer = kafka.consumer({ groupId: "survivor" });
    await consumer.connect();
    await consumer.subscribe({ topic: "copied", fromBeginning: true });
    const keys = new Set<string>();
    await new Promise<void>((done) => {
      void consumer.run({
        eachMessage: async ({ message }) => {
          keys.add(String(message.key));
          if (keys.size === 198) done();
        },
      });
    });
    expect(keys.size).toBe(198);
    await consumer.disconnect();
    await producer.disconnect();
    await admin.disconnect();

    const status = await engineStatus();
    expect(status.reachable).toBe(true);
    expect(status.brokers.find((broker) => broker.id === lost.id)?.pid).toBeUndefined();
    const revived = await startEngine({ engine: "local" });
    expect(revived.brokers[0]!.pid).toBe(started.brokers[0]!.pid);
    expect(revived.brokers[2]!.pid).not.toBe(lost.pid);
    expect((await engineStatus()).brokers.map((broker) => broker.answers)).toEqual([true, true, true]);

    await stopEngine();
    expect(revived.brokers.filter((broker) => isAlive(broker.pid))).toEqual([]);
  }));
