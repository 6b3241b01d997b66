import { type ConnectionOptions, kafkaError } from "./client/connection";
import { connectionOf } from "./client/connection-settings";
import { PartitionReader, type ReadOptions } from "./client/partition-reader";
import type { Message } from "./client/record";

/**
 * The messages of a topic without a consumer group, partition by partition in order; nothing is committed.
 *
 * @throws the errors of {@link kafkaError}
 */
export async function* readMessages(
  topic: string,
  options: ConnectionOptions & ReadOptions,
): AsyncGenerator<Message, void, undefined> {
  const { signal } = options;
  const reader = new PartitionReader(topic, connectionOf(options), options);
  try {
    for await (const { messages } of reader.batches()) {
      for (const message of messages) {
        if (signal?.aborted) return;
        yield message;
      }
    }
  } catch (error) {
    throw await kafkaError(error, options, { topic });
  }
}
