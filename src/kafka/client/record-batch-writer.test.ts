import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { crc32c, plainCrc32c } from "./crc32c";
import type { OutgoingRecord } from "./record";
import { type BatchSettings, batchBytes, writeRecordBatch } from "./record-batch-writer";

const producer = { id: 4_000_000_001n, epoch: 3 };

async function written(settings: Partial<BatchSettings> = {}): Promise<Buffer> {
  const buffer = Buffer.alloc(batchBytes(records));
  const end = await writeRecordBatch(buffer, 0, records, { producer, firstSequence: 0, ...settings });
  return buffer.subarray(0, end);
}

/** What kafkajs reads of a batch: an implementation of its own. */
async function kafkajsReads(batch: Buffer): Promise<{ records: KafkajsRecord[]; [field: string]: unknown }> {
  const Decoder = require("kafkajs/src/protocol/decoder");
  const recordBatch = require("kafkajs/src/protocol/recordBatch/v0/decoder");
  const decoder = new Decoder(batch);
  return recordBatch(decoder);
}

interface KafkajsRecord {
  key: Buffer | null;
  value: Buffer | null;
  timestamp: string;
  offset: string;
  headers: Record<string, unknown>;
}

const records: OutgoingRecord[] = [
  { key: "ZTF18aaaaaaa", value: Buffer.from("first"), timestampMs: 1_700_000_000_000 },
  {
    key: null,
    value: null,
    timestampMs: 1_699_999_999_000,
    headers: { none: null, text: "é", bytes: Buffer.of(0, 255) },
  },
  { key: Buffer.alloc(25_000, 7), value: Buffer.alloc(300_000, 9), timestampMs: 1_700_000_900_000 },
  {
    key: "",
    value: Buffer.alloc(0),
    timestampMs: 1_700_000_000_001,
    headers: { twice: ["a", "b"], undefined: undefined },
  },
];

describe("a record batch written by writeRecordBatch", () => {
  for (const compression of ["none", "gzip"] as const) {
    it(`is read by kafkajs as it was given (${compression})`, async () => {
      const batch = await written({ firstSequence: 17, compression });
      const read = await kafkajsReads(batch);
      expect(read).toMatchObject({ producerEpoch: 3, inTransaction: false, lastOffsetDelta: 3 });
      expect([String(read.producerId), String(read.firstSequence)]).toEqual(["4000000001", "17"]);
      expect(String(read.maxTimestamp)).toBe("1700000900000");
      const got = read.records;
      expect(got.map(({ key }) => key?.toString("latin1") ?? null)).toEqual(
        records.map(({ key }) => (key === null ? null : Buffer.from(key).toString("latin1"))),
      );
      expect(got.map(({ value }) => value)).toEqual(records.map(({ value }) => value));
      expect(got.map(({ timestamp }) => Number(timestamp))).toEqual(records.map(({ timestampMs }) => timestampMs));
      expect(got.map(({ offset }) => Number(offset))).toEqual([0, 1, 2, 3]);
      expect(got[1]!.headers).toEqual({ none: null, text: Buffer.from("é"), bytes: Buffer.of(0, 255) });
      expect(got[3]!.headers).toEqual({ twice: [Buffer.from("a"), Buffer.from("b")], undefined: null });
    });
  }

  it("carries the checksum of everything behind it", async () => {
    const batch = await written();
    expect(batch.length).toBe(batchBytes(records));
    expect(batch.readUInt32BE(17)).toBe(plainCrc32c(batch.subarray(21)));
    expect(batch.readInt32BE(8)).toBe(batch.length - 12);
  });

  it("says that it belongs to a transaction", async () => {
    expect(await kafkajsReads(await written({ isTransactional: true }))).toMatchObject({ inTransaction: true });
  });

  it("is written where it is asked for, and nowhere else", async () => {
    const buffer = Buffer.alloc(1_000_000, 0xaa);
    const end = await writeRecordBatch(buffer, 100, records, { producer, firstSequence: 0 });
    expect(buffer.subarray(100, end).equals(await written())).toBe(true);
    const around = Buffer.concat([buffer.subarray(0, 100), buffer.subarray(end)]);
    expect(around.every((byte) => byte === 0xaa)).toBe(true);
  });

  it("is not compressed where that would make it larger", async () => {
    const noise = createHash("shake256", { outputLength: 1000 }).update("noise").digest();
    const one = [{ key: null, value: noise, timestampMs: 0 }];
    const buffer = Buffer.alloc(batchBytes(one));
    const end = await writeRecordBatch(buffer, 0, one, { producer, firstSequence: 0, compression: "gzip" });
    expect(end).toBe(buffer.length);
    expect((await kafkajsReads(buffer)).records[0]!.value).toEqual(noise);
  });
});

describe("crc32c", () => {
  it("gives the published value of the check string", () => {
    for (const checksum of [crc32c, plainCrc32c]) expect(checksum(Buffer.from("123456789"))).toBe(0xe3069283);
  });

  it("is the same with and without the prebuilt part, at every length and alignment", () => {
    const bytes = Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 37 + (i >> 3)) & 255));
    for (let start = 0; start < 8; start++) {
      for (let end = start; end <= 300; end += 7) {
        const part = bytes.subarray(start, end);
        expect(crc32c(part)).toBe(plainCrc32c(part));
      }
    }
  });
});
