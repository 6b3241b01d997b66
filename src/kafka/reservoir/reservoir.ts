import type { IHeaders, Producer } from "kafkajs";
import { usageError } from "../../errors";
import { type ConnectionOptions, kafkaClient, kafkaError, maxMessageBytes, withAdmin } from "../connection";
import { headerText } from "../filter/headers";
import { extentOf } from "../positions";
import { refuse } from "../refuse";

/** Header of a reservoir's messages: seconds since its first alert, as decimal text. The name is rubin-alert-sim's. */
export const timeOffsetHeader = "alertsim-time-offset";

/** A message on its way to a topic. */
export interface ReservoirMessage {
  key: Buffer | string | null;
  value: Buffer | null;
  headers: IHeaders;
  timestamp?: string;
}

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
  bytes = 0;
  private readonly producer: Producer;
  private request: ReservoirMessage[] = [];
  private requested = 0;

  constructor(
    private readonly topic: string,
    private readonly options: ConnectionOptions,
  ) {
    const { Partitioners } = require("kafkajs") as typeof import("kafkajs");
    this.producer = kafkaClient(options, true).producer({
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
  }

  connect(): Promise<void> {
    return this.safely(() => this.producer.connect());
  }

  /** Takes a message; sends what was taken when a request is full. */
  async add(message: ReservoirMessage): Promise<void> {
    const size = message.value?.length ?? 0;
    if (size > maxMessageBytes) throw usageError(`alerts of at most ${maxMessageBytes / 1e6} MB`, size);
    if (this.requested > 0 && this.requested + size > requestBytes) await this.flush();
    this.request.push(message);
    this.requested += size;
  }

  /** Sends what was taken and waits until it is acknowledged. */
  async flush(): Promise<void> {
    if (this.request.length === 0) return;
    const { request, requested } = this;
    await this.safely(() => this.producer.send({ topic: this.topic, acks: -1, messages: request }));
    this.messages += request.length;
    this.bytes += requested;
    this.request = [];
    this.requested = 0;
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
  if (!extent) return undefined;
  return [...extent.next].reduce((sum, [p, next]) => sum + next - (extent.first.get(p) ?? 0n), 0n);
}

/** The error for a topic that would be overwritten. */
export function occupiedError(topic: string, held: bigint, remedy: string): Error {
  return refuse("a topic that is not there or is empty", `"${topic}" with ${held} messages`, remedy);
}
