import { BootcampError, isBootcampError } from "../../errors";
import { problemError } from "../client/broker-problem";
import { kafkaError, withAdmin } from "../client/connection";
import { type ConnectionOptions, connectionOf } from "../client/connection-settings";
import { withTopic } from "../probe/topic";
import { ProbeFailure } from "../probe/types";
import { isSlip, nearestNames } from "./nearest-names";

const limitMs = 4000;

/**
 * The error for a topic that a broker does not list: TOPIC_FORBIDDEN when asking for it by name is refused, else
 * TOPIC_ABSENT. A list holds only what the user may see; the topic is asked for without making it.
 */
export async function topicAbsentError(topic: string, options: ConnectionOptions): Promise<BootcampError> {
  const connection = connectionOf(options);
  try {
    await withTopic(connection, limitMs, topic, async () => {});
  } catch (error) {
    if (error instanceof ProbeFailure && error.problem !== "topic-absent")
      return problemError(error.problem, connection, { topic, ...error.details });
    const other = await kafkaError(error, options, { topic });
    if (!isBootcampError(other, "KAFKA_REFUSED")) return other;
  }
  const there = await withAdmin(options, (admin) => admin.listTopics()).catch(() => []);
  return misspeltError(topic, there) ?? problemError("topic-absent", connection, { topic });
}

/** TOPIC_ABSENT when a topic is there whose name differs as a slip of the finger does: that one is meant. */
export function misspeltError(topic: string, there: readonly string[]): BootcampError | undefined {
  const near = nearestNames(
    topic,
    there.filter((name) => !name.startsWith("__")),
  );
  if (near[0] === undefined || !isSlip(topic, near[0])) return undefined;
  return new BootcampError("TOPIC_ABSENT", `Expected topic "${topic}", there is none of that name`, {
    remedy: `did you mean "${near[0]}"? There are: ${near.slice(0, 10).join(", ")}`,
    where: topic,
  });
}
