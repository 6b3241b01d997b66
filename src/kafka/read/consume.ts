import { CommittingReader } from "../client/committing-reader";
import { type ConnectionOptions, kafkaError } from "../client/connection";
import { connectionOf, groupName } from "../client/connection-settings";
import { PartitionReader } from "../client/partition-reader";
import type { Message } from "../client/record";
import type { Positions } from "./positions";

export type { Message } from "../client/record";

export interface ConsumeOptions extends ConnectionOptions {
  /** Consumer group whose offsets are read and committed. Without one nothing is committed. */
  group?: string | undefined;
  /** Where to begin in each partition; with a group, where it has no offset. */
  starts: Positions;
  /** With a group: its offsets are these although it has read nothing, if they are not just the oldest messages. */
  commitsStarts?: boolean | undefined;
  /** Stop when every assigned partition has reached this offset; null reads on. */
  ends: Positions | null;
  /** Stop when nothing new came for so long. */
  idleSeconds?: number | undefined;
  signal?: AbortSignal | undefined;
  /** A member that is not heard of for so long, because it is busy or asleep, gives its partitions to others. Default 30. */
  sessionSeconds?: number | undefined;
  /** With a group: is told which partitions are this member's, each time the group says so. */
  onAssigned?: ((partitions: readonly number[]) => void) | undefined;
  /** False when the reader left while it still worked on the last message: that one is then not committed. */
  settled?: (() => boolean) | undefined;
}

/**
 * Reads a topic's messages, partition by partition in order. For a named group, what the reader has finished with is
 * committed every five seconds and when the iteration ends – a message counts as finished when the next one is asked for.
 * Each message is delivered once to this reader; a group as a whole reads at least once: when a member is killed, or so
 * busy that its partitions go to another, what it had not committed is read again there.
 *
 * A topic that is deleted and recreated is read on from its beginning, unless there are ends to stop at: those are gone.
 *
 * @throws the errors of {@link kafkaError}
 */
export async function* consume(topic: string, options: ConsumeOptions): AsyncGenerator<Message, void, undefined> {
  const { group, signal } = options;
  if (signal?.aborted) return; // its event has passed, and would be waited for in vain
  const reader =
    group === undefined
      ? new PartitionReader(topic, connectionOf(options), options)
      : new CommittingReader(topic, {
          ...options,
          group: groupName(group, "", options),
          commitsStarts: options.commitsStarts ?? false,
          sessionSeconds: options.sessionSeconds ?? 30,
        });
  const finish = (partition: number, next: bigint) => {
    if (reader instanceof CommittingReader) reader.finish(partition, next);
  };
  try {
    for await (const { partition, messages, next, isCurrent } of reader.batches()) {
      let inHand: Message | undefined;
      try {
        for (const message of messages) {
          if (signal?.aborted || !isCurrent()) break;
          inHand = message;
          yield message;
          inHand = undefined; // control is back: the reader has asked for more, and is done with this one
          if (isCurrent()) finish(partition, message.offset + 1n);
        }
      } finally {
        if (inHand && options.settled?.() && isCurrent()) finish(partition, inHand.offset + 1n);
      }
      if (signal?.aborted) return;
      if (isCurrent()) finish(partition, next);
    }
  } catch (error) {
    throw await kafkaError(error, options, { topic, group });
  }
}
