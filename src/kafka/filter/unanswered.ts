import { BootcampError } from "../../errors";
import type { TopicRequest } from "./requests";

/**
 * What the broker has confirmed is not what was sent, so the transaction must not be committed. It may do better after a
 * restart, which asks anew how many partitions the outputs have.
 */
export class Unanswered extends BootcampError {
  /** Tells kafkajs to end the session instead of asking the same again. */
  readonly retriable = false;
}

/**
 * kafkajs 2.2.4 leaves out messages for partitions that it does not know of, without an error.
 *
 * @param answer what the broker confirmed
 * @throws Unanswered unless it is exactly what was asked for
 */
export function checkAnswer(
  request: readonly TopicRequest[],
  answer: readonly ({ readonly topicName: string; readonly partition: number } | null)[] | undefined,
): void {
  const asked = new Set(request.flatMap(({ topic, messages }) => messages.map((m) => `${topic}/${m.partition}`)));
  const answered = (answer ?? []).flatMap((one) => (one ? [`${one.topicName}/${one.partition}`] : []));
  const once = new Set(answered);
  if (once.size === answered.length && once.size === asked.size && answered.every((one) => asked.has(one))) return;
  const isShort = ({ topic, messages }: TopicRequest) => messages.some((m) => !once.has(`${topic}/${m.partition}`));
  const { topic } = request.find(isShort) ?? request[0]!;
  throw new Unanswered(
    "KAFKA_REFUSED",
    `Expected ${list([...asked])} to confirm what was sent there, got an answer of ${list(answered)}`,
    { remedy: `see whether partitions of an output are missing: npx alerts topics describe ${topic}`, where: topic },
  );
}

const list = (places: readonly string[]): string => {
  if (places.length === 0) return "none";
  const sorted = [...places].sort();
  return sorted.length > 8 ? `${sorted.slice(0, 8).join(", ")} and ${sorted.length - 8} more` : sorted.join(", ");
};
