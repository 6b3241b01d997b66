import type { ConnectionOptions } from "./connection";
import { connectionOf } from "./connection-settings";
import { type KafkaBroker, withCluster } from "./one-cluster";

/** Metadata, in the first form that names a topic's id; Kafka 2.8 and later know it. */
const metadata = { key: 3, version: 10 };
const idBytes = 16;
const limitMs = 2000;

interface Encoder {
  writeInt32(value: number): Encoder;
  writeBoolean(value: boolean): Encoder;
  writeBuffer(value: Buffer): Encoder;
  writeUVarInt(value: number): Encoder;
  writeUVarIntString(value: string | null): Encoder;
}

interface Decoder {
  buffer: Buffer;
  offset: number;
  readInt16(): number;
  readInt32(): number;
  readUVarIntString(): string | null;
  readUVarIntArray<T>(reader: (decoder: Decoder) => T): T[];
  readUVarInt(): number;
  readTaggedFields(): void;
}

/** The parts of kafkajs's own class of a broker that are used here. */
interface AskedBroker extends KafkaBroker {
  versions: Record<number, { maxVersion: number }>;
  connectionPool: { send(request: object): Promise<string | undefined> };
}

/**
 * What Kafka calls a topic by inside: one that was deleted and made anew under the same name has another. kafkajs asks in
 * a form too old to be told.
 *
 * @returns undefined when the broker does not tell, cannot be asked now, or has no such topic
 */
export async function topicId(topic: string, options: ConnectionOptions): Promise<string | undefined> {
  try {
    return await withCluster(connectionOf(options), limitMs, async (cluster) => {
      const broker = (await cluster.brokerPool.findConnectedBroker()) as AskedBroker;
      if ((broker.versions[metadata.key]?.maxVersion ?? 0) < metadata.version) return undefined;
      return broker.connectionPool.send(questionFor(topic));
    });
  } catch {
    return undefined; // whoever asks does without; what is wrong is said where the topic is read
  }
}

/** Form: https://kafka.apache.org/protocol; "flexible", so that every structure ends with a count of tagged fields, 0. */
function questionFor(topic: string): object {
  const Encoder = require("kafkajs/src/protocol/encoder") as new () => Encoder;
  const Decoder = require("kafkajs/src/protocol/decoder") as new (bytes: Buffer) => Decoder;
  const encode = async () =>
    new Encoder()
      .writeUVarInt(0) // tags of the header
      .writeUVarInt(2) // one topic
      .writeBuffer(Buffer.alloc(idBytes))
      .writeUVarIntString(topic)
      .writeUVarInt(0)
      .writeBoolean(false) // not to be made by asking for it
      .writeBoolean(false)
      .writeBoolean(false)
      .writeUVarInt(0);
  const decode = async (bytes: Buffer) => {
    const decoder = new Decoder(bytes);
    decoder.readTaggedFields();
    decoder.readInt32(); // throttle time
    decoder.readUVarIntArray((broker) => {
      broker.readInt32();
      broker.readUVarIntString();
      broker.readInt32();
      broker.readUVarIntString();
      broker.readTaggedFields();
    });
    decoder.readUVarIntString(); // of the cluster
    decoder.readInt32(); // controller
    if (decoder.readUVarInt() !== 2 || decoder.readInt16() !== 0) return undefined;
    decoder.readUVarIntString();
    const id = decoder.buffer.subarray(decoder.offset, decoder.offset + idBytes);
    return id.equals(Buffer.alloc(idBytes)) ? undefined : id.toString("hex");
  };
  return {
    request: { apiKey: metadata.key, apiVersion: metadata.version, apiName: "Metadata", encode },
    response: { decode, parse: async (id: string | undefined) => id },
  };
}
