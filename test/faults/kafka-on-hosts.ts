import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrokerState } from "../../src/broker/engine-state";
import { requireJava } from "../../src/engine/install/toolchain";
import { lastWords } from "../../src/engine/local/last-words";
import { describeBroker, isRunning, prepareBrokers, spawnBroker } from "../../src/engine/local/local";
import { LOOPBACK } from "../../src/engine/process/ports";
import { pause } from "../../src/pause";
import { atHome } from "../helpers/kafka";
import { Child } from "./child";
import type { Hosts } from "./hosts";

/** Resolves when so many brokers are there, groups can be used, and every copy is up to date. */
const untilWhole = (bootstrap: string, brokers: number) =>
  `const { Kafka, logLevel } = require("kafkajs");
  const { ping } = require("./dist/engine/ping.js");
  const isWhole = async () => {
    const known = await ping("${bootstrap}", { groups: true, limitSeconds: 10 });
    const admin = new Kafka({ brokers: "${bootstrap}".split(","), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata().finally(() => admin.disconnect());
    const all = topics.flatMap(({ partitions }) => partitions);
    return known.brokers.length === ${brokers} && all.every(({ isr, replicas }) => isr.length === replicas.length);
  };
  while (!(await isWhole().catch(() => false))) await new Promise((done) => setTimeout(done, 100));`;

/** A Kafka with one broker on each of some hosts, as the engine starts three on one: three copies, two of them in step. */
export class KafkaOnHosts {
  readonly bootstrap: string;
  private readonly home = mkdtempSync(join(tmpdir(), "bootcamp-hosts-"));
  private readonly brokers = new Map<string, BrokerState>();

  private constructor(
    private readonly hosts: Hosts,
    private readonly names: readonly string[],
    /** Where it is asked from whether it is there. */
    private readonly client: string,
  ) {
    this.bootstrap = names.map((name, i) => `${hosts.address(name)}:${9092 + i}`).join(",");
  }

  static async start(hosts: Hosts, names: readonly string[], client: string): Promise<KafkaOnHosts> {
    const kafka = new KafkaOnHosts(hosts, names, client);
    try {
      await atHome(kafka.home, () => kafka.prepare());
      await kafka.revive();
      return kafka;
    } catch (error) {
      kafka.remove();
      throw error;
    }
  }

  /** Starts what does not run with the data it had, and waits until nothing is missing. */
  async revive(): Promise<void> {
    for (const [name, broker] of this.brokers) {
      if (await isRunning(broker)) continue;
      await atHome(this.home, async () => spawnBroker(join(this.home, `java-${name}`), broker));
    }
    const asking = new Child(untilWhole(this.bootstrap, this.names.length), { through: this.hosts.on(this.client) });
    try {
      for (; !asking.isOver; await pause(100)) {
        for (const broker of this.brokers.values()) {
          if (!(await isRunning(broker))) throw new Error(`broker ${broker.id} ended: ${lastWords(broker)}`);
        }
      }
      if ((await asking.end) !== 0) throw new Error(asking.stderr);
    } finally {
      asking.kill("SIGKILL");
    }
  }

  /** What runs on the hosts ends with them. */
  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  private async prepare(): Promise<void> {
    const java = await requireJava();
    this.names.forEach((name, i) => void this.brokers.set(name, describeBroker(i + 1, 9092 + i, 9192 + i)));
    const brokers = [...this.brokers.values()];
    await prepareBrokers(java.program, brokers);
    for (const [name, broker] of this.brokers) {
      // the engine's configuration, where every broker has ports of its own, with the address of each host for the loopback's
      let text = readFileSync(broker.config, "utf8");
      this.names.forEach((host, i) => {
        for (const port of [9092 + i, 9192 + i])
          text = text.replaceAll(`${LOOPBACK}:${port}`, `${this.hosts.address(host)}:${port}`);
      });
      writeFileSync(broker.config, text);
      const starter = join(this.home, `java-${name}`);
      writeFileSync(starter, `#!/bin/sh\nexec ${this.hosts.on(name).join(" ")} ${java.program} "$@"\n`);
      chmodSync(starter, 0o755);
    }
  }
}
