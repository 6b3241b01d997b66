import { describe, expect, it } from "vitest";
import { type Delivery, type OutgoingMessage, requestBytes, requestsOf } from "./produce-request";
import { sizeOf } from "./record";

const messages = (count: number, key: number, value: number): OutgoingMessage[] =>
  Array.from({ length: count }, () => ({
    key: Buffer.alloc(key),
    value: Buffer.alloc(value),
    headers: { origin: "x".repeat(20) },
  }));
const delivery = (topic: string, partition: number, some: readonly OutgoingMessage[]) => ({
  topic,
  partition,
  messages: some,
});
const toOne = (deliveries: readonly Delivery[]) => requestsOf(deliveries, () => 1).get(1) ?? [];

describe("the requests of a transaction", () => {
  it("are bounded in all that is sent, also where the keys are larger than the values", () => {
    const sent = [0, 1, 2].map((partition) => delivery("out", partition, messages(300, 25_000, 5000)));
    const requests = toOne(sent);
    const sizes = requests.map((request) =>
      request.flatMap((part) => part.messages).reduce((sum, message) => sum + sizeOf(message), 0),
    );
    expect(sizes.length).toBeGreaterThan(6);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(requestBytes);
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(0.9 * requestBytes);
    for (const { partition, messages: all } of sent) {
      const parts = requests.flat().filter((part) => part.partition === partition);
      expect(parts.flatMap((part) => part.messages).every((message, n) => message === all[n])).toBe(true);
      expect(parts.flatMap((part) => part.messages)).toHaveLength(300);
    }
  });

  it("hold a message that is larger than that by itself", () => {
    const large = [...messages(1, 10, requestBytes + 1), ...messages(2, 10, 10)];
    expect(toOne([delivery("out", 0, large)]).map(([part]) => part!.messages.length)).toEqual([1, 2]);
  });

  it("are one for all that a leader leads; in order, and none for nothing", () => {
    const some = [delivery("a", 0, messages(2, 1, 1)), delivery("a", 1, messages(2, 1, 1))];
    const more = [delivery("b", 0, messages(1, 1, 1)), delivery("c", 0, [])];
    const found = requestsOf([...some, ...more], ({ topic, partition }) => (topic === "a" && partition === 1 ? 7 : 8));
    const shape = [...found].map(([leader, requests]) => [
      leader,
      requests.map((request) => request.map((part) => [part.topic, part.partition, part.messages.length])),
    ]);
    expect(shape).toEqual([
      [
        8,
        [
          [
            ["a", 0, 2],
            ["b", 0, 1],
          ],
        ],
      ],
      [7, [[["a", 1, 2]]]],
    ]);
  });
});
