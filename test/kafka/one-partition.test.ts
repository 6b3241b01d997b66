import { Kafka, logLevel, type Message, type Producer } from "kafkajs";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { createTopic, loadReservoir, playReservoir, replayDead, runFilters, subscribe } from "../../src";
import { makeAlert } from "../helpers/alerts";

const bootstrap = inject("bootstrap");
afterEach(() => vi.restoreAllMocks());

/** Notes the messages of every request that a producer of this library sends from now on. */
function requestsOf(topic: string): Message[][] {
  const requests: Message[][] = [];
  const { producer: make } = Kafka.prototype;
  vi.spyOn(Kafka.prototype, "producer").mockImplementation(function (this: Kafka, options) {
    const producer: Producer = make.call(this, options);
    const { send } = producer;
    producer.send = (request) => {
      if (request.topic === topic) requests.push(request.messages);
      return send(request);
    };
    return producer;
  });
  return requests;
}

const partitionsIn = (messages: Message[]) => new Set(messages.map(({ partition }) => partition));

/** As publish does: kafkajs loses messages of a request over several partitions when one of their leaders fails. */
describe("a request has messages of one partition only", () => {
  it("when a reservoir is played", async () => {
    const night = Array.from({ length: 60 }, (_, n) => makeAlert(n, { jd: 2460000.5 + Math.floor(n / 30) / 86400 }));
    await loadReservoir(night, { bootstrap, topic: "one-reservoir" });
    const requests = requestsOf("one-played");
    const report = await playReservoir("one-reservoir", "one-played", { bootstrap, fast: true });
    expect(report.alerts).toBe(60);
    expect(requests.flat().length).toBe(60);
    for (const messages of requests) expect([...partitionsIn(messages)]).toEqual([expect.any(Number)]);
    expect(partitionsIn(requests.flat()).size).toBe(4);
    const played = await (await subscribe("one-played", { bootstrap, progress: false })).toArray();
    // by the key, as everybody else sends
    const before = await (await subscribe("one-reservoir", { bootstrap, progress: false })).toArray();
    expect(played.map(({ objectId }) => objectId).sort()).toEqual(before.map(({ objectId }) => objectId).sort());
  });

  it("when dead letters are sent back, with keys and headers as they were", async () => {
    const topic = "one-dead";
    await createTopic(topic, { bootstrap, partitions: 4 });
    const producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    const messages = Array.from({ length: 40 }, (_, n) => ({
      key: `key${n}`,
      value: `garbage ${n}`,
      headers: { n: `${n}` },
    }));
    await producer.send({ topic, messages });
    await producer.disconnect();
    const filters = [{ name: "one-dead-all", accepts: () => true }];
    await runFilters(topic, { bootstrap, progress: false, onWarning: () => {}, filters });
    await createTopic("one-dead-again", { bootstrap, partitions: 4 });
    const requests = requestsOf("one-dead-again");
    const report = await replayDead(topic, { bootstrap, to: "one-dead-again", again: true });
    expect(report).toEqual({ read: 40, replayed: 40, skipped: 0 });
    for (const request of requests) expect([...partitionsIn(request)]).toEqual([expect.any(Number)]);
    expect(partitionsIn(requests.flat()).size).toBe(4);
    const sent = requests
      .flat()
      .map(({ key, value, headers }) => ({ key: `${key}`, value: `${value}`, n: `${headers!.n}` }));
    expect(sent.sort((a, b) => Number(a.n) - Number(b.n))).toEqual(
      messages.map(({ key, value }, n) => ({ key, value, n: `${n}` })),
    );
    expect(Object.keys(requests[0]![0]!.headers!)).toEqual(["n"]);
  });
});
