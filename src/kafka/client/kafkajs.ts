import type { logLevel as LogLevel } from "kafkajs";
import { mendKafkajs } from "../../broker/mend-kafkajs";
import { mendAborted } from "./aborted";
import { registerCodecs } from "./codecs";
import { keepTopicReasons } from "./create-topic-reason";
import { mendNullHeaders } from "./null-headers";

type Kafkajs = typeof import("kafkajs") & { logLevel: typeof LogLevel };

/**
 * kafkajs with every compression of Kafka and with its faults mended: whoever makes a client, a cluster or a connection of it
 * takes it from here. Loaded when it is needed: most of the library works without Kafka.
 */
export function kafkajs(): Kafkajs {
  const library = require("kafkajs") as Kafkajs;
  registerCodecs(library.CompressionCodecs);
  mendAborted();
  mendKafkajs();
  mendNullHeaders();
  keepTopicReasons();
  return library;
}
