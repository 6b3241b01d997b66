import { usageError } from "../../errors";
import { type ConnectionOptions, kafkaClient, kafkaError, maxMessageBytes, withAdmin } from "../client/connection";
import { newProducer } from "../client/producer";
import type { IHeaders, Producer } from "../client/types";
import { headerText } from "../filter/headers";
import { sizeOf } from "../message-size";
import { type Extent, extentOf } from "../positions";
import { refuse } from "../refuse";
import { messageSender, type Outgoing, type SendMessages } from "../send-messages";
import { describeTopic } from "../topics";

/** Header of a reservoir's messages: seconds since its first alert, as decimal text. The name is rubin-alert-sim's. */
export const timeOffsetHeader = "alertsim-time-offset";

const requestBytes = Math.floor(maxMessageBytes * 0.4);

/** The offset of a message in seconds; undefined when it has none that can be read. */
export function timeOffsetOf(headers: IHeaders | undefined): number | undefined {
  const text = headerText(headers, timeOffsetHeader);
  const seconds = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** Sends messages to one topic in requests of bounded size, and counts what is acknowledged. */
export class Sender {
  messages = 0;
  /** Of the values. */
  bytes = 0;
  private readonly producer: Producer;
  private send: SendMessages | undefined;
  private taken: Outgoing[] = [];
  private takenBytes = 0;

  constructor(
    private readonly topic: string,
    private readonly options: ConnectionOptions,
  ) {
    this.producer = newProducer(kafkaClient(options, true));
  }

  /** The topic must be there: its partitions are looked up. */
  async connect(): Promise<void> {
    const { partitions } = await describeTopic(this.topic, this.options);
    await this.safely(() => this.producer.connect());
    this.send = messageSender(this.producer, { topic: this.topic, partitions: partitions.length });
  }

  /** Takes a message; sends what was taken when that is enough for a request. */
  async add(message: Outgoing): Promise<void> {
    const length = message.value?.length ?? 0;
    if (length > maxMessageBytes) throw usageError(`alerts of at most ${maxMessageBytes / 1e6} MB`, length);
    const size = sizeOf(message);
    if (this.takenBytes > 0 && this.takenBytes + size > requestBytes) await this.flush();
    this.taken.push(message);
    this.takenBytes += size;
  }

  /** Sends what was taken and waits until it is acknowledged. */
  async flush(): Promise<void> {
    const { send, taken } = this;
    if (!send || taken.length === 0) return;
    this.taken = []; // also when sending fails: a part of it may be stored
    this.takenBytes = 0;
    await this.safely(() =>
      send(taken, (count, bytes) => {
        this.messages += count;
        this.bytes += bytes;
      }),
    );
  }

  async disconnect(): Promise<void> {
    await this.producer.disconnect().catch(() => {}); // every request was awaited
  }

  private async safely<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw await kafkaError(error, this.options, { topic: this.topic });
    }
  }
}

/** Messages a topic holds; undefined when there is no such topic. */
export async function messagesIn(topic: string, options: ConnectionOptions): Promise<bigint | undefined> {
  const extent = await withAdmin(options, (admin) => extentOf(admin, topic));
  return extent ? heldIn(extent) : undefined;
}

export function heldIn({ first, next }: Extent): bigint {
  return [...next].reduce((sum, [partition, end]) => sum + end - (first.get(partition) ?? 0n), 0n);
}

/** The error for a topic that would be overwritten. */
export function occupiedError(topic: string, held: bigint, remedy: string): Error {
  return refuse("a topic that is not there or is empty", `"${topic}" with ${held} messages`, remedy);
}
