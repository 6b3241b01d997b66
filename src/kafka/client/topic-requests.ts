import type { BrokerConnection } from "./broker-connection";
import { kafkaCodes, protocolError, throwIfOneRefused, throwIfRefused } from "./protocol-error";
import { WireWriter } from "./wire";

/** A topic to be made. */
export interface NewTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replication: number;
  readonly config: Readonly<Record<string, string>>;
}

const [createTopicsKey, deleteTopicsKey, describeConfigsKey] = [19, 20, 32];
/** How long the controller may wait for the others, ms; below the time in which a broker has to answer. */
const controllerMs = 6000;
/** Kind of a resource that has settings. */
const topicResource = 2;

/**
 * Makes topics in one request. One that another program made meanwhile is no error.
 *
 * @returns the names of those that were not there
 * @throws the first other error, with Kafka's own sentence, after the others were made
 */
export async function createTopics(controller: BrokerConnection, topics: readonly NewTopic[]): Promise<string[]> {
  const question = new WireWriter();
  question.array(false, topics, ({ name, partitions, replication, config }) => {
    question.string(name, false).int32(partitions).int16(replication);
    question.array(false, [], () => {}); // brokers are chosen by Kafka
    const settings = Object.entries(config);
    question.array(false, settings, ([key, value]) => void question.string(key, false).string(value, false));
  });
  question.int32(controllerMs).int8(0); // not only tried
  const version = controller.version(createTopicsKey, [2]);
  const answer = await controller.request(createTopicsKey, version, false, question.end());
  answer.int32(); // throttle time
  const made: string[] = [];
  let failure: Error | undefined;
  answer.array(false, () => {
    const name = answer.string(false) ?? "";
    const error = answer.int16();
    const reason = answer.string(false);
    if (error === 0) made.push(name);
    else if (error !== kafkaCodes.topicExists) failure ??= protocolError(error, reason);
  });
  if (failure) throw failure;
  return made;
}

export async function deleteTopic(controller: BrokerConnection, topic: string): Promise<void> {
  const question = new WireWriter();
  question.array(false, [topic], (name) => void question.string(name, false)).int32(controllerMs);
  const version = controller.version(deleteTopicsKey, [1]);
  const answer = await controller.request(deleteTopicsKey, version, false, question.end());
  answer.int32(); // throttle time
  throwIfOneRefused(answer);
}

/** Settings of a topic by name, as the broker has them; what it does not know is left out. */
export async function topicConfig(
  broker: BrokerConnection,
  topic: string,
  names: readonly string[],
): Promise<Map<string, string>> {
  const question = new WireWriter();
  question.array(false, [topic], () => {
    question.int8(topicResource).string(topic, false);
    question.array(false, names, (name) => void question.string(name, false));
  });
  question.int8(0); // without synonyms
  const version = broker.version(describeConfigsKey, [1]);
  const answer = await broker.request(describeConfigsKey, version, false, question.end());
  answer.int32(); // throttle time
  const config = new Map<string, string>();
  answer.array(false, () => {
    throwIfRefused(answer.int16(), answer.string(false));
    answer.int8(); // kind of resource
    answer.string(false);
    answer.array(false, () => {
      const name = answer.string(false) ?? "";
      const value = answer.string(false);
      for (const _ of ["read only", "source", "sensitive"]) answer.int8();
      answer.array(false, () => {
        for (const _ of ["name", "value"]) answer.string(false);
        answer.int8(); // source
      });
      if (value !== null) config.set(name, value);
    });
  });
  return config;
}
