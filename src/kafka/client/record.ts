/** A header's value; a list stands for several headers of one name. */
export type HeaderValue = Buffer | string | null | undefined;
/** Headers by name. */
export type RecordHeaders = Readonly<Record<string, HeaderValue | readonly HeaderValue[]>>;

/** Largest message, bytes: Rubin packets with long histories pass Kafka's default of 1 MB. */
export const maxMessageBytes = 10_000_000;

/** A message as it is read. */
export interface KafkaMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Names may come more than once; a value may be null. */
  readonly headers?: RecordHeaders | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly timestamp: string;
  readonly offset: string;
}

/** A message, its partition and offset. */
export interface Message {
  readonly partition: number;
  readonly offset: bigint;
  readonly message: KafkaMessage;
  /** Why the bytes at this offset cannot be read; the message is empty then. */
  readonly error?: Error | undefined;
}

/** A record as it goes into a batch. */
export interface OutgoingRecord {
  readonly key: Buffer | string | null;
  readonly value: Buffer | null;
  readonly headers?: RecordHeaders | undefined;
  /** ms since 1970 UTC. */
  readonly timestampMs: number;
}

/** Offset, lengths, timestamp of a record and its share of the batch; what an object takes in memory is more. */
const envelopeBytes = 100;

/** The headers of a message; none where they are damaged. */
export function headersOf(message: { readonly headers?: RecordHeaders | undefined }): RecordHeaders {
  try {
    return message.headers ?? {};
  } catch {
    return {};
  }
}

/** About what a message takes on the wire and at least in memory: Fink sends 25 kB of schema as the key of each alert. */
export function sizeOf(message: {
  readonly key?: Buffer | string | null;
  readonly value: Buffer | null;
  readonly headers?: RecordHeaders | undefined;
}): number {
  if (message instanceof RecordView) return envelopeBytes + message.byteLength;
  let bytes = envelopeBytes + (message.key?.length ?? 0) + (message.value?.length ?? 0);
  for (const [name, value] of Object.entries(headersOf(message))) {
    bytes += name.length;
    for (const one of Array.isArray(value) ? value : [value]) bytes += one?.length ?? 0;
  }
  return bytes;
}

/** A header as text, of several of one name the first; undefined when it is not there or null, which Kafka allows. */
export function headerText(headers: RecordHeaders | undefined, name: string): string | undefined {
  return firstOf(headers?.[name])?.toString();
}

/** Of several headers of one name the first. */
export const firstOf = (value: HeaderValue | readonly HeaderValue[]): HeaderValue =>
  Array.isArray(value) ? value[0] : (value as HeaderValue);

let cursor = 0;

/** Zigzag varint of up to 32 bits at {@link cursor}. */
function varint(bytes: Buffer): number {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = bytes[cursor++];
    if (byte === undefined) break;
    value |= (byte & 127) << shift;
    if (byte < 128) return (value >>> 1) ^ -(value & 1);
  }
  throw new RangeError("a varint does not end");
}

/** The same of up to 64 bits, as a number: exact to 2⁵³. */
function varlong(bytes: Buffer): number {
  let value = 0;
  for (let factor = 1; factor <= 2 ** 63; factor *= 128) {
    const byte = bytes[cursor++];
    if (byte === undefined) break;
    value += (byte & 127) * factor;
    if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
  throw new RangeError("a varint does not end");
}

/** A record inside its batch: parts are views, made when somebody asks. Source: KIP-98, "Message Format". */
export class RecordView implements KafkaMessage {
  private constructor(
    private readonly bytes: Buffer,
    private readonly keyAt: number,
    private readonly keyLength: number,
    private readonly valueAt: number,
    private readonly valueLength: number,
    private readonly headersAt: number,
    private readonly end: number,
    /** Milliseconds since 1970 UTC. */
    readonly timestampMs: number,
    readonly offsetInBatch: number,
    private readonly baseOffset: bigint,
  ) {}

  /**
   * @param appendMs when the broker took it, if that is the topic's time stamp
   * @returns the record at `at`, and where the next one begins
   * @throws RangeError when its lengths lead out of the batch
   */
  static at(
    bytes: Buffer,
    at: number,
    baseOffset: bigint,
    baseMs: number,
    appendMs?: number,
  ): { record: RecordView; next: number } {
    cursor = at;
    const length = varint(bytes);
    const next = cursor + length;
    cursor++; // attributes: none are defined
    const deltaMs = varlong(bytes);
    const offsetInBatch = varint(bytes);
    const keyLength = varint(bytes);
    const keyAt = cursor;
    cursor += Math.max(0, keyLength);
    const valueLength = varint(bytes);
    const valueAt = cursor;
    cursor += Math.max(0, valueLength);
    if (length < 0 || next > bytes.length || cursor > next) throw new RangeError("a record ends after its batch");
    const record = new RecordView(
      bytes,
      keyAt,
      keyLength,
      valueAt,
      valueLength,
      cursor,
      next,
      appendMs ?? baseMs + deltaMs,
      offsetInBatch,
      baseOffset,
    );
    return { record, next };
  }

  /** Of its key, value and headers, with their lengths. */
  get byteLength(): number {
    return this.end - this.keyAt;
  }

  get key(): Buffer | null {
    return this.keyLength < 0 ? null : this.bytes.subarray(this.keyAt, this.keyAt + this.keyLength);
  }

  get value(): Buffer | null {
    return this.valueLength < 0 ? null : this.bytes.subarray(this.valueAt, this.valueAt + this.valueLength);
  }

  get timestamp(): string {
    return String(this.timestampMs);
  }

  get offset(): string {
    return String(this.baseOffset + BigInt(this.offsetInBatch));
  }

  /** @throws RangeError when they are damaged */
  get headers(): RecordHeaders {
    const headers = Object.create(null) as Record<string, unknown>; // names come from outside
    cursor = this.headersAt;
    for (let left = varint(this.bytes); left > 0; left--) {
      const name = this.part() ?? Buffer.alloc(0);
      const value = this.part();
      const key = name.toString("utf8");
      const before = headers[key];
      if (!(key in headers)) headers[key] = value;
      else if (Array.isArray(before)) before.push(value);
      else headers[key] = [before, value];
    }
    return headers as RecordHeaders;
  }

  private part(): Buffer | null {
    const length = varint(this.bytes);
    if (length < 0) return null;
    const from = cursor;
    cursor += length;
    if (cursor > this.end) throw new RangeError("a header ends after its record");
    return this.bytes.subarray(from, cursor);
  }
}
