import { type BootcampError, isBootcampError } from "../errors";
import { problemError } from "./client/broker-problem";
import { kafkaError } from "./client/connection";
import { type ConnectionOptions, connectionOf } from "./client/connection-settings";
import { withCluster } from "./client/one-cluster";
import { findTopic } from "./probe/topic";
import { ProbeFailure } from "./probe/types";

const limitMs = 4000;

/**
 * The error for a topic that a broker does not list: TOPIC_FORBIDDEN when asking for it by name is refused, else
 * TOPIC_ABSENT. A list holds only what the user may see; the topic is asked for without making it.
 */
export async function topicAbsentError(topic: string, options: ConnectionOptions): Promise<BootcampError> {
  const connection = connectionOf(options);
  try {
    await withCluster(connection, limitMs, (cluster) => findTopic(cluster, topic));
  } catch (error) {
    if (error instanceof ProbeFailure) return problemError(error.problem, connection, { topic, ...error.details });
    const other = await kafkaError(error, options, { topic });
    if (!isBootcampError(other, "KAFKA_REFUSED")) return other;
  }
  // it was made in between, or the broker cannot tell
  return problemError("topic-absent", connection, { topic });
}
