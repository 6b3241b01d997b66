/** The types of kafkajs that the rest of the project sees: this folder alone imports it. */
export type {
  IHeaders,
  Kafka,
} from "kafkajs";
export type { KafkaMessage, Message } from "./record";
