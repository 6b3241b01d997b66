import { causesOf, codeOf, kafkaCodes } from "../client/kafka-codes";
import type { KafkaBroker, KafkaCluster } from "../client/one-cluster";
import type { Held } from "./topic";
import { ProbeFailure } from "./types";

/** Kind of coordinator: that of a group, not of a transaction. */
const groupCoordinator = 0;

/**
 * The broker that looks after a group. Asked directly, since kafkajs hides a refusal behind "coordinator not found".
 *
 * @throws ProbeFailure group-forbidden, group-unavailable
 */
export async function coordinatorOf(cluster: KafkaCluster, group: string): Promise<KafkaBroker> {
  try {
    const broker = await cluster.brokerPool.findConnectedBroker();
    const { coordinator } = await broker.findGroupCoordinator({ groupId: group, coordinatorType: groupCoordinator });
    return await cluster.findBroker({ nodeId: coordinator.nodeId });
  } catch (cause) {
    const forbidden = codeOf(causesOf(cause)) === kafkaCodes.groupForbidden;
    throw new ProbeFailure(forbidden ? "group-forbidden" : "group-unavailable", { group, cause });
  }
}

/** How far a group is in a topic, in words. */
export async function probeGroup(
  cluster: KafkaCluster,
  group: string,
  topic: { name: string; held: readonly Held[] } | undefined,
): Promise<string> {
  const coordinator = await coordinatorOf(cluster, group);
  if (!topic) return `${group} may read`;
  const partitions = topic.held.map(({ partition }) => ({ partition }));
  const { responses } = await coordinator.offsetFetch({ groupId: group, topics: [{ topic: topic.name, partitions }] });
  const committed = new Map(
    responses.flatMap((r) => r.partitions.map((p) => [p.partition, BigInt(p.offset)] as const)),
  );
  const known = [...committed.values()].some((offset) => offset >= 0n); // -1: nothing was committed
  const lag = topic.held.reduce((sum, { partition, first, next }) => {
    const at = committed.get(partition) ?? -1n;
    return sum + (next - (at > first ? at : first));
  }, 0n);
  if (!known) return `${group} may read, and has read nothing yet: ${lag} to come`;
  return lag === 0n ? `${group} has read all there is, nothing new` : `${group} has ${lag} still to read`;
}
