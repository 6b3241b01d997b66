import { pause } from "../../pause";
import type { BrokerConnection } from "./broker-connection";
import { Cluster } from "./cluster";
import { type FetchedPartition, fetchFrom } from "./fetch-request";
import { listOffsets } from "./list-offsets";
import type { Outage } from "./outage";
import { kafkaCodes, mayPass, protocolError } from "./protocol-error";
import type { TopicCluster } from "./topic-cluster";

/** Lets those who wait for a change go on when there is one. */
export class Wake {
  private waiting = new Set<() => void>();

  /** Something has changed. */
  now(): void {
    const { waiting } = this;
    this.waiting = new Set();
    for (const go of waiting) go();
  }

  /** Resolves at the next change, or after `ms`. */
  next(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        this.waiting.delete(go);
        resolve();
      };
      const timer = ms === undefined ? undefined : setTimeout(go, ms);
      this.waiting.add(go);
    });
  }
}

/** A partition as the workers see it. */
export interface FetchState {
  readonly partition: number;
  /** The next one to be asked for. */
  fetchOffset: bigint;
  isFetching: boolean;
}

/** What the workers of one reader share. */
export interface FetchSettings<P extends FetchState> {
  readonly cluster: TopicCluster;
  readonly outage: Outage;
  readonly wake: Wake;
  /** Ends the work at once. */
  readonly over: AbortSignal;
  readonly maxBytes: number;
  /** How long to try without Kafka, ms. */
  readonly giveUpMs: number;
  /** Partitions of this worker that may be asked for now. */
  wanted(worker: number): P[];
  isCurrent(state: P): boolean;
  /** Takes an answer; false when it brought nothing new. */
  enter(state: P, answer: FetchedPartition): boolean;
  /** Messages before this offset are there no more. */
  skipTo(state: P, offset: bigint): void;
  /** The partition is shorter than what was read of it. */
  restart(state: P): void;
}

const maxWaitMs = 250;
/** No answer may make a worker ask again without a pause: one that brought nothing came after this at the least. */
const leastWaitMs = 50;
const [firstRetryMs, maxRetryMs] = [100, 2000];
/** A leader that was chosen a moment ago may not know the newest offsets yet. */
const recheckMs = [200, 400, 800];

/** Keeps asking for its partitions, each while none of its answers waits; goes on when leaders move and brokers restart. */
export class FetchWorker<P extends FetchState> {
  /** Connections of its own: while an answer is waited for, nothing else is asked over one. */
  private readonly brokers: Cluster;

  constructor(
    private readonly settings: FetchSettings<P>,
    private readonly number: number,
  ) {
    this.brokers = new Cluster(settings.cluster.connection);
  }

  /** @throws what does not pass, or lasts longer than `giveUpMs` */
  async run(): Promise<void> {
    const { cluster, outage, over, wake, giveUpMs } = this.settings;
    const close = () => this.brokers.close();
    over.addEventListener("abort", close, { once: true });
    let failures = 0;
    try {
      while (!over.aborted) {
        const wanted = this.settings.wanted(this.number);
        if (wanted.length === 0) {
          await wake.next();
          continue;
        }
        const begun = performance.now();
        try {
          if (cluster.partitions.length === 0) await cluster.refresh();
          await this.ask(wanted);
          failures = 0;
        } catch (error) {
          if (over.aborted) return;
          if (!mayPass(error)) throw error;
          // what was given away meanwhile is another member's: nobody here would hear that it can be read again
          const lost = wanted.filter((state) => this.settings.isCurrent(state)).map(({ partition }) => partition);
          if (lost.length > 0) outage.note(lost, error, performance.now() - begun);
          if (outage.ms > giveUpMs) throw error;
          await pause(Math.min(firstRetryMs * 2 ** failures++, maxRetryMs), over);
          await cluster.refresh().catch(() => {}); // what is wrong is met again above
        }
      }
    } finally {
      close();
      over.removeEventListener("abort", close);
    }
  }

  /** One request to each broker that leads some of the partitions. */
  private async ask(wanted: readonly P[]): Promise<void> {
    const byLeader = new Map<number, P[]>();
    for (const state of wanted) {
      state.isFetching = true;
      const node = this.settings.cluster.leaderOf(state.partition);
      byLeader.set(node, [...(byLeader.get(node) ?? []), state]);
    }
    const asked = [...byLeader].map(async ([node, states]) => {
      try {
        const address = this.settings.cluster.addressOf(node);
        if (!address) throw protocolError(kafkaCodes.leaderNotAvailable);
        await this.askOne(await this.brokers.at(address), states);
      } finally {
        for (const state of states) state.isFetching = false;
        this.settings.wake.now(); // they may be another worker's by now, which waits for that
      }
    });
    await Promise.allSettled(asked); // their partitions are free again then
    await Promise.all(asked);
  }

  private async askOne(broker: BrokerConnection, states: readonly P[]): Promise<void> {
    const { cluster, maxBytes, over, outage } = this.settings;
    const begun = performance.now();
    const found = await fetchFrom(broker, {
      topic: cluster.topic,
      id: cluster.id,
      partitions: states.map(({ partition, fetchOffset }) => ({ partition, offset: fetchOffset })),
      maxBytes,
      maxWaitMs,
    });
    let refused = 0;
    let isNews = false;
    for (const one of found) {
      const state = states.find(({ partition }) => partition === one.partition);
      if (!state || !this.settings.isCurrent(state)) continue;
      if (one.error === 1) await this.resetOffset(broker, state);
      else if (one.error !== 0) refused ||= one.error;
      else {
        outage.over([one.partition]);
        isNews = this.settings.enter(state, one) || isNews;
      }
    }
    if (refused !== 0) throw protocolError(refused);
    if (!isNews && performance.now() - begun < leastWaitMs) await pause(leastWaitMs, over);
  }

  /** The partition does not reach to where it was read: retention has overtaken the reader, or the topic is another. */
  private async resetOffset(broker: BrokerConnection, state: P): Promise<void> {
    const { cluster, over } = this.settings;
    const { partition, fetchOffset } = state;
    const which = async (name: "earliest" | "latest") =>
      (await listOffsets(broker, cluster.topic, [partition], name)).get(partition) ?? 0n;
    for (const ms of recheckMs) {
      await cluster.refresh();
      if (!this.settings.isCurrent(state)) return;
      const first = await which("earliest");
      if (fetchOffset < first) {
        this.settings.skipTo(state, first);
        return;
      }
      if (fetchOffset <= (await which("latest"))) return; // it does by now
      if (!(await pause(ms, over))) return;
    }
    if (this.settings.isCurrent(state)) this.settings.restart(state);
  }
}
