import type { BrokerConnection } from "./broker-connection";
import { throwIfRefused } from "./protocol-error";
import { WireWriter } from "./wire";

/**
 * Which offset of a partition: its first; the one after its last; `stable`, where the first transaction begins that is still
 * open, else the one after its last; or the first at or after a time (ms since 1970 UTC).
 */
export type WhichOffset = "earliest" | "latest" | "stable" | number;

const apiKey = 2;
/** Version 2 takes an isolation level. */
const versions = [2];
const [readUncommitted, readCommitted] = [0, 1];

/**
 * Asks the leader of partitions for an offset of each; -1 where no message is as late as that.
 *
 * @throws what the broker says of the first partition that it refuses
 */
export async function listOffsets(
  broker: BrokerConnection,
  topic: string,
  partitions: readonly number[],
  which: WhichOffset,
): Promise<Map<number, bigint>> {
  const time = which === "earliest" ? -2n : typeof which === "number" ? BigInt(which) : -1n;
  const question = new WireWriter().int32(-1).int8(which === "stable" ? readCommitted : readUncommitted);
  question.array(false, [topic], (name) => {
    question.string(name, false);
    question.array(false, partitions, (partition) => void question.int32(partition).int64(time));
  });
  const answer = await broker.request(apiKey, broker.version(apiKey, versions), false, question.end());
  answer.int32(); // throttle time
  const offsets = new Map<number, bigint>();
  let failure = 0;
  answer.array(false, () => {
    answer.string(false);
    answer.array(false, () => {
      const partition = answer.int32();
      const error = answer.int16();
      answer.int64(); // time of the message
      offsets.set(partition, answer.int64());
      failure ||= error;
    });
  });
  throwIfRefused(failure);
  return offsets;
}
