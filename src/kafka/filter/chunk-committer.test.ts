import { describe, expect, it } from "vitest";
import type { OutgoingMessage } from "../client/produce-request";
import type { OutMessage } from "../dead-letters/dead-letter";
import { deliveriesOf } from "./chunk-committer";
import type { Decided } from "./decide";

const message = (key: string): OutMessage => ({ key: Buffer.from(key), value: Buffer.from("x"), headers: {} });
const selected = Array.from({ length: 40 }, (_, n) => message(`object-${n}`));
const decided = {
  undecodable: [message("bad")],
  outcomes: [{ selected, letters: [], rejected: 0, capped: 0, places: [] }],
} as unknown as Decided;
const extent = { first: new Map(), next: new Map([0, 1, 2, 3].map((partition) => [partition, 0n] as const)) };
const to = (out: number) => ({
  filters: [{ name: "out", topic: "out", accepts: () => true }],
  deadTopic: "dead",
  extent,
  outPartitions: new Map([
    ["out", out],
    ["dead", 4],
  ]),
});
/** Of the selected alerts, and of the dead letter. */
const partitionsOf = (partition: number, out: number) =>
  ["out", "dead"].map((topic) =>
    deliveriesOf(decided, partition, to(out))
      .filter((delivery) => delivery.topic === topic)
      .map((delivery) => delivery.partition)
      .sort(),
  );

const byKey = (a: OutgoingMessage, b: OutgoingMessage) => String(a.key).localeCompare(String(b.key));

describe("a selected alert", () => {
  it("keeps its partition where the output has as many as the input", () => {
    expect(partitionsOf(3, 4)).toEqual([[3], [3]]);
  });

  it("goes by its key where it has fewer or more", () => {
    expect(partitionsOf(3, 2)[0]).toEqual([0, 1]);
    expect(partitionsOf(3, 6)[0]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("goes by its key when the input was given more partitions than it had when the job began", () => {
    const [out, dead] = partitionsOf(5, 4);
    expect(out).toEqual([0, 1, 2, 3]);
    expect(dead!.every((partition) => partition < 4)).toBe(true);
  });

  it("is sent once, with the others of its partition in order; nothing is sent of what nobody selected", () => {
    const sent = deliveriesOf(decided, 3, to(6)).filter(({ topic }) => topic === "out");
    expect(sent.flatMap(({ messages }) => messages).sort(byKey)).toEqual([...selected].sort(byKey));
    for (const { messages } of sent) {
      expect(messages).toEqual(selected.filter((one) => messages.includes(one)));
    }
    const none = { ...decided, undecodable: [], outcomes: [undefined] } as unknown as Decided;
    expect(deliveriesOf(none, 3, to(4))).toEqual([]);
  });
});
