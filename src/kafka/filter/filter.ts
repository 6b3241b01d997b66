import type { DecodeOptions } from "../../alert/decode";
import { chooseRegistry, type RegistryChoice } from "../../avro/find-schema";
import { untilInterrupted } from "../../cell";
import { refuse, usageError } from "../../errors";
import { expectArgument } from "../../expect";
import { progressLine } from "../../stream/progress";
import { say } from "../../terminal";
import { topicAbsentError } from "../admin/topic-access";
import { createTopics } from "../admin/topics";
import { type ConnectionOptions, expectOwnBroker, kafkaError, withAdmin } from "../client/connection";
import { groupName } from "../client/connection-settings";
import type { Message } from "../read/consume";
import { isPrepared } from "../read/decode-message";
import { extentOf } from "../read/positions";
import { type FilterReport, JobBooks } from "./books";
import { Decider } from "./decide";
import { decideOnly, type OnDecided } from "./dry-run";
import { type AlertFilter, deadTopicOf, groupOf, type PlannedFilter, planFilters } from "./plan";
import { Progress } from "./progress";
import { FilterWorker } from "./worker";

/** Options of {@link runFilters}. */
export interface FilterOptions extends ConnectionOptions, Pick<DecodeOptions, "schema" | "form"> {
  /**
   * Schema registry for messages whose wire id is not known here, as for `subscribe`. What it cannot give, also because it
   * is down, becomes a dead letter, which can be replayed.
   */
  registry?: RegistryChoice;
  filters: readonly AlertFilter[];
  /**
   * Consumer group; processes that name the same one share the partitions, and must have the same filters. It keeps how far
   * each filter has come, so filters may come and go. Default: `filter-` and the topic.
   */
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
  /**
   * Name of a filter that a job of this group left behind: it alone goes on, from where it was left, while the job does not
   * run; later runs of the job have it again.
   */
  resume?: string | undefined;
  /** Decide and count from the beginning of the topic, send and commit nothing. */
  dryRun?: boolean | undefined;
  /** Called in a dry run with the alerts, chunk by chunk, and the names of the filters that have decided all of them. */
  onDecided?: OnDecided | undefined;
  /**
   * A filter that takes longer per alert, ms, for a second and more is left behind; where it is the only one, a warning names
   * it. Default 20; Infinity leaves none behind but one that does not answer for 3 s.
   */
  slowMs?: number | undefined;
  /** Where warnings go; default: stderr. */
  onWarning?: ((line: string) => void) | undefined;
  /** Show a count on a terminal or in a cell. Default true. */
  progress?: boolean | undefined;
  /** Ends the job after the transaction in hand. */
  signal?: AbortSignal | undefined;
}

/**
 * Runs filters over a topic, each to a topic of its own, exactly once.
 *
 * A selected alert goes out as the bytes that came in, with key and headers and its place in `bootcamp-topic`,
 * `-partition`, `-offset` and `-timestamp`. What cannot be decoded, or makes a filter throw, goes to `<topic>.dead` with
 * the reason; the other filters still decide it. Output, dead letters and offsets are committed in one transaction per
 * chunk of a partition, so a worker or broker that crashes neither loses nor repeats an alert for readers of committed
 * messages; only Kafka 4.3 with a single copy may (KAFKA-20734, `docs/decisions.md`). The cap counts in memory: several
 * processes count separately, and a restart begins anew.
 *
 * What one filter had decoded costs the next nothing. Among many, cuts that name their fields are the cheapest.
 *
 * A filter that is slow, or loops for ever, is *left behind* so that the others need not wait: what it has not decided is
 * pending, and it stays out of the job until `resume` lets it go on alone.
 *
 * How far each filter has come is kept with the offsets of the group: their order never matters, and one that is added reads
 * alone from the beginning, while the others wait where they are.
 *
 * Where the job has come to is an offset of its group, and Kafka forgets the offsets of a group that rests: a broker of the
 * bootcamp after ten years, another by default after seven days. Whoever runs one, and wants the same command to go on
 * after a longer rest, sets `offsets.retention.minutes` there; else it selects everything once more into the same topics.
 * What Kafka deleted of the input before it was read is in no books; a warning names its offsets.
 *
 * @param topic the input
 * @returns the books: per filter and partition, read = selected + rejected + capped + dead + pending
 * @throws USAGE (names, topics, numbers) before anything is sent; TOPIC_ABSENT, KAFKA_UNREACHABLE, KAFKA_REFUSED
 * @example
 * const report = await kafka.runFilters("ztf-stream", { filters: [{ name: "bright", accepts: (a) => a.mag < 16 }] });
 * console.log(report.filters, report.balanced);
 */
export async function runFilters(topic: string, asked: FilterOptions): Promise<FilterReport> {
  expectArgument("object", asked, "options { filters }");
  const options = { ...asked, signal: untilInterrupted(asked.signal) };
  const planned = planFilters(topic, options.filters);
  const settings = checkSettings(options);
  const warn = options.onWarning ?? ((line: string) => void say(line));
  const { filters, group } = chosen(planned, groupName(options.group, groupOf(topic), options), options);
  const deadTopic = deadTopicOf(topic);
  if (!options.dryRun) expectOwnBroker(options);
  const extent = await withAdmin(options, (admin) => extentOf(admin, topic));
  if (!extent) throw await topicAbsentError(topic, options);
  if (options.resume !== undefined) await checkLeftBehind(topic, group, options);
  const registry = chooseRegistry(options.registry);
  const { schema, form } = options;
  const decider = new Decider(topic, filters, { ...settings, schema, form, registry });
  const prepare = registry && ((message: Message["message"]) => isPrepared(message, { ...options, registry }));
  const books = new JobBooks(filters, warn);
  let reachedEnd = false;
  const progress = options.progress === false ? undefined : progressLine(`filtering ${topic}`);
  const onChunk = () => progress?.update(books.read);
  try {
    if (options.dryRun) {
      await decideOnly(topic, extent, decider, books, { ...options, ...settings, filters, prepare, onChunk });
    } else {
      const { bootstrap, profile, signal, resume } = options;
      const outputs = [...filters.map((f) => f.topic), deadTopic];
      await createTopics(outputs, { bootstrap, profile, partitions: extent.next.size });
      const common = { topic, deadTopic, group, filters, resume, extent, prepare, onChunk, warn };
      const worker = new FilterWorker({ ...common, ...settings, bootstrap, profile, signal }, decider, books);
      await worker.run();
      reachedEnd = worker.reachedEnd;
    }
  } catch (error) {
    throw await kafkaError(error, options, { topic, group });
  } finally {
    progress?.done(books.read);
  }
  books.sayCapped(settings.capPerVisit);
  return books.report({ topic, deadTopic, group, interrupted: options.signal?.aborted === true, reachedEnd });
}

/** The filters of this run: all of the job's, or the one that is resumed. */
function chosen(filters: PlannedFilter[], group: string, { resume, dryRun }: FilterOptions) {
  if (resume === undefined) return { filters, group };
  const one = filters.find(({ name }) => name === resume);
  if (!one) throw usageError(`one of the filters ${filters.map(({ name }) => name).join(", ")} to resume`, resume);
  if (dryRun) throw refuse("resume or dryRun", "both");
  return { filters: [one], group };
}

async function checkLeftBehind(topic: string, group: string, options: FilterOptions): Promise<void> {
  const found = await withAdmin({ ...options, topic, group }, (admin) => admin.fetchOffsets(group));
  const places = [...(found.get(topic)?.values() ?? [])];
  if (places.some(({ offset, metadata }) => Progress.of(offset, metadata).isLeft(options.resume!))) return;
  throw refuse("a filter that its job has left behind", `"${options.resume}", which has not been`, "leave resume out");
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
