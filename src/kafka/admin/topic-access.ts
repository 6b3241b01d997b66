import { BootcampError } from "../../errors";
import { problemError } from "../client/broker-problem";
import { type ConnectionOptions, withAdmin } from "../client/connection";
import { connectionOf } from "../client/connection-settings";
import { kafkaCodes } from "../client/protocol-error";

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

/** Names sorted by how many letters differ from this one. */
export function nearestNames(name: string, names: readonly string[]): string[] {
  const distance = new Map(names.map((other) => [other, edits(plain(name), plain(other))]));
  return [...names].sort((a, b) => distance.get(a)! - distance.get(b)! || (a < b ? -1 : 1));
}

/** True for names that one who types means to be the same. Numbers are not slips: `night-1` is not `night-2`. */
export function isSlip(name: string, other: string): boolean {
  if (name === other || digits(name) !== digits(other)) return false;
  const most = Math.min(name.length, other.length) >= 8 ? 2 : 1;
  return Math.min(name.length, other.length) >= 5 && edits(plain(name), plain(other)) <= most;
}

/** Case and the sign between words are what is forgotten first. */
const plain = (name: string): string => name.toLowerCase().replace(/[-_.]/g, "");
const digits = (name: string): string => name.replace(/\D+/g, " ").trim();

/** Letters that are inserted, left out, exchanged, or swapped with the next: Damerau's and Levenshtein's distance. */
function edits(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let least = Math.min(row[j - 1]! + (isSame ? 0 : 1), row[j]! + 1, next[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
