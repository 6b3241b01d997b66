/**
 * Reads the primitive types of Kafka's protocol out of a buffer. Source: https://kafka.apache.org/protocol
 *
 * "Compact" are the forms of the flexible versions, with lengths as unsigned varints, one more than they are.
 */
export class WireReader {
  constructor(
    readonly bytes: Buffer,
    public at = 0,
  ) {}

  int8(): number {
    return this.bytes.readInt8(this.move(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.move(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.move(4));
  }

  int64(): bigint {
    return this.bytes.readBigInt64BE(this.move(8));
  }

  uvarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes.readUInt8(this.move(1));
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw new RangeError("a varint of more than five bytes");
  }

  /** Bytes of a known length, as a view. */
  view(length: number): Buffer {
    const from = this.move(length);
    if (this.at > this.bytes.length) throw new RangeError("the answer ends before its parts do");
    return this.bytes.subarray(from, from + length);
  }

  string(isCompact: boolean): string | null {
    const length = isCompact ? this.uvarint() - 1 : this.int16();
    return length < 0 ? null : this.view(length).toString("utf8");
  }

  array<T>(isCompact: boolean, item: () => T): T[] {
    const length = isCompact ? this.uvarint() - 1 : this.int32();
    const items: T[] = [];
    for (let i = 0; i < length; i++) items.push(item());
    return items;
  }

  /** What later versions add, unread. */
  tags(isFlexible: boolean): void {
    if (!isFlexible) return;
    for (let left = this.uvarint(); left > 0; left--) {
      this.uvarint();
      this.view(this.uvarint());
    }
  }

  private move(length: number): number {
    const from = this.at;
    this.at += length;
    return from;
  }
}

/** Writes the same; requests are a few hundred bytes. */
export class WireWriter {
  private readonly parts: Buffer[] = [];

  int8(value: number): this {
    return this.part(1, (bytes) => bytes.writeInt8(value));
  }

  int16(value: number): this {
    return this.part(2, (bytes) => bytes.writeInt16BE(value));
  }

  int32(value: number): this {
    return this.part(4, (bytes) => bytes.writeInt32BE(value));
  }

  int64(value: bigint): this {
    return this.part(8, (bytes) => bytes.writeBigInt64BE(value));
  }

  raw(bytes: Buffer): this {
    this.parts.push(bytes);
    return this;
  }

  string(value: string, isCompact: boolean): this {
    const text = Buffer.from(value);
    return (isCompact ? this.uvarint(text.length + 1) : this.int16(text.length)).raw(text);
  }

  /** In the form that is not compact. */
  nullableString(value: string | undefined): this {
    return value === undefined ? this.int16(-1) : this.string(value, false);
  }

  array<T>(isCompact: boolean, items: readonly T[], write: (item: T) => void): this {
    if (isCompact) this.uvarint(items.length + 1);
    else this.int32(items.length);
    for (const item of items) write(item);
    return this;
  }

  /** Null in the place of an array; often "all". */
  noArray(isCompact: boolean): this {
    return isCompact ? this.uvarint(0) : this.int32(-1);
  }

  tags(isFlexible: boolean): this {
    return isFlexible ? this.uvarint(0) : this;
  }

  uvarint(value: number): this {
    const bytes: number[] = [];
    for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
    return this.raw(Buffer.from([...bytes, value]));
  }

  end(): Buffer {
    return Buffer.concat(this.parts);
  }

  private part(length: number, write: (bytes: Buffer) => void): this {
    const bytes = Buffer.alloc(length);
    write(bytes);
    return this.raw(bytes);
  }
}

/** Of the zigzag varints in record batches. Lengths and deltas stay below 2^52, so that plain numbers hold them. */
const zigzag = (value: number): number => (value < 0 ? -value * 2 - 1 : value * 2);

/** Bytes that `value` takes. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = zigzag(value); rest > 127; rest = Math.floor(rest / 128)) length++;
  return length;
}

/** Writes `value` at `at` and gives the offset behind it. */
export function writeVarint(buffer: Buffer, at: number, value: number): number {
  let rest = zigzag(value);
  let next = at;
  for (; rest > 127; rest = Math.floor(rest / 128)) buffer[next++] = (rest % 128) | 128;
  buffer[next++] = rest;
  return next;
}
