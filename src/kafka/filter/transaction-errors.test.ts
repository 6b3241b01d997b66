import { KafkaJSConnectionError, KafkaJSNonRetriableError, KafkaJSProtocolError } from "kafkajs";
import { describe, expect, it } from "vitest";
import { usageError } from "../../errors";
import { mayPass } from "./transaction";

const protocol = (type: string) => new KafkaJSProtocolError({ name: "", type, code: 1, message: type } as never);
const wrapped = (cause: Error) => Object.assign(new KafkaJSNonRetriableError(cause), { cause });

const socketError = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
const answerLost = () =>
  Object.assign(new Error("lost", { cause: wrapped(socketError) }), { name: "KafkaJSAnswerLost", retriable: false });

describe("an error of a filter job", () => {
  it.each([
    ["a connection that broke", new KafkaJSConnectionError("closed"), true],
    ["an answer that was lost with its connection", answerLost(), true],
    ["a rebalance", protocol("REBALANCE_IN_PROGRESS"), true],
    ["a fenced producer, wrapped", wrapped(protocol("INVALID_PRODUCER_EPOCH")), true],
    ["a topic that is there no more", protocol("UNKNOWN_TOPIC_OR_PARTITION"), true],
    ["a right that is missing", protocol("GROUP_AUTHORIZATION_FAILED"), false],
    ["the same, wrapped", wrapped(protocol("TOPIC_AUTHORIZATION_FAILED")), false],
    ["a mistake of the program, wrapped", wrapped(new TypeError("x is not a function")), false],
    ["a mistake of the user", usageError("this", "that"), false],
    ["another library's error", new Error("disk full"), false],
  ])("%s", (_, error, passes) => {
    expect(mayPass(error)).toBe(passes);
  });
});
