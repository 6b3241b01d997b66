import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { crc32c } from "./crc32c";
import { type Message, RecordView } from "./record";
import { AbortedFilter, batchesIn, messagesOf } from "./record-batch";

const Encoder = require("kafkajs/src/protocol/encoder");
const Long = require("kafkajs/src/utils/long");
const encodeRecord = require("kafkajs/src/protocol/recordBatch/record/v0");
const { RecordBatch: encodeBatch } = require("kafkajs/src/protocol/recordBatch/v0");
const Decoder = require("kafkajs/src/protocol/decoder");
const decodeBatch = require("kafkajs/src/protocol/recordBatch/v0/decoder");

const baseMs = 1_700_000_000_000;
type Given = {
  key: Buffer | null;
  value: Buffer | null;
  headers?: object;
  offsetDelta?: number;
  timestampDelta?: number;
};

/** A batch as kafkajs writes it. */
async function batchOf(firstOffset: number, records: Given[], more: object = {}): Promise<Buffer> {
  const encoder = await encodeBatch({
    firstOffset: Long.fromInt(firstOffset),
    firstTimestamp: baseMs,
    maxTimestamp: baseMs + 10_000,
    lastOffsetDelta: Math.max(0, ...records.map(({ offsetDelta = 0 }) => offsetDelta)),
    records: records.map((record) => encodeRecord(record)),
    ...more,
  });
  return encoder.buffer;
}

/** The same with the checksum of what it holds now. */
function signed(encoded: Buffer): Buffer {
  encoded.writeUInt32BE(crc32c(encoded.subarray(21)), 17);
  return encoded;
}

const seeded = (seed: number) => () => (seed = (seed * 48271) % 2147483647) / 2147483647;
const bytes = (random: () => number, most: number) =>
  Buffer.from(Array.from({ length: Math.floor(random() * most) }, () => Math.floor(random() * 256)));

function someRecords(seed: number): Given[] {
  const random = seeded(seed);
  return Array.from({ length: 1 + Math.floor(random() * 8) }, (_, i) => ({
    key: random() < 0.3 ? null : bytes(random, 300),
    value: random() < 0.2 ? null : bytes(random, 5000),
    headers: Object.fromEntries(
      Array.from({ length: Math.floor(random() * 4) }, (_, n) => [
        `h${n}`,
        random() < 0.3 ? [bytes(random, 9), bytes(random, 9)] : bytes(random, 70),
      ]),
    ),
    offsetDelta: i * (1 + Math.floor(random() * 3)),
    timestampDelta: Math.floor(random() * 1e10),
  }));
}

const plain = (messages: readonly Message[]) =>
  messages.map(({ offset, message: { key, value, headers, timestamp, offset: text } }) => {
    expect(text).toBe(String(offset));
    return { offset: text, key, value, headers: { ...headers }, timestamp };
  });

describe("record batches read in place", () => {
  it("are what kafkajs makes of the same bytes", async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const encoded = await batchOf(seed * 1000, someRecords(seed));
      const [batch, ...rest] = batchesIn(encoded);
      expect(rest).toEqual([]);
      const peer = await decodeBatch(new Decoder(encoded.subarray(0)));
      const expected = peer.records.map(({ offset, key, value, headers, timestamp }: Record<string, unknown>) => ({
        offset,
        key,
        value,
        headers,
        timestamp,
      }));
      expect(plain(await messagesOf(3, batch!))).toEqual(expected);
    }
  });

  it("give null header values, names that come twice, and names that JavaScript has a meaning for", () => {
    const header = (name: string, value: Buffer | null) =>
      new Encoder().writeVarIntString(name).writeVarIntBytes(value);
    const list = [
      header("__proto__", Buffer.from("p")),
      header("a", null),
      header("a", Buffer.from("2")),
      header("constructor", null),
    ];
    const body = new Encoder()
      .writeInt8(0)
      .writeVarLong(0)
      .writeVarInt(0)
      .writeVarIntBytes(null)
      .writeVarIntBytes(null)
      .writeVarIntArray(list);
    const encoded = new Encoder().writeVarInt(body.size()).writeEncoder(body).buffer;
    const { headers } = RecordView.at(encoded, 0, 0n, 0).record;
    expect(Object.entries(headers)).toEqual([
      ["__proto__", Buffer.from("p")],
      ["a", [null, Buffer.from("2")]],
      ["constructor", null],
    ]);
  });

  it("take many headers in time that grows with their number", async () => {
    const headers = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`name-${n}`, Buffer.from("x")]));
    const [batch] = batchesIn(await batchOf(0, [{ key: null, value: null, headers }]));
    const started = performance.now();
    const [message] = await messagesOf(0, batch!);
    expect(Object.keys(message!.message.headers!).length).toBe(20_000);
    expect(performance.now() - started).toBeLessThan(2000); // copying the object for each takes a minute
  });

  it("that hold nothing any more still say how far they reach", async () => {
    const encoded = await batchOf(7, [], { lastOffsetDelta: 12 });
    const [batch] = batchesIn(encoded);
    expect(batch!.nextOffset).toBe(20n);
    expect(await messagesOf(0, batch!)).toEqual([]);
  });

  it("are left out when the limit of the request cut them short", async () => {
    const one = await batchOf(0, someRecords(1));
    const two = await batchOf(50, someRecords(2));
    for (let cut = 0; cut < two.length; cut += 7) {
      expect(batchesIn(Buffer.concat([one, two.subarray(0, cut)])).length).toBe(1);
    }
  });

  it("that are damaged are one error with its place and range of offsets", async () => {
    const records = Array.from({ length: 5 }, (_, i) => ({ key: null, value: Buffer.alloc(100, i), offsetDelta: i }));
    const encoded = await batchOf(100, records);
    for (const at of [22, 60, 100, encoded.length - 1]) {
      const changed = Buffer.from(encoded);
      changed[at] = changed[at]! ^ 1;
      const found = await messagesOf(2, batchesIn(changed)[0]!);
      expect(found).toMatchObject([{ partition: 2, offset: 100n, error: { code: "BATCH_CORRUPT" } }]);
      expect(String(found[0]!.error)).toContain("offsets 100 to 104");
    }
  });

  it("with lengths that lead elsewhere under a checksum that fits give what is before the damage", async () => {
    const records = Array.from({ length: 5 }, (_, i) => ({ key: null, value: Buffer.alloc(100, i), offsetDelta: i }));
    const encoded = await batchOf(100, records);
    encoded.fill(0xff, encoded.length - 150); // in the middle of the fourth record
    const found = await messagesOf(2, batchesIn(signed(encoded))[0]!);
    expect(found.length).toBeGreaterThan(1);
    expect(found.map(({ offset }) => offset)).toEqual(found.map((_, i) => 100n + BigInt(i)));
    expect(found.map(({ error }) => error !== undefined)).toEqual(found.map((_, i) => i === found.length - 1));
  });

  it("that would expand without end are refused", async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024), { level: 9 });
    const encoded = Buffer.concat([await batchOf(7, []), bomb]);
    encoded.writeInt32BE(encoded.length - 12, 8);
    encoded.writeInt16BE(1, 21);
    encoded.writeInt32BE(1, 57);
    const [message] = await messagesOf(0, batchesIn(signed(encoded))[0]!);
    expect(message).toMatchObject({ offset: 7n, error: { code: "BATCH_CORRUPT" } });
    expect(String(message!.error)).toMatch(/expand/);
  });

  it("with any byte changed never do anything else", async () => {
    const random = seeded(5);
    const encoded = await batchOf(100, someRecords(9));
    for (let n = 0; n < 3000; n++) {
      const changed = Buffer.from(encoded);
      changed[16 + Math.floor(random() * (changed.length - 16))] = Math.floor(random() * 256);
      let batches: ReturnType<typeof batchesIn>;
      try {
        batches = batchesIn(signed(changed)); // as one would who means harm
      } catch (error) {
        expect(error).toMatchObject({ code: "BATCH_CORRUPT" });
        continue;
      }
      for (const batch of batches) {
        for (const { error, message } of await messagesOf(0, batch)) {
          if (error) expect(error).toMatchObject({ code: "BATCH_CORRUPT" });
          else
            expect(
              [message.key?.length, message.value?.length].every((length) => (length ?? 0) <= encoded.length),
            ).toBe(true);
        }
      }
    }
  });
});

describe("aborted transactions", () => {
  it("hide the records of their producer from their first offset to their marker, overlapping or not", async () => {
    const marker = async (offset: number, producerId: number, type: 0 | 1) => {
      const key = Buffer.alloc(4);
      key.writeInt16BE(type, 2);
      const encoded = await batchOf(offset, [{ key, value: Buffer.alloc(6) }], {
        producerId: Long.fromInt(producerId),
        transactional: true,
      });
      encoded.writeInt16BE(encoded.readInt16BE(21) | 32, 21);
      return encoded;
    };
    const data = (offset: number, producerId: number, transactional = true) =>
      batchOf(offset, [{ key: null, value: Buffer.from("x") }], {
        producerId: Long.fromInt(producerId),
        transactional,
      });
    const log = Buffer.concat([
      await data(0, 1),
      await data(1, 2),
      await data(2, 3),
      await marker(3, 2, 0), // 2 ends first, and is listed first
      await data(4, 1),
      await data(5, 2),
      await marker(6, 1, 0),
      await data(7, 1),
      await marker(8, 2, 1),
      await data(9, 9, false),
      await marker(10, 1, 1),
      await marker(11, 3, 1),
    ]);
    const filter = new AbortedFilter([
      { producerId: 2n, firstOffset: 1n },
      { producerId: 1n, firstOffset: 0n },
    ]);
    const seen = batchesIn(log).filter((batch) => !filter.hides(batch));
    expect(seen.map(({ baseOffset }) => baseOffset)).toEqual([2n, 5n, 7n, 9n]);
  });
});
