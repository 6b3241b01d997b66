import { KafkaJSProtocolError, Partitioners, type RecordMetadata } from "kafkajs";
import { describe, expect, it } from "vitest";
import { partitionChooser } from "./choose-partition";
import { messageSender, type Outgoing } from "./send-messages";

const topic = "out";
const partitions = 4;
const numbered = (count: number): Outgoing[] =>
  Array.from({ length: count }, (_, i) => ({ key: `o${i}`, value: Buffer.alloc(100, i), timestamp: String(1000 + i) }));

/** A request as kafkajs takes it. */
interface Request {
  messages: { partition: number; key: string; value: Buffer; headers: object; timestamp: string }[];
}

/** A producer that notes its requests and answers as told. */
function producerOf(answer: (partition: number) => RecordMetadata[] | undefined) {
  const requests: Request[] = [];
  const send = async (request: unknown) => {
    requests.push(request as Request);
    return answer((request as Request).messages[0]!.partition) as RecordMetadata[];
  };
  return { producer: { send }, requests };
}

const confirmed = (partition: number) => [{ topicName: topic, partition, errorCode: 0, baseOffset: "0" }];

/** The sending part of kafkajs itself, over brokers 1 and 2. Broker 2 fails once, after 1 has answered; then 1 leads all. */
function failingLeader() {
  const stored: { key: string }[] = [];
  let leaders = [1, 2, 1, 2];
  const metadata = () => leaders.map((leader, partitionId) => ({ partitionId, leader, partitionErrorCode: 0 }));
  let isFirstAnswered: () => void;
  const firstAnswer = new Promise<void>((resolve) => {
    isFirstAnswered = resolve;
  });
  const produce = async ({
    topicData,
  }: {
    topicData: { partitions: { partition: number; messages: never[] }[] }[];
  }) => {
    const all = topicData.flatMap((one) => one.partitions);
    for (const { messages } of all) stored.push(...messages);
    isFirstAnswered();
    return { topics: [{ topicName: topic, partitions: all.map(({ partition }) => ({ partition, errorCode: 0 })) }] };
  };
  const fail = async () => {
    await firstAnswer;
    throw new KafkaJSProtocolError({
      type: "NOT_LEADER_FOR_PARTITION",
      code: 6,
      retriable: true,
      message: "",
    } as never);
  };
  const brokers: Record<string, object> = { 1: { nodeId: 1, produce }, 2: { nodeId: 2, produce: fail } };
  const Cluster = require("kafkajs/src/cluster");
  const cluster = {
    addMultipleTargetTopics: async () => {},
    refreshMetadataIfNecessary: async () => {},
    refreshMetadata: async () => {
      leaders = [1, 1, 1, 1];
    },
    findTopicPartitionMetadata: metadata,
    findLeaderForPartitions: Cluster.prototype.findLeaderForPartitions,
    findBroker: async ({ nodeId }: { nodeId: string }) => brokers[nodeId],
    isConnected: () => true,
  };
  const eosManager = {
    acquireBrokerLock: async () => {},
    releaseBrokerLock: async () => {},
    isTransactional: () => false,
    getSequence: () => 0,
    updateSequence: () => {},
    getProducerId: () => 1,
    getProducerEpoch: () => 0,
    getTransactionalId: () => undefined,
  };
  const sending = require("kafkajs/src/producer/sendMessages")({
    logger: { debug: () => {}, error: () => {} },
    cluster,
    partitioner: Partitioners.DefaultPartitioner(),
    eosManager,
    retrier: require("kafkajs/src/retry")({ initialRetryTime: 1, retries: 5 }),
  });
  const send = ({ messages }: { messages: object[] }) => sending({ acks: -1, topicMessages: [{ topic, messages }] });
  return { producer: { send: send as never }, stored };
}

describe("a sender of messages", () => {
  it("asks for each partition by itself, with key, headers and time of each message", async () => {
    const { producer, requests } = producerOf(confirmed);
    const messages = numbered(50).map((message, i) => ({ ...message, headers: { n: String(i) } }));
    let known = { count: 0, bytes: 0 };
    await messageSender(producer, { topic, partitions })(messages, (count, bytes) => {
      known = { count: known.count + count, bytes: known.bytes + bytes };
    });
    expect(known).toEqual({ count: 50, bytes: 5000 });
    expect(requests.length).toBe(partitions);
    const choose = partitionChooser(partitions);
    for (const request of requests) expect(new Set(request.messages.map(({ partition }) => partition)).size).toBe(1);
    const sent = requests.flatMap((request) => request.messages);
    expect(sent.sort((a, b) => Number(a.timestamp) - Number(b.timestamp))).toEqual(
      messages.map((message) => ({ ...message, partition: choose(message) })),
    );
  });

  it("stores all that it counts when a leader fails after another has answered", async () => {
    const { producer, stored } = failingLeader();
    let known = 0;
    await messageSender(producer, { topic, partitions })(numbered(200), (count) => {
      known += count;
    });
    expect(known).toBe(200);
    expect(stored.map(({ key }) => key).sort()).toEqual(
      numbered(200)
        .map(({ key }) => key)
        .sort(),
    );
  });

  it.each([
    ["none, as kafkajs does for a partition that is not there", () => []],
    ["none at all", () => undefined],
    ["another partition", (partition: number) => confirmed(partition + 1)],
    ["an error", (partition: number) => [{ topicName: topic, partition, errorCode: 3 }]],
    ["two", (partition: number) => [...confirmed(partition), ...confirmed(partition)]],
  ])("counts nothing when the answer is %s", async (_, answer) => {
    const { producer } = producerOf(answer as never);
    let known = 0;
    const sending = messageSender(producer, { topic, partitions })(numbered(1), (count) => {
      known += count;
    });
    await expect(sending).rejects.toMatchObject({
      code: "KAFKA_REFUSED",
      message: expect.stringMatching(/^Expected Kafka to confirm messages for out\/\d, got /),
      remedy: expect.stringContaining("alerts topics describe out"),
    });
    expect(known).toBe(0);
  });

  it("bounds its requests by all that a message takes, also without a value", async () => {
    const { producer, requests } = producerOf(confirmed);
    const headers = { cutout: Buffer.alloc(1_000_000) };
    const messages = Array.from({ length: 9 }, () => ({ key: null, value: null, headers }));
    await messageSender(producer, { topic, partitions: 1 })(messages, () => {});
    expect(requests.map((request) => request.messages.length)).toEqual([3, 3, 3]);
  });
});
