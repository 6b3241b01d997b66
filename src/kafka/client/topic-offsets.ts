import type { Admin } from "kafkajs";
import { pause } from "../../pause";

/** What a broker says while the topic is being made or a partition's leader is being chosen; kafkajs gives up at once. */
const unsettled = new Set(["NOT_LEADER_FOR_PARTITION", "LEADER_NOT_AVAILABLE"]);
const settleMs = 5000;
const askAgainMs = 50;

/** First and next offset of each partition, once each has a leader; after 5 s without one Kafka's own error is thrown. */
export async function topicOffsets(
  admin: Admin,
  topic: string,
): Promise<{ partition: number; low: string; high: string }[]> {
  for (const deadline = performance.now() + settleMs; ; await pause(askAgainMs)) {
    try {
      return await admin.fetchTopicOffsets(topic);
    } catch (error) {
      if (!unsettled.has((error as { type?: string }).type ?? "") || performance.now() > deadline) throw error;
    }
  }
}
