import type { Kafka, Producer, ProducerConfig } from "kafkajs";

/**
 * An idempotent producer: all replicas acknowledge, and a request that is sent again is not stored twice. The caller
 * names the partition of each message; kafkajs's own choice is set only to keep its warning away.
 */
export function newProducer(client: Kafka, settings: ProducerConfig = {}): Producer {
  const { Partitioners } = require("kafkajs") as typeof import("kafkajs");
  return client.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
    ...settings,
  });
}
