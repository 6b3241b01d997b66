import { refuse, usageError } from "../../errors";
import { type ConnectionOptions, withAdmin } from "../client/connection";
import { extentOf } from "../read/positions";

/**
 * Sees that a topic can be had with so many partitions, before anything is sent. Fewer than it has are no harm; more would
 * have to be made of a topic whose keys are in their places already.
 *
 * @param options.fresh the topic will be recreated: what it has now does not matter
 * @throws USAGE for a number that Kafka does not take, and for more partitions than the topic has
 */
export async function checkPartitions(
  topic: string,
  options: ConnectionOptions & { partitions?: number | undefined; fresh?: boolean | undefined },
): Promise<void> {
  const { partitions, fresh } = options;
  if (partitions !== undefined && !(Number.isInteger(partitions) && partitions >= 1)) {
    throw usageError("1 partition or more", partitions);
  }
  const there = (await withAdmin(options, (admin) => extentOf(admin, topic)))?.next.size;
  if (fresh || partitions === undefined || there === undefined || partitions <= there) return;
  throw refuse(
    `at most ${there} ${there === 1 ? "partition" : "partitions"}, which "${topic}" has`,
    String(partitions),
    "ask for fewer, or empty it first",
  );
}
