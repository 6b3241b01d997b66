import type { PartitionAssigner } from "kafkajs";

/**
 * The assigner that deals partitions out in turn, under a name of its own. Kafka lets only members with a common assigner
 * into a group and refuses others at once (INCONSISTENT_GROUP_PROTOCOL), so the name keeps apart who must not share.
 */
export function namedAssigner(name: string): PartitionAssigner {
  const { PartitionAssigners } = require("kafkajs") as typeof import("kafkajs");
  return (options) => Object.assign({}, PartitionAssigners.roundRobin(options), { name });
}
