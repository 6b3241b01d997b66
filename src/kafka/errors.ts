import { BootcampError } from "../errors";

/** Kafka protocol error codes that a user can do something about. */
const topicAbsent = 3;
const topicForbidden = 29;
const groupForbidden = 30;

const startHint = "start one: ./launch_alert_system.sh, or only Kafka: npx alerts up";

/**
 * Turns an error of kafkajs into one sentence with a remedy. The useful part is often the cause inside of its
 * "number of retries exceeded".
 *
 * @param error what was thrown
 * @param address the broker that was asked
 * @param topic the topic concerned, if one was
 */
export function asKafkaError(error: unknown, address: string, topic?: string): BootcampError {
  if (error instanceof BootcampError) return error;
  const chain = causes(error);
  const text = chain.map((link) => `${link.code ?? ""} ${link.name ?? ""} ${link.message ?? ""}`).join(" | ");
  const code = chain.map((link) => Number(link.code)).find((value) => Number.isInteger(value));
  const make = (kind: ConstructorParameters<typeof BootcampError>[0], message: string, remedy: string) =>
    new BootcampError(kind, message, { remedy, where: topic ?? address, cause: error });

  if (/ENOTFOUND|EAI_AGAIN/.test(text)) {
    return make(
      "KAFKA_UNREACHABLE",
      `Expected a broker at ${address}, the host name is unknown`,
      "check the address in KAFKA_BOOTSTRAP",
    );
  }
  if (/SELF_SIGNED|UNABLE_TO_VERIFY|CERT_|ERR_TLS/.test(text)) {
    return make(
      "KAFKA_REFUSED",
      `Expected to trust the certificate of ${address}, it is not signed by a known authority`,
      "set KAFKA_CA_FILE to the broker's CA certificate",
    );
  }
  if (/SASLAuthentication/.test(text)) {
    return make(
      "KAFKA_REFUSED",
      `Expected ${address} to accept the user name and password, it did not`,
      "check KAFKA_USERNAME and KAFKA_PASSWORD",
    );
  }
  if (/KafkaJSGroupCoordinatorNotFound/.test(text) || code === groupForbidden) {
    return make(
      "KAFKA_REFUSED",
      `Expected ${address} to let this group read, it did not`,
      "many brokers want a group id that begins with the user name",
    );
  }
  if (code === topicForbidden) {
    return make(
      "KAFKA_REFUSED",
      `Expected ${address} to let this user read "${topic}", it did not`,
      "check the topic's name and the user's rights",
    );
  }
  if (code === topicAbsent || /UNKNOWN_TOPIC_OR_PARTITION|does not host this topic/.test(text)) {
    return topicAbsentError(topic ?? "?", address);
  }
  if (
    /ECONNREFUSED|ETIMEDOUT|Connection timeout|ECONNRESET|EHOSTUNREACH|Closed connection|KafkaJSConnection/.test(text)
  ) {
    return make("KAFKA_UNREACHABLE", `Expected a Kafka broker at ${address}, none answers`, startHint);
  }
  const deepest = chain[chain.length - 1];
  return make(
    "KAFKA_REFUSED",
    `Expected ${address} to do as asked, it said: ${deepest?.message ?? String(error)}`,
    "npx alerts status",
  );
}

/** The error for a topic that is not there. */
export function topicAbsentError(topic: string, address: string): BootcampError {
  return new BootcampError("TOPIC_ABSENT", `Expected topic "${topic}" at ${address}, there is none of that name`, {
    remedy: `start the stream: ./launch_alert_system.sh --topic ${topic}, or see what is there: npx alerts topics list`,
    where: topic,
  });
}

interface Link {
  name?: string;
  message?: string;
  code?: unknown;
}

function causes(error: unknown): Link[] {
  const chain: Link[] = [];
  let link = error as (Link & { cause?: unknown; originalError?: unknown }) | undefined;
  while (link && typeof link === "object" && chain.length < 8) {
    chain.push(link);
    link = (link.cause ?? link.originalError) as typeof link;
  }
  return chain;
}
