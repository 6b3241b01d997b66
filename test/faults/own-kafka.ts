import { Kafka, logLevel } from "kafkajs";
import { type EngineState, readState } from "../../src/broker/engine-state";
import { isRunning } from "../../src/engine/local/local";
import { reviveLocal } from "../../src/engine/local/start-local";
import { pause } from "../../src/pause";
import { atHome, startTestKafka, type TestKafka } from "../helpers/kafka";

/** A Kafka of a test's own, whose brokers can be killed. */
export class OwnKafka {
  private constructor(
    private readonly kafka: TestKafka,
    private readonly state: EngineState,
  ) {}

  static async start(brokers: 1 | 3): Promise<OwnKafka> {
    const kafka = await startTestKafka({ brokers });
    return new OwnKafka(kafka, (await atHome(kafka.home, async () => readState()))!);
  }

  get bootstrap(): string {
    return this.kafka.bootstrap;
  }

  /** Kills a broker (1, 2, 3) as `kill -9` does, and waits until it is gone. */
  async kill(id: number): Promise<void> {
    const broker = this.state.brokers[id - 1]!;
    process.kill(broker.pid, "SIGKILL");
    while (await isRunning(broker)) await pause(10);
  }

  /** Starts what was killed on the same port with the same data, and waits until every copy is up to date. */
  async revive(): Promise<void> {
    await atHome(this.kafka.home, () => reviveLocal(this.state, () => {}));
    if (this.state.brokers.length > 1) await this.untilCopied();
  }

  stop(): Promise<void> {
    return this.kafka.stop();
  }

  private async untilCopied(): Promise<void> {
    const admin = new Kafka({ brokers: this.bootstrap.split(","), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      for (;;) {
        const { topics } = await admin.fetchTopicMetadata();
        const all = topics.flatMap(({ partitions }) => partitions);
        if (all.every(({ isr, replicas }) => isr.length === replicas.length)) return;
        await pause(100);
      }
    } finally {
      await admin.disconnect();
    }
  }
}
