import { pause } from "../../pause";
import type { BrokerConnection } from "./broker-connection";
import { Cluster } from "./cluster";
import type { Connection } from "./connection-settings";
import * as groups from "./group-requests";
import { listOffsets, type WhichOffset } from "./list-offsets";
import type { Metadata, TopicMetadata } from "./metadata";
import { kafkaCodes, protocolError, throwIfRefused } from "./protocol-error";
import * as topics from "./topic-requests";

/** What passes by itself: a leader, coordinator or controller that is being chosen or has moved, or that loads its groups. */
const passing = new Set<unknown>([
  kafkaCodes.leaderNotAvailable,
  kafkaCodes.notLeader,
  kafkaCodes.coordinatorLoading,
  kafkaCodes.coordinatorNotAvailable,
  kafkaCodes.notCoordinator,
  kafkaCodes.notController,
  kafkaCodes.concurrentTransactions,
]);
const patienceMs = 15_000;
/** A connection that is lost at once, or refused by one of several brokers, is tried again for so long. */
const lostMs = 500;
const askAgainMs = 100;

/** Whether this is Kafka's code for a topic that is not there, or that this user may not see. */
export const isNotSeen = (code: unknown): boolean =>
  code === kafkaCodes.topicAbsent || code === kafkaCodes.topicForbidden;

/**
 * Asks a cluster about its topics and groups, and changes them; each question goes to the broker that can answer it, and is
 * asked again, for 15 s at most, while that broker is not ready.
 */
export class Admin {
  readonly cluster: Cluster;

  /** @param answersWithinMs how long a broker may be silent; default as {@link BrokerConnection.open} */
  constructor(connection: Connection, answersWithinMs?: number) {
    this.cluster = new Cluster(connection, answersWithinMs);
  }

  /** @throws why no broker can be asked */
  async connect(): Promise<void> {
    await this.patiently(() => this.cluster.any());
  }

  /** Closes everything; what waits for an answer fails. */
  close(): void {
    this.cluster.close();
  }

  metadata(names: readonly string[] | "all"): Promise<Metadata> {
    return this.patiently(() => this.cluster.metadata(names));
  }

  /** Names of the topics that this user may see. */
  async listTopics(): Promise<string[]> {
    return [...(await this.metadata("all")).topics.keys()];
  }

  /** A topic, or null when there is none of that name, or this user may not see it. */
  async topic(name: string): Promise<TopicMetadata | null> {
    const found = (await this.metadata([name])).topics.get(name)!;
    return isNotSeen(found.error) ? null : found;
  }

  /** As {@link topics.createTopics}. */
  async createTopics(wanted: readonly topics.NewTopic[]): Promise<string[]> {
    if (wanted.length === 0) return [];
    return this.patiently(async () => topics.createTopics(await this.controller(), wanted));
  }

  deleteTopic(name: string): Promise<void> {
    return this.patiently(async () => topics.deleteTopic(await this.controller(), name));
  }

  /** As {@link topics.topicConfig}. */
  topicConfig(name: string, settings: readonly string[]): Promise<Map<string, string>> {
    return this.patiently(async () => topics.topicConfig(await this.cluster.any(), name, settings));
  }

  /**
   * An offset of each partition of a topic, or of some, from the brokers that lead them; as {@link listOffsets}.
   * @throws UNKNOWN_TOPIC_OR_PARTITION, TOPIC_AUTHORIZATION_FAILED
   */
  listOffsets(name: string, which: WhichOffset, some?: readonly number[]): Promise<Map<number, bigint>> {
    return this.patiently(async () => {
      const { error, partitions } = (await this.cluster.metadata([name])).topics.get(name)!;
      throwIfRefused(error);
      const byLeader = new Map<number, number[]>();
      for (const [partition, { leader }] of partitions) {
        if (some && !some.includes(partition)) continue;
        byLeader.set(leader, [...(byLeader.get(leader) ?? []), partition]);
      }
      const found = [...byLeader].map(async ([node, led]) => {
        const broker = await this.cluster.node(node);
        return listOffsets(broker, name, led, which).catch((error) => {
          // it is named as the leader a moment before it knows of the topic
          throw error.code === kafkaCodes.topicAbsent ? protocolError(kafkaCodes.notLeader) : error;
        });
      });
      return new Map((await Promise.all(found)).flatMap((offsets) => [...offsets]));
    });
  }

  /** All groups that this user may see; each broker knows those that it looks after. */
  listGroups(): Promise<groups.ListedGroup[]> {
    return this.patiently(async () => {
      const { brokers } = await this.cluster.metadata([]);
      const listed = [...brokers.values()].map(async (address) => groups.listGroups(await this.cluster.at(address)));
      return (await Promise.all(listed)).flat();
    });
  }

  /** As {@link groups.describeGroup}. */
  describeGroup(group: string): Promise<groups.GroupState> {
    return this.withCoordinator(group, (broker) => groups.describeGroup(broker, group));
  }

  deleteGroup(group: string): Promise<void> {
    return this.withCoordinator(group, (broker) => groups.deleteGroup(broker, group));
  }

  /** As {@link groups.fetchOffsets}. */
  fetchOffsets(group: string): Promise<Map<string, Map<number, groups.Committed>>> {
    return this.withCoordinator(group, (broker) => groups.fetchOffsets(broker, group));
  }

  /** As {@link groups.commitOffsets}. */
  commitOffsets(group: string, topic: string, offsets: ReadonlyMap<number, bigint>): Promise<void> {
    return this.withCoordinator(group, (broker) => groups.commitOffsets(broker, group, topic, offsets));
  }

  /** Asks the broker that looks after a group. */
  private withCoordinator<T>(group: string, work: (broker: BrokerConnection) => Promise<T>): Promise<T> {
    return this.patiently(async () => {
      const address = await groups.findCoordinator(await this.cluster.any(), group);
      return work(await this.cluster.at(address));
    });
  }

  private async controller(): Promise<BrokerConnection> {
    const { controller } = await this.cluster.metadata([]);
    return this.cluster.node(controller);
  }

  private async patiently<T>(work: () => Promise<T>): Promise<T> {
    for (const begun = performance.now(); ; await pause(askAgainMs)) {
      try {
        return await work();
      } catch (error) {
        const { name, code } = error as { name?: string; code?: unknown };
        const ms = performance.now() - begun;
        const isLost = /^KafkaJSConnection/.test(name ?? "");
        if (this.cluster.isClosed || !(isLost ? ms < lostMs : passing.has(code) && ms < patienceMs)) throw error;
      }
    }
  }
}
