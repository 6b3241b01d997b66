import { describe, expect, it } from "vitest";
import { explainKafkaError } from "./errors";

const connection = {
  address: "broker.example:9092",
  settings: {},
  groupPrefix: "",
  profile: "fink",
  prefix: "FINK_",
  option: " --profile fink",
};
/** As kafkajs wraps what it met. */
const wrapped = (cause: object) => Object.assign(new Error("Number of retries exceeded"), { cause });
const kafkajs = (name: string, message: string, more: object = {}) =>
  Object.assign(new Error(message), { name, ...more });

describe("an error of kafkajs that says what is wrong", () => {
  it.each([
    [
      "host-unknown",
      kafkajs("KafkaJSConnectionError", "Connection error: getaddrinfo ENOTFOUND broker.example"),
      "KAFKA_UNREACHABLE",
      /host name is unknown/,
    ],
    [
      "broker-advertised",
      kafkajs("KafkaJSConnectionError", "Connection error: getaddrinfo ENOTFOUND kafka-1"),
      "KAFKA_UNREACHABLE",
      /names to be reachable, kafka-1 is not/,
    ],
    [
      "port-closed",
      kafkajs("KafkaJSConnectionError", "connect ECONNREFUSED 10.0.0.7:9092"),
      "KAFKA_UNREACHABLE",
      /none answers/,
    ],
    [
      "password",
      kafkajs("KafkaJSSASLAuthenticationError", "SASL SCRAM-SHA-512 failed"),
      "KAFKA_LOGIN",
      /user name and password/,
    ],
    [
      "topic",
      kafkajs("KafkaJSProtocolError", "Not authorized", { code: 29 }),
      "TOPIC_FORBIDDEN",
      /open topic "t" to this user/,
    ],
    ["group", kafkajs("KafkaJSProtocolError", "Not authorized", { code: 30 }), "GROUP_FORBIDDEN", /group "g" read/],
    [
      "absent",
      kafkajs("KafkaJSProtocolError", "This server does not host this topic-partition", { code: 3 }),
      "TOPIC_ABSENT",
      /none of that name/,
    ],
    ["several", { errors: [kafkajs("KafkaJSCreateTopicError", "no", { code: 29 })] }, "TOPIC_FORBIDDEN", /"t"/],
    [
      "other",
      kafkajs("KafkaJSProtocolError", "Not enough replicas", { code: 19 }),
      "KAFKA_REFUSED",
      /it said: Not enough replicas/,
    ],
  ])("%s", async (_, cause, code, message) => {
    const error = await explainKafkaError(wrapped(cause), connection, { topic: "t", group: "g" });
    expect(error).toMatchObject({ code, message: expect.stringMatching(message), remedy: expect.any(String) });
    expect(error.remedy).not.toContain("KAFKA_"); // but by the names of the profile
  });

  it("names the variables of the profile and its option in the remedy", async () => {
    const login = await explainKafkaError(wrapped(kafkajs("KafkaJSSASLAuthenticationError", "failed")), connection);
    expect(login.remedy).toBe("check FINK_USERNAME and FINK_PASSWORD");
    const topic = await explainKafkaError(wrapped({ code: 29 }), connection, { topic: "t" });
    expect(topic.remedy).toContain("npx alerts topics list --profile fink");
  });
});

describe("an error that is unclear", () => {
  it("is looked into: a port that another one refused", async () => {
    const there = { ...connection, address: "127.0.0.1:1" };
    const error = await explainKafkaError(
      kafkajs("KafkaJSConnectionError", "connect ECONNREFUSED 10.0.0.7:9093"),
      there,
    );
    expect(error.message).toBe("Expected a Kafka broker at 127.0.0.1:1, none answers");
  });
});
