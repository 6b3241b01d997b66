/** The types of kafkajs that the rest of the project sees: this folder alone imports it. */
export type {
  Admin,
  Consumer,
  EachBatchPayload,
  IHeaders,
  Kafka,
  Message as ProducerMessage,
  Producer,
  RecordMetadata,
  Transaction,
} from "kafkajs";
export type { KafkaRecord as KafkaMessage, Message } from "./record";
