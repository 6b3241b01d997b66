import { decodeAlerts } from "../../alert/decode";
import { findSchema } from "../../avro/find-schema";
import type { SchemaRegistry } from "../../avro/registry";
import { BootcampError } from "../../errors";
import { headerText, type KafkaMessage, type RecordHeaders } from "../client/record";
import type { MessageDecoding } from "../read/decode-message";
import type { Extent } from "../read/positions";
import type { MonitoredTopic } from "./types";
import { LatencyWindow, RateWindow } from "./windows";

const dayMs = 86_400_000;
/** 1973 in milliseconds; what is smaller is another unit. */
const earliestMs = 1e11;

/** All that is kept of one topic while it is monitored. */
export class TopicWatch {
  readonly #rate: RateWindow;
  readonly #latency: LatencyWindow;
  readonly #unreadable = new Map<string, number>();
  #alerts = 0;
  #bytes = 0;

  constructor(
    private readonly topic: string,
    windowSeconds: number,
    slots: number,
  ) {
    this.#rate = new RateWindow(windowSeconds);
    this.#latency = new LatencyWindow(slots);
  }

  /** Enters a message; gives its latency in seconds, or undefined when it cannot be told. */
  async add(
    { key, value, headers, timestamp }: KafkaMessage,
    sinceMs: number,
    decoding: MessageDecoding & { registry: SchemaRegistry | undefined },
  ): Promise<number | undefined> {
    this.#alerts++;
    this.#bytes += (key?.length ?? 0) + (value?.length ?? 0);
    const code = await failureOf(value, { ...decoding, key });
    if (code) this.#unreadable.set(code, (this.#unreadable.get(code) ?? 0) + 1);
    const nowMs = Date.now();
    const producedMs = producerTime(headers, nowMs);
    const sentMs = producedMs ?? Number(timestamp);
    // found in the topic, not delivered late: it was sent before anybody waited for it here
    if (Math.max(sentMs, Number(timestamp)) < sinceMs) return undefined;
    // a producer whose clock is ahead of this one seems to have no latency
    const seconds = Math.max(0, nowMs - sentMs) / 1000;
    this.#latency.add(seconds, producedMs !== undefined);
    return seconds;
  }

  /** The topic now; the interval ends with it. */
  take(extent: Extent, dead: Extent | undefined, isRead: boolean): MonitoredTopic {
    const produced = sum(extent.next);
    this.#rate.add(performance.now(), produced, this.#bytes);
    const latency = this.#latency.summary();
    this.#latency.turn();
    return {
      topic: this.topic,
      partitions: extent.next.size,
      held: produced - sum(extent.first),
      produced,
      alertsPerSecond: this.#rate.alertsPerSecond,
      bytesPerSecond: isRead ? this.#rate.bytesPerSecond : Number.NaN,
      readAlerts: this.#alerts,
      readBytes: this.#bytes,
      unreadable: Object.fromEntries(this.#unreadable),
      latency,
      dead: dead ? sum(dead.next) - sum(dead.first) : null,
      deadProduced: dead ? sum(dead.next) : null,
    };
  }
}

const sum = (positions: ReadonlyMap<number, bigint>): bigint => [...positions.values()].reduce((a, b) => a + b, 0n);

/** The error code that a subscriber would enter this message with; undefined for an alert. */
async function failureOf(
  value: Buffer | null,
  decoding: MessageDecoding & { registry: SchemaRegistry | undefined; key: Buffer | null },
): Promise<string | undefined> {
  try {
    if (!value) return "NOT_AVRO";
    if (decoding.registry) await findSchema(value, { ...decoding, registry: decoding.registry });
    for (const alert of decodeAlerts(value, decoding)) if (alert.form !== "container") alert.validate();
    return undefined;
  } catch (error) {
    if (error instanceof BootcampError) return error.code;
    throw error;
  }
}

/** Time in the header `producer_timestamp`, if it can be one. */
function producerTime(headers: RecordHeaders | undefined, nowMs: number): number | undefined {
  const ms = Number(headerText(headers, "producer_timestamp") ?? Number.NaN);
  return ms > earliestMs && ms < nowMs + dayMs ? ms : undefined;
}
