import type { BrokerAddress, BrokerConnection } from "./broker-connection";
import { protocolError } from "./protocol-error";
import { WireWriter } from "./wire";

/** A topic as the cluster has it now. */
export interface TopicMetadata {
  /** What Kafka calls it by inside, 16 bytes: a topic made anew under the same name has another. Undefined before Kafka 2.8. */
  readonly id: Buffer | undefined;
  /** Partition → number of the broker that leads it; -1 while none does. */
  readonly leaders: ReadonlyMap<number, number>;
  readonly brokers: ReadonlyMap<number, BrokerAddress>;
}

const apiKey = 3;
/** Version 10 names the topic's id; version 4 is what Kafka 1.0 knows. */
const versions = [10, 4];

/**
 * Asks one broker for a topic, without making it.
 *
 * @throws what the broker says: UNKNOWN_TOPIC_OR_PARTITION, TOPIC_AUTHORIZATION_FAILED, …
 */
export async function topicMetadata(broker: BrokerConnection, topic: string): Promise<TopicMetadata> {
  const version = broker.version(apiKey, versions);
  if (version === undefined) throw protocolError(35);
  const isNew = version >= 10; // and flexible
  const question = new WireWriter();
  question.array(isNew, [topic], (name) => {
    if (isNew) question.raw(Buffer.alloc(16)); // by name, not by id
    question.string(name, isNew).tags(isNew);
  });
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
  answer.int32(); // controller
  let id: Buffer | undefined;
  const leaders = new Map<number, number>();
  answer.array(isNew, () => {
    const error = answer.int16();
    answer.string(isNew);
    if (isNew) id = Buffer.from(answer.view(16));
    answer.int8(); // internal
    answer.array(isNew, () => {
      answer.int16(); // no leader yet, which the leader says too
      const partition = answer.int32();
      leaders.set(partition, answer.int32());
      if (isNew) answer.int32(); // epoch of the leader
      const lists = isNew ? 3 : 2; // replicas, those in sync, those that are off line
      for (let i = 0; i < lists; i++) answer.array(isNew, () => answer.int32());
      answer.tags(isNew);
    });
    if (isNew) answer.int32(); // operations allowed
    answer.tags(isNew);
    if (error !== 0) throw protocolError(error);
  });
  return { id: id?.some((byte) => byte !== 0) ? id : undefined, leaders, brokers: new Map(brokers) };
}
