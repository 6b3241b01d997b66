/**
 * Which partition of a topic a message goes to: by its key as Kafka's own clients do (murmur2), without one to any.
 *
 * Chosen before kafkajs is asked to send: it would choose anew at every retry, so that a message without a key could be
 * stored in two partitions, and an answer could not be checked for every partition that was asked for.
 */
export function partitionChooser(
  topic: string,
  partitions: number,
): (message: { key: string | Buffer | null }) => number {
  const { Partitioners } = require("kafkajs") as typeof import("kafkajs");
  const choose = Partitioners.DefaultPartitioner();
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 0,
    replicas: [],
    isr: [],
  }));
  return ({ key }) => choose({ topic, partitionMetadata, message: { key, value: null } });
}
