import { Kafka } from "kafkajs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Sender } from "./reservoir";

afterEach(() => vi.restoreAllMocks());

interface Request {
  messages: { partition?: number }[];
}

/** A sender to a topic of four partitions, and the requests that its producer is given. */
async function sender(answers = (partition: number) => [{ topicName: "out", partition, errorCode: 0 }]) {
  const requests: Request[] = [];
  const partitions = [0, 1, 2, 3].map((partitionId) => ({ partitionId, leader: 1, replicas: [1] }));
  vi.spyOn(Kafka.prototype, "admin").mockReturnValue({
    connect: async () => {},
    disconnect: async () => {},
    listTopics: async () => ["out"],
    fetchTopicMetadata: async () => ({ topics: [{ partitions }] }),
    fetchTopicOffsets: async () =>
      partitions.map(({ partitionId }) => ({ partition: partitionId, low: "0", high: "0" })),
  } as never);
  vi.spyOn(Kafka.prototype, "producer").mockReturnValue({
    connect: async () => {},
    disconnect: async () => {},
    send: async (request: Request) => {
      requests.push(request);
      return answers(request.messages[0]!.partition!);
    },
  } as never);
  const made = new Sender("out", { bootstrap: "127.0.0.1:1" });
  await made.connect();
  return { sender: made, requests };
}

const message = (n: number, headers = {}) => ({ key: `o${n}`, value: Buffer.alloc(1000), headers });

describe("a sender of a reservoir", () => {
  it("asks for each partition by itself", async () => {
    const { sender: sending, requests } = await sender();
    for (let n = 0; n < 200; n++) await sending.add(message(n));
    await sending.flush();
    expect(requests.map(({ messages }) => new Set(messages.map(({ partition }) => partition)).size)).toEqual([
      1, 1, 1, 1,
    ]);
    expect([sending.messages, sending.bytes]).toEqual([200, 200_000]);
  });

  it("counts nothing that is not confirmed", async () => {
    const { sender: sending } = await sender(() => []);
    await sending.add(message(1));
    await expect(sending.flush()).rejects.toMatchObject({ code: "KAFKA_REFUSED" });
    expect([sending.messages, sending.bytes]).toEqual([0, 0]);
  });

  it("sends when values and all that comes with them are enough for a request", async () => {
    const { sender: sending, requests } = await sender();
    const headers = { schema: Buffer.alloc(25_000) };
    for (let n = 0; n < 400; n++) await sending.add(message(n, headers)); // 10 MB, of which the values are 0.4
    const sent = () => requests.reduce((sum, { messages }) => sum + messages.length, 0);
    expect(sent()).toBe(2 * Math.floor(4_000_000 / 26_112));
    await sending.flush();
    expect(sent()).toBe(400);
  });
});
