import type { logLevel as LogLevel } from "kafkajs";
import { mendKafkajs } from "../../broker/mend-kafkajs";

type Kafkajs = typeof import("kafkajs") & { logLevel: typeof LogLevel };

/** As the brokers' logs and lists of group members show this program. */
export const clientId = "alert-bootcamp";

/**
 * kafkajs with its faults mended: whoever makes a client, a cluster or a connection of it takes it from here. Messages are
 * fetched by {@link fetchFrom} alone, so that it needs no compression but gzip. Loaded when it is needed: most of the library
 * works without Kafka.
 */
export function kafkajs(): Kafkajs {
  const library = require("kafkajs") as Kafkajs;
  mendKafkajs();
  return library;
}

/** For kafkajs's own classes: its messages repeat what our errors say, at length and on stdout. */
export function noLogger(): unknown {
  const { logLevel } = kafkajs();
  const { createLogger } = require("kafkajs/src/loggers") as { createLogger(options: object): unknown };
  return createLogger({ level: logLevel.NOTHING, logCreator: () => () => {} });
}
