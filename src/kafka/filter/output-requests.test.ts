import { describe, expect, it } from "vitest";
import { sizeOf } from "../client/message-size";
import { type PlacedMessage, requestBytes, requestsOf } from "./output";

const messages = (count: number, key: number, value: number, partitions = 1): PlacedMessage[] =>
  Array.from({ length: count }, (_, n) => ({
    key: Buffer.alloc(key),
    value: Buffer.alloc(value),
    headers: { origin: "x".repeat(20) },
    partition: n % partitions,
  }));
const sizes = (requests: Iterable<{ messages: PlacedMessage[] }[]>) =>
  [...requests].map((request) =>
    request.flatMap((part) => part.messages).reduce((sum, message) => sum + sizeOf(message), 0),
  );

describe("the requests of a transaction", () => {
  it("are bounded in all that is sent, also where the keys are larger than the values", () => {
    const found = sizes(requestsOf([{ topic: "out", messages: messages(1000, 25_000, 5000) }], true));
    expect(found.length).toBeGreaterThan(6);
    expect(Math.max(...found)).toBeLessThanOrEqual(requestBytes);
    expect(Math.min(...found.slice(0, -1))).toBeGreaterThan(0.9 * requestBytes);
  });

  it("hold a message that is larger than that by itself", () => {
    const large = [...messages(1, 10, requestBytes + 1), ...messages(2, 10, 10)];
    expect([...requestsOf([{ topic: "out", messages: large }], true)].map(([part]) => part!.messages.length)).toEqual([
      1, 2,
    ]);
  });

  it("are one for several topics of one leader, else one for each partition; in order, and none for nothing", () => {
    const deliveries = [
      { topic: "a", messages: messages(4, 1, 1, 2) },
      { topic: "b", messages: messages(1, 1, 1) },
      { topic: "c", messages: [] },
    ];
    const shape = (oneLeader: boolean) =>
      [...requestsOf(deliveries, oneLeader)].map((request) =>
        request.map((part) => [part.topic, ...part.messages.map(({ partition }) => partition)]),
      );
    expect(shape(true)).toEqual([
      [
        ["a", 0, 1, 0, 1],
        ["b", 0],
      ],
    ]);
    expect(shape(false)).toEqual([[["a", 0, 0]], [["a", 1, 1]], [["b", 0]]]);
  });
});
