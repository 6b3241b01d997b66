interface Encoder {
  writeInt8(value: number): Encoder;
  writeVarInt(value: number): Encoder;
  writeVarLong(value: unknown): Encoder;
  writeVarIntBytes(value: Buffer | string | null): Encoder;
  writeVarIntString(value: string): Encoder;
  writeEncoder(value: Encoder): Encoder;
  readonly buffer: Buffer;
}

interface Fields {
  offsetDelta?: number;
  timestampDelta?: unknown;
  key: Buffer | string | null;
  value: Buffer | string | null;
  headers?: Record<string, HeaderValue | HeaderValue[]>;
}
type HeaderValue = Buffer | string | null;

let isMended = false;

/**
 * Makes kafkajs write headers without a value, once.
 *
 * Kafka allows them (Java's and librdkafka's producers send them), and what is passed on must be what came. kafkajs 2.2.4
 * takes their length as a text's, and throws. Its function for a record is replaced, and what has taken the old one is
 * loaded anew: kafkajs looks the requests up each time it makes one.
 */
export function mendNullHeaders(): void {
  if (isMended) return;
  isMended = true;
  const path = require.resolve("kafkajs/src/protocol/recordBatch/record/v0");
  const usual = require(path) as (record: Fields) => Encoder; // does not copy the value a second time
  const hasNull = ({ headers = {} }: Fields) =>
    Object.values(headers).some((one) => one === null || isListWithNull(one));
  require.cache[path]!.exports = (record: Fields) => (hasNull(record) ? encodeRecord(record) : usual(record));
  for (const loaded of Object.keys(require.cache)) {
    if (/kafkajs[/\\]src[/\\]protocol[/\\]requests[/\\]produce[/\\]v\d+[/\\]request\.js$/.test(loaded)) {
      delete require.cache[loaded];
    }
  }
}

const isListWithNull = (one: HeaderValue | HeaderValue[]) => Array.isArray(one) && one.includes(null);

/** A record of the batch format v2 (Kafka protocol guide, "Record"): attributes, deltas, key, value, headers behind their size. */
function encodeRecord({ offsetDelta = 0, timestampDelta = 0, key, value, headers = {} }: Fields): Encoder {
  const KafkaEncoder = require("kafkajs/src/protocol/encoder") as new () => Encoder;
  const pairs = Object.entries(headers).flatMap(([name, one]) =>
    (Array.isArray(one) ? one : [one]).map((each): [string, HeaderValue] => [name, each]),
  );
  const body = new KafkaEncoder().writeInt8(0).writeVarLong(timestampDelta).writeVarInt(offsetDelta);
  body.writeVarIntBytes(key).writeVarIntBytes(value).writeVarInt(pairs.length);
  for (const [name, each] of pairs) body.writeVarIntString(name).writeVarIntBytes(each);
  return new KafkaEncoder().writeVarInt(body.buffer.length).writeEncoder(body);
}
