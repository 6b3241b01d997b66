import type { DecodeOptions } from "../alert/decode";
import { usageError } from "../errors";
import { progressLine } from "../stream/progress";
import { addressOf, type ConnectionOptions, withAdmin } from "./connection";
import { consume, type Message } from "./consume";
import { asKafkaError, topicAbsentError } from "./errors";
import { type FilterReport, JobBooks } from "./filter-books";
import { Decider } from "./filter-decide";
import { type AlertFilter, deadTopicOf, groupOf, planFilters } from "./filter-plan";
import { FilterWorker } from "./filter-worker";
import { type Extent, extentOf } from "./positions";
import { createTopic } from "./topics";

export interface FilterOptions extends ConnectionOptions, Pick<DecodeOptions, "schema" | "form"> {
  filters: readonly AlertFilter[];
  /** Consumer group; processes that name the same one share the partitions. Default: made of topic and filters. */
  group?: string | undefined;
  /** At most so many alerts of a visit pass each filter, counted per process. Default 20; Infinity for no cap. */
  capPerVisit?: number | undefined;
  /**
   * When to end. Default "caught-up": when the whole group has reached what the topic held at the start, taking over
   * from members that die. "idle": when nothing new came for `idleSeconds`. "forever": never.
   */
  until?: "caught-up" | "idle" | "forever" | undefined;
  /** Default 10. */
  idleSeconds?: number | undefined;
  /** End after so many messages at the latest. */
  limit?: number | undefined;
  /** Decide and count from the beginning of the topic, send and commit nothing. */
  dryRun?: boolean | undefined;
  /** A filter that takes longer per alert, ms, is named in a warning. Default 20. */
  slowMs?: number | undefined;
  /** Where warnings go; default: stderr. */
  onWarning?: ((line: string) => void) | undefined;
  /** Show a count on a terminal or in a cell. Default true. */
  progress?: boolean | undefined;
  /** Ends the job after the transaction in hand. */
  signal?: AbortSignal | undefined;
}

const dryChunk = 500;
/** Creating a topic waits for its leaders; a hundred one after the other would take ten seconds. */
const topicsAtOnce = 10;

/**
 * Runs filters over a topic, each to a topic of its own, exactly once.
 *
 * A selected alert goes out as the bytes that came in, with key and headers and its place in `bootcamp-topic`,
 * `-partition`, `-offset` and `-timestamp`. What cannot be decoded, or makes a filter throw, goes to `<topic>.dead` with
 * the reason; the other filters still decide it. Output, dead letters and offsets are committed in one transaction per
 * chunk of a partition, so a crash neither loses nor repeats an alert for readers of committed messages. The cap counts
 * in memory: several processes count separately, and a restart begins anew.
 *
 * @param topic the input
 * @returns the books: per filter and partition, read = selected + rejected + capped + dead + pending
 * @throws USAGE (names, topics, numbers) before anything is sent; TOPIC_ABSENT, KAFKA_UNREACHABLE, KAFKA_REFUSED
 * @example
 * const report = await runFilters("ztf-stream", { filters: [{ name: "bright", accepts: (a) => a.mag < 16 }] });
 * console.log(report.filters, report.balanced);
 */
export async function runFilters(topic: string, options: FilterOptions): Promise<FilterReport> {
  const filters = planFilters(topic, options.filters);
  const settings = checkSettings(options);
  const warn = options.onWarning ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const group = options.group ?? groupOf(topic, filters);
  const deadTopic = deadTopicOf(topic);
  const extent = await withAdmin(options, (admin) => extentOf(admin, topic));
  if (!extent) throw topicAbsentError(topic, addressOf(options));
  const decider = new Decider(topic, filters, settings.capPerVisit, options);
  const books = new JobBooks(filters, settings.slowMs, warn);
  const progress = options.progress === false ? undefined : progressLine(`filtering ${topic}`);
  const onChunk = () => progress?.update(books.read);
  try {
    if (options.dryRun) await decideOnly(topic, extent, decider, books, { ...options, ...settings, onChunk });
    else {
      const outPartitions = await makeTopics([...filters.map((f) => f.topic), deadTopic], extent.next.size, options);
      const common = { topic, deadTopic, group, filters, extent, outPartitions, onChunk, warn };
      const { bootstrap, signal } = options;
      await new FilterWorker({ ...common, ...settings, bootstrap, signal }, decider, books).run();
    }
  } catch (error) {
    throw asKafkaError(error, addressOf(options), topic);
  } finally {
    progress?.done(books.read);
  }
  return books.report({ topic, deadTopic, group, interrupted: options.signal?.aborted === true });
}

function checkSettings(options: FilterOptions) {
  const { capPerVisit = 20, until = "caught-up", idleSeconds = 10, slowMs = 20 } = options;
  const { limit = Number.POSITIVE_INFINITY } = options;
  if (!(capPerVisit >= 1)) throw usageError("a cap of 1 alert per visit or more", capPerVisit);
  if (!(limit >= 1)) throw usageError("a limit of 1 message or more", limit);
  if (!(idleSeconds > 0)) throw usageError("idleSeconds above 0", idleSeconds);
  if (!(slowMs > 0)) throw usageError("slowMs above 0", slowMs);
  if (!["caught-up", "idle", "forever"].includes(until)) {
    throw usageError('until: "caught-up", "idle" or "forever"', until);
  }
  return { capPerVisit, until, idleSeconds, limit, slowMs };
}

/** Makes the topics that are not there, with as many partitions as the input; says how many each has. */
async function makeTopics(
  topics: readonly string[],
  partitions: number,
  { bootstrap }: ConnectionOptions,
): Promise<Map<string, number>> {
  const found = await withAdmin({ bootstrap }, async (admin) => {
    const there = new Set(await admin.listTopics());
    const known = topics.filter((topic) => there.has(topic));
    const metadata = known.length > 0 ? (await admin.fetchTopicMetadata({ topics: known })).topics : [];
    return new Map(metadata.map(({ name, partitions }) => [name, partitions.length]));
  });
  const absent = topics.filter((topic) => !found.has(topic));
  for (let at = 0; at < absent.length; at += topicsAtOnce) {
    const some = absent.slice(at, at + topicsAtOnce);
    await Promise.all(some.map((topic) => createTopic(topic, { bootstrap, partitions })));
    for (const topic of some) found.set(topic, partitions);
  }
  return found;
}

async function decideOnly(
  topic: string,
  extent: Extent,
  decider: Decider,
  books: JobBooks,
  options: FilterOptions & { limit: number; onChunk: () => void },
): Promise<void> {
  if ([...extent.next].every(([p, next]) => next <= (extent.first.get(p) ?? 0n))) return;
  const held = new Map<number, Message[]>();
  const decide = async (partition: number) => {
    const messages = held.get(partition) ?? [];
    held.delete(partition);
    const decided = await decider.decide(messages, () => new Promise((resolve) => setImmediate(resolve)));
    books.begin(partition, decided);
    books.done(partition, decided);
    options.onChunk();
  };
  const { bootstrap, signal } = options;
  let read = 0;
  for await (const message of consume(topic, { bootstrap, signal, starts: extent.first, ends: extent.next })) {
    const messages = held.get(message.partition) ?? [];
    held.set(message.partition, messages);
    messages.push(message);
    if (messages.length >= dryChunk) await decide(message.partition);
    if (++read >= options.limit) break;
  }
  for (const partition of [...held.keys()]) await decide(partition);
}
