import { BootcampError } from "../../errors";
import { say } from "../../terminal";
import { withAdmin } from "../client/connection";
import { markOf, type VisitMark } from "../publish/visit-mark";
import { type ConsumeOptions, consume, type Message } from "./consume";
import { extentOf, offsetsBetween, type Positions } from "./positions";

/**
 * Reads one night of a topic to its end: the one that the first message belongs to. What other rounds sent is passed over.
 *
 * The end is known when all alerts of the last visit have come, or when another night follows in the same partition, which
 * happens only after the first has ended or was cut off. Everything of it then lies before the present end of each partition.
 *
 * @param held where the topic ends now
 * @param waits is told where in the night that is, when it is reached and the night goes on
 * @throws USAGE for a message that does not say where in its night it stands
 */
export async function* readNight(
  topic: string,
  options: ConsumeOptions & { idleSeconds: number },
  held: Positions,
  waits: (line: string) => void,
): AsyncGenerator<Message, void, undefined> {
  const night = new NightReading(topic);
  const next = new Map(options.starts);
  const ahead = offsetsBetween(options.starts, held);
  let read = 0n;
  for await (const message of consume(topic, { ...options, ends: null })) {
    next.set(message.partition, message.offset + 1n);
    read++;
    if (night.enter(message)) yield message;
    if (night.isOver) break;
    if (read === ahead) waits(`${topic}: ${night.place}, reading on until the night has ended`);
  }
  if (options.signal?.aborted) return;
  if (night.isOver) {
    const extent = await withAdmin(options, (admin) => extentOf(admin, topic));
    const rest = { ...options, starts: next, ends: extent?.next ?? next, idleSeconds: undefined };
    if (offsetsBetween(next, rest.ends) > 0n)
      for await (const message of consume(topic, rest)) if (night.enter(message)) yield message;
  }
  if (!night.isWhole && !options.signal?.aborted)
    say(`${topic}: ${night.place} is the last of this night, it was cut off`);
}

/** What is known of the night that is being read. */
class NightReading {
  private first: VisitMark | undefined;
  private latest: VisitMark | undefined;
  /** Alerts of the last visit that have come. */
  private ofLast = 0;
  private readonly partitions = new Set<number>();
  private isFollowed = false;

  constructor(private readonly topic: string) {}

  /** Whether the message belongs to the night. */
  enter(message: Message): boolean {
    const mark = markOf(message);
    if (!mark) throw unmarked(this.topic, message);
    this.first ??= mark;
    if (mark.night !== this.first.night) {
      if (this.partitions.has(message.partition)) this.isFollowed = true;
      return false;
    }
    this.partitions.add(message.partition);
    if (mark.visit >= (this.latest?.visit ?? 0)) this.latest = mark;
    if (mark.visit === mark.of) this.ofLast++;
    return true;
  }

  get isWhole(): boolean {
    return this.latest !== undefined && this.latest.visit === this.latest.of && this.ofLast >= this.latest.alerts;
  }

  get isOver(): boolean {
    return this.isFollowed || this.isWhole;
  }

  /** "visit 3 of 50" */
  get place(): string {
    const { visit = 0, of } = this.latest ?? {};
    return `visit ${visit}${of === undefined ? "" : ` of ${of}`}`;
  }
}

function unmarked(topic: string, { partition, offset }: Message): BootcampError {
  return new BootcampError(
    "USAGE",
    `Expected alerts that say which visit of a night they belong to, topic "${topic}" holds others`,
    {
      where: `${topic}[${partition}]@${offset}`,
      remedy: 'publish() and "npx alerts send" mark them; of other streams read until: "caught-up" or "idle"',
    },
  );
}
