import { BootcampError } from "../../errors";
import { problemError } from "../client/broker-problem";
import { type ConnectionOptions, withAdmin } from "../client/connection";
import { connectionOf } from "../client/connection-settings";
import { kafkaCodes } from "../client/protocol-error";
import { isSlip, nearestNames } from "./nearest-names";

/**
 * The error for a topic that a broker does not list: TOPIC_FORBIDDEN when asking for it by name is refused, else
 * TOPIC_ABSENT. A list holds only what the user may see; the topic is asked for without making it.
 */
export async function topicAbsentError(topic: string, options: ConnectionOptions): Promise<BootcampError> {
  const connection = connectionOf(options);
  try {
    return await withAdmin({ ...options, topic }, async (admin) => {
      const { error } = (await admin.metadata([topic])).topics.get(topic)!;
      if (error === kafkaCodes.topicForbidden) return problemError("topic-forbidden", connection, { topic });
      return misspeltError(topic, await admin.listTopics()) ?? problemError("topic-absent", connection, { topic });
    });
  } catch (error) {
    return error as BootcampError; // withAdmin throws no other
  }
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
