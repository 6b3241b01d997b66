import { addresses, hostAndPort } from "../../broker/address";
import { pause } from "../../pause";
import { type BrokerAddress, BrokerConnection } from "./broker-connection";
import type { Connection } from "./connection-settings";
import { fetchMetadata, type Metadata, type TopicMetadata } from "./metadata";
import { kafkaCodes, protocolError } from "./protocol-error";

/** Key of the connection to whichever broker answered first. */
const anyKey = "any";
/** How long other brokers may take to say whether they know a topic: one of them may be gone. */
const othersMs = 2000;

/** The brokers of a cluster, each connected to once, when it is needed, and again after it was lost. */
export class Cluster {
  private readonly over = new AbortController();
  private readonly connections = new Map<string, Promise<BrokerConnection>>();
  private brokers: ReadonlyMap<number, BrokerAddress> = new Map();

  constructor(
    readonly connection: Connection,
    /** How long its brokers may be silent, ms; default as {@link BrokerConnection.open}. */
    readonly answersWithinMs?: number,
  ) {}

  get isClosed(): boolean {
    return this.over.signal.aborted;
  }

  /**
   * The first broker that answers: another may be one that is gone, or silent.
   * @throws why the first of the addresses does not
   */
  any(): Promise<BrokerConnection> {
    return this.kept(anyKey, () => this.firstOf([...this.brokers.values(), ...this.seeds()]));
  }

  /** @throws what opening a connection does */
  at(address: BrokerAddress): Promise<BrokerConnection> {
    const { connection, answersWithinMs, over } = this;
    const open = () => BrokerConnection.open(connection, address, answersWithinMs, over.signal);
    return this.kept(nameOf(address), open);
  }

  /**
   * A broker by its number, as the last answer to {@link metadata} has it.
   * @throws LEADER_NOT_AVAILABLE when there is none of that number
   */
  async node(number: number): Promise<BrokerConnection> {
    const address = this.brokers.get(number);
    if (!address) throw protocolError(kafkaCodes.leaderNotAvailable);
    return this.at(address);
  }

  /**
   * What any broker knows of these topics, or of all, and of the other brokers. A topic that is asked for by name is absent
   * only when none of them knows it: one that was made a moment ago reaches some later than others.
   */
  async metadata(topics: readonly string[] | "all"): Promise<Metadata> {
    const found = await fetchMetadata(await this.any(), topics);
    this.brokers = found.brokers;
    const absent = [...found.topics].filter(([, { error }]) => error === kafkaCodes.topicAbsent).map(([name]) => name);
    if (absent.length === 0 || found.brokers.size === 1) return found;
    return { ...found, topics: new Map([...found.topics, ...(await this.knownToOthers(absent))]) };
  }

  /** Closes everything, also what is being opened; what waits for an answer fails. */
  close(): void {
    this.over.abort();
    for (const opening of this.connections.values()) {
      opening.then(
        (broker) => broker.close(),
        () => {}, // whoever waited for it has heard
      );
    }
  }

  /** Those of the topics that some broker knows; one that does not answer in time is not waited for. */
  private async knownToOthers(topics: readonly string[]): Promise<Map<string, TopicMetadata>> {
    const known = new Map<string, TopicMetadata>();
    const asked = [...this.brokers.values()].map(async (address) => {
      const found = await fetchMetadata(await this.at(address), topics);
      for (const [name, topic] of found.topics) if (topic.error !== kafkaCodes.topicAbsent) known.set(name, topic);
    });
    const isAnswered = new AbortController();
    await Promise.race([Promise.allSettled(asked), pause(othersMs, isAnswered.signal)]);
    isAnswered.abort();
    return new Map(known);
  }

  private seeds(): BrokerAddress[] {
    return addresses(this.connection.address).map(hostAndPort);
  }

  private async kept(key: string, open: () => Promise<BrokerConnection>): Promise<BrokerConnection> {
    for (let known = this.connections.get(key); known; known = this.connections.get(key)) {
      const broker = await known;
      if (broker.isOpen) return broker;
      if (this.connections.get(key) === known) this.connections.delete(key);
    }
    const opening = open();
    this.connections.set(key, opening);
    opening.catch(() => this.connections.delete(key));
    return opening;
  }

  private async firstOf(brokers: readonly BrokerAddress[]): Promise<BrokerConnection> {
    const different = new Map(brokers.map((broker) => [nameOf(broker), broker]));
    let first: BrokerConnection | undefined;
    const tries = [...different.values()].map(async (address) => {
      const broker = await BrokerConnection.open(this.connection, address, this.answersWithinMs, this.over.signal);
      first ??= broker;
      if (first !== broker) broker.close();
      return broker;
    });
    const broker = await Promise.any(tries).catch((error: AggregateError) => {
      throw error.errors[0];
    });
    // it may be the one that leads a partition, too
    if (!this.connections.has(broker.address)) this.connections.set(broker.address, Promise.resolve(broker));
    return broker;
  }
}

const nameOf = ({ host, port }: BrokerAddress): string => `${host}:${port}`;
