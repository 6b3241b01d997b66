import { describe, expect, it } from "vitest";
import { type FetchedMessage, hideAborted } from "./aborted";

const offsets = { start: 0 };
const message = (producerId: string, more: Partial<FetchedMessage> = {}): FetchedMessage => ({
  offset: String(offsets.start++),
  key: null,
  isControlRecord: false,
  batchContext: { producerId, inTransaction: true },
  ...more,
});
const marker = (producerId: string, type: 0 | 1) =>
  message(producerId, { isControlRecord: true, key: Buffer.from([0, 0, 0, type]) });

/** Two aborted transactions that overlap: p1 begins first and ends last, so the broker lists it last. */
function overlapping() {
  offsets.start = 0;
  const messages = [
    message("1"),
    message("2"),
    message("3"),
    marker("2", 0),
    message("1"),
    marker("3", 1),
    marker("1", 0),
    message("1"),
    marker("1", 1),
  ];
  const abortedTransactions = [
    { producerId: "2", firstOffset: "1" },
    { producerId: "1", firstOffset: "0" },
  ];
  return { messages, abortedTransactions };
}
const left = (messages: FetchedMessage[]) =>
  messages.filter((each) => !each.isControlRecord).map((each) => each.offset);

describe("hideAborted", () => {
  it("leaves only committed records of transactions that overlap", () => {
    const partition = overlapping();
    hideAborted(partition);
    expect(left(partition.messages)).toEqual(["2", "7"]);
    expect(partition.abortedTransactions).toEqual([]);
  });

  it("is needed: kafkajs itself delivers an aborted record there", () => {
    const filter = require("kafkajs/src/consumer/filterAbortedMessages") as (partition: object) => FetchedMessage[];
    expect(left(filter(overlapping()))).not.toEqual(["2", "7"]);
  });

  it("counts transactions that began before the first record that was fetched", () => {
    const { messages, abortedTransactions } = overlapping();
    const partition = { messages: messages.slice(4), abortedTransactions };
    hideAborted(partition);
    expect(left(partition.messages)).toEqual(["7"]);
  });

  it("takes a message that merely looks like a marker for a message", () => {
    offsets.start = 0;
    const messages = [message("1"), message("1", { key: Buffer.from([0, 0, 0, 0]) }), message("1"), marker("1", 0)];
    hideAborted({ messages, abortedTransactions: [{ producerId: "1", firstOffset: "0" }] });
    expect(left(messages)).toEqual([]);
  });

  it("touches nothing where nothing was aborted", () => {
    offsets.start = 0;
    const messages = [message("1"), marker("1", 1)];
    hideAborted({ messages, abortedTransactions: [] });
    hideAborted({ messages, abortedTransactions: null });
    expect(left(messages)).toEqual(["0"]);
  });
});
