import type { Alert } from "../../alert/alert";
import type { ConnectionOptions } from "../client/connection";
import { consume } from "../consume";
import type { Extent } from "../positions";
import type { JobBooks } from "./books";
import type { Decider } from "./decide";
import { Held } from "./held";
import type { WorkerOptions } from "./worker-options";

/** Takes the alerts of a chunk, and the names of the filters that have decided all of them. */
export type OnDecided = (alerts: readonly Alert[], answered: ReadonlySet<string>) => unknown;

/** Decides and counts from the beginning of the topic; sends and commits nothing. */
export async function decideOnly(
  topic: string,
  extent: Extent,
  decider: Decider,
  books: JobBooks,
  options: ConnectionOptions &
    Pick<WorkerOptions, "filters" | "limit" | "prepare" | "onChunk" | "signal"> & { onDecided?: OnDecided | undefined },
): Promise<void> {
  if ([...extent.next].every(([p, next]) => next <= (extent.first.get(p) ?? 0n))) return;
  const held = new Held();
  const decide = async (partition: number) => {
    const decided = await decider.decide(
      held.take(partition),
      {},
      () => new Promise((resolve) => setImmediate(resolve)),
    );
    books.begin(partition, decided);
    for (const { filter, why } of decided.leaving) books.leaveBehind(filter, why);
    books.done(partition, decided);
    const answered = options.filters.filter((_, n) => decided.outcomes[n] && !decided.unanswered.has(n));
    await options.onDecided?.(decided.alerts, new Set(answered.map(({ name }) => name)));
    options.onChunk();
  };
  const { bootstrap, profile, signal } = options;
  let read = 0;
  for await (const message of consume(topic, { bootstrap, profile, signal, starts: extent.first, ends: extent.next })) {
    if (options.prepare && !(await options.prepare(message.message))) break;
    const full = held.add(message);
    if (full !== undefined) await decide(full);
    if (++read >= options.limit) break;
  }
  for (const partition of held.partitions) await decide(partition);
}
