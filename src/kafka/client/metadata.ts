import type { BrokerAddress, BrokerConnection } from "./broker-connection";
import { WireWriter } from "./wire";

/** A topic as the cluster has it now. */
export interface TopicMetadata {
  /** Kafka's error code: 3 when there is none of that name, 29 when it is closed to this user; 0 for none. */
  readonly error: number;
  /** What Kafka calls it by inside, 16 bytes: a topic that was recreated under the same name has another. Undefined before Kafka 2.8. */
  readonly id: Buffer | undefined;
  readonly partitions: ReadonlyMap<number, PartitionMetadata>;
}

export interface PartitionMetadata {
  /** Number of the broker that leads it; -1 while none does. */
  readonly leader: number;
  readonly replicas: readonly number[];
}

/** A cluster as one of its brokers knows it. */
export interface Metadata {
  readonly brokers: ReadonlyMap<number, BrokerAddress>;
  /** Number of the broker that makes and deletes topics. */
  readonly controller: number;
  readonly topics: ReadonlyMap<string, TopicMetadata>;
}

const apiKey = 3;
/** Version 10 names the topics' ids; version 4 is what Kafka 1.0 knows. */
const versions = [10, 4];

/**
 * Asks one broker for these topics, without making them, or for all that this user may see.
 * Form: https://kafka.apache.org/protocol#The_Messages_Metadata
 *
 * @throws KAFKA_REFUSED by a broker that is too old; what is wrong with a topic is in its `error`
 */
export async function fetchMetadata(broker: BrokerConnection, topics: readonly string[] | "all"): Promise<Metadata> {
  const version = broker.version(apiKey, versions);
  const isNew = version >= 10; // and flexible
  const question = new WireWriter();
  if (topics === "all") question.noArray(isNew);
  else {
    question.array(isNew, topics, (name) => {
      if (isNew) question.raw(Buffer.alloc(16)); // by name, not by id
      question.string(name, isNew).tags(isNew);
    });
  }
  question.int8(0); // not to be made by asking for it
  if (isNew) question.int8(0).int8(0).tags(true);
  const answer = await broker.request(apiKey, version, isNew, question.end());
  answer.int32(); // throttle time
  const brokers = answer.array(isNew, () => {
    const node = answer.int32();
    const host = answer.string(isNew) ?? "";
    const port = answer.int32();
    answer.string(isNew); // rack
    answer.tags(isNew);
    return [node, { host, port }] as const;
  });
  answer.string(isNew); // cluster
  const controller = answer.int32();
  const found = answer.array(isNew, () => {
    const error = answer.int16();
    const name = answer.string(isNew) ?? "";
    const id = isNew ? Buffer.from(answer.view(16)) : undefined;
    answer.int8(); // internal
    const partitions = answer.array(isNew, () => {
      answer.int16(); // no leader yet, which the leader says too
      const partition = answer.int32();
      const leader = answer.int32();
      if (isNew) answer.int32(); // epoch of the leader
      const replicas = answer.array(isNew, () => answer.int32());
      // those in sync, those that are off line
      for (let lists = isNew ? 2 : 1; lists > 0; lists--) answer.array(isNew, () => answer.int32());
      answer.tags(isNew);
      return [partition, { leader, replicas }] as const;
    });
    if (isNew) answer.int32(); // operations allowed
    answer.tags(isNew);
    const topic = { error, id: id?.some((byte) => byte !== 0) ? id : undefined, partitions: new Map(partitions) };
    return [name, topic] as const;
  });
  return { brokers: new Map(brokers), controller, topics: new Map(found) };
}
