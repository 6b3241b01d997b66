import type { Alert } from "../../alert/alert";
import { refuse, usageError } from "../../errors";
import { checkTopicName } from "../admin/topics";
import type { ConnectionOptions } from "../client/connection";
import type { KafkaMessage } from "../client/record";
import type { Extent } from "../read/positions";

/** One filter of a job: a name and a plain test. A cut is one as well: `{ name: cut.label, accepts: cut }`. */
export interface AlertFilter {
  /** Names the filter in the report, its topic, and its progress in the group: under another name it begins anew. */
  readonly name: string;
  /** True selects; false, null and undefined do not. Anything else, and what it throws, makes the alert a dead letter. */
  readonly accepts: (alert: Alert) => boolean | null | undefined;
  /**
   * Where the selected alerts go. Default: the name of the input, a dot, and the filter's name with "-" for what Kafka does
   * not allow in a topic.
   */
  readonly outTopic?: string | undefined;
}

/** A filter with its topic settled. */
export interface PlannedFilter {
  readonly name: string;
  readonly accepts: AlertFilter["accepts"];
  readonly topic: string;
}

/** A job with everything settled, as its worker takes it. */
export interface WorkerOptions extends ConnectionOptions {
  topic: string;
  deadTopic: string;
  group: string;
  filters: readonly PlannedFilter[];
  /** Name of a filter that was left behind before and goes on. */
  resume?: string | undefined;
  until: "caught-up" | "idle" | "forever";
  idleSeconds: number;
  limit: number;
  /** What the topic held when the job began. */
  extent: Extent;
  /** Fetches the schema that a message needs; false when the job was stopped meanwhile. Not set without a registry. */
  prepare?: ((message: KafkaMessage) => Promise<boolean>) | undefined;
  onChunk: () => void;
  warn: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/** The topic that dead letters of `topic` go to. */
export function deadTopicOf(topic: string): string {
  checkTopicName(topic);
  return `${topic}.dead`;
}

/** A name as Kafka allows it for a topic: letters, digits, ".", "_" and "-". */
export function safeTopicName(name: string): string {
  return name
    .trim()
    .replace(/[^\w.-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 200);
}

/**
 * Settles the topics of a job.
 *
 * @throws USAGE without filters, for a filter without name or test, for two with one name or topic, and for an output
 *   that is the input or its dead-letter topic (the job would feed on itself)
 */
export function planFilters(input: string, filters: readonly AlertFilter[]): PlannedFilter[] {
  checkTopicName(input);
  if (!Array.isArray(filters) || filters.length === 0) throw usageError("at least one filter", filters?.length ?? 0);
  const topics = new Map<string, string>();
  const names = new Set<string>();
  return filters.map(({ name, accepts, outTopic }) => {
    if (typeof name !== "string" || name.trim() === "") throw usageError("a name for every filter", name);
    if (typeof accepts !== "function") throw usageError(`a function of the alert as filter "${name}"`, accepts);
    if (names.has(name)) throw refuse("filters of different names", `"${name}" twice`, "leave one out or rename it");
    names.add(name);
    if (safeTopicName(name) === "") throw usageError("letters or digits in the name of every filter", name);
    const topic = outTopic ?? `${input}.${safeTopicName(name)}`;
    checkTopicName(topic);
    if (topic === input || topic === deadTopicOf(input)) {
      throw usageError(`an output of filter "${name}" other than the topic it reads`, topic, "rename the filter");
    }
    const other = topics.get(topic);
    if (other !== undefined) {
      throw refuse("a topic of its own for every filter", `"${topic}" for both "${other}" and "${name}"`);
    }
    topics.set(topic, name);
    return { name, accepts, topic };
  });
}

/** The consumer group of a job without one: whichever filters read the topic, each goes on where it stopped. */
export const groupOf = (input: string): string => `filter-${input}`;
