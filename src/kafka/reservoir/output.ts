import { refuse } from "../../errors";
import { checkPartitions, createTopic, resetTopic } from "../admin/topics";
import { type ConnectionOptions, withAdmin } from "../client/connection";
import { kafkaCodes } from "../client/protocol-error";
import { extentOf, heldIn } from "../read/positions";
import { occupiedError } from "./reservoir";

export interface OutputOptions extends ConnectionOptions {
  force?: boolean | undefined;
  append?: boolean | undefined;
  partitions?: number | undefined;
}

const dayMs = 86_400_000;

/**
 * Makes the topic ready that a reservoir is played into. Messages keep their old timestamps, by which Kafka decides what
 * has expired, so the topic must keep for ever, or longer than they are old.
 *
 * @param firstMs timestamp of the reservoir's first message
 * @throws USAGE for a topic that holds something, unless it is to be emptied or added to; for more partitions than one
 *   that is added to has; for one that would not keep what is added
 */
export async function prepareOutput(to: string, firstMs: number, options: OutputOptions): Promise<void> {
  const { bootstrap, profile, partitions, force, append } = options;
  const extent = await withAdmin(options, (admin) => extentOf(admin, to));
  const held = extent ? heldIn(extent) : 0n;
  if (held > 0n && !force && !append) throw occupiedError(to, held, "--force empties it first, --append adds to it");
  await checkPartitions(to, { ...options, fresh: !append });
  if (extent && append) return checkKeeps(to, firstMs, options);
  const settings = { bootstrap, profile, retentionHours: -1 };
  if (!extent) await createTopic(to, { ...settings, partitions });
  // an empty one as well: what it held has expired, and so would what comes
  else await resetTopic(to, { ...settings, partitions: partitions ?? (held > 0n ? undefined : extent.next.size) });
}

/** @throws USAGE when Kafka would delete what is added as soon as it is there */
async function checkKeeps(to: string, firstMs: number, options: ConnectionOptions): Promise<void> {
  const keepsMs = await retentionOf(to, options);
  const ageMs = Date.now() - firstMs;
  if (keepsMs === undefined || firstMs < 0 || ageMs < keepsMs) return;
  throw refuse(
    `an output that keeps messages of ${inDays(ageMs)} ago, which the reservoir's are`,
    `"${to}", which keeps them ${inDays(keepsMs)} (retention.ms ${keepsMs})`,
    `let it keep them longer, or --force (force: true) recreates it, to keep them for ever`,
  );
}

/** How long a topic keeps a message by its timestamp, ms; undefined for as long as it likes, or when that may not be asked. */
async function retentionOf(topic: string, options: ConnectionOptions): Promise<number | undefined> {
  const names = ["retention.ms", "cleanup.policy", "message.timestamp.type"];
  const config = await withAdmin({ ...options, topic }, (admin) =>
    admin.topicConfig(topic, names).catch((error) => {
      if (error.code === kafkaCodes.topicForbidden) return undefined; // who may write may not see this
      throw error;
    }),
  );
  const value = (name: string) => config?.get(name);
  const isByTimestamp = value("message.timestamp.type") !== "LogAppendTime" && value("cleanup.policy") !== "compact";
  const ms = Number(value("retention.ms") ?? -1);
  return isByTimestamp && ms >= 0 ? ms : undefined;
}

function inDays(ms: number): string {
  const days = ms / dayMs;
  return days >= 2 ? `${Math.floor(days)} days` : `${(ms / 3_600_000).toFixed(1)} h`;
}
