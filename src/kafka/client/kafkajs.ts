import type { logLevel as LogLevel } from "kafkajs";
import { mendKafkajs } from "../../broker/mend-kafkajs";
import { keepTopicReasons } from "./create-topic-reason";
import { mendNullHeaders } from "./null-headers";

type Kafkajs = typeof import("kafkajs") & { logLevel: typeof LogLevel };

/**
 * kafkajs with its faults mended: whoever makes a client, a cluster or a connection of it takes it from here. Messages are
 * fetched by {@link fetchFrom} alone, so that it needs no compression but gzip. Loaded when it is needed: most of the library
 * works without Kafka.
 */
export function kafkajs(): Kafkajs {
  const library = require("kafkajs") as Kafkajs;
  mendKafkajs();
  mendNullHeaders();
  keepTopicReasons();
  return library;
}
