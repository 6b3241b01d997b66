import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { compressionNumbers, compressRecords, expandBatch } from "./codecs";

const names = ["gzip", "snappy", "lz4", "zstd"] as const;
const codec = (name: (typeof names)[number]) => ({
  compress: (records: Buffer) => compressRecords(name, records),
  decompress: (batch: Buffer) => expandBatch(compressionNumbers[name], batch),
});

const noise = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (Math.imul(i, 2654435761) >>> 13) & 255));
const samples = [Buffer.alloc(0), Buffer.from("x"), Buffer.alloc(100_000, "abc"), noise, Buffer.alloc(5_000_000, 7)];

describe("batches", () => {
  it.each(names)("%s gives back what went in", async (name) => {
    for (const sample of samples) {
      const batch = await codec(name).compress(sample);
      expect((await codec(name).decompress(batch)).equals(sample), `${sample.length} bytes`).toBe(true);
    }
  });

  it.each(names)("%s says when the bytes are damaged, cut short or none", async (name) => {
    const batch = await codec(name).compress(noise);
    const bad = [
      Buffer.alloc(0),
      Buffer.from("nonsense"),
      batch.subarray(0, batch.length / 2),
      Buffer.alloc(300, 0xff),
    ];
    for (const bytes of bad) {
      await expect(codec(name).decompress(bytes), `${bytes.length}`).rejects.toMatchObject({ code: "BATCH_CORRUPT" });
    }
  });

  it("joins the chunks of the framing that Java writes", async () => {
    const chunks = await Promise.all([samples[2]!, samples[1]!].map(codec("snappy").compress));
    const length = (bytes: Buffer) => Buffer.from([0, 0, bytes.length >> 8, bytes.length & 255]);
    const head = Buffer.from("82534e41505059000000000100000001", "hex");
    const framed = Buffer.concat([head, ...chunks.flatMap((chunk) => [length(chunk), chunk])]);
    expect((await codec("snappy").decompress(framed)).equals(Buffer.concat([samples[2]!, samples[1]!]))).toBe(true);
    await expect(codec("snappy").decompress(framed.subarray(0, -3))).rejects.toMatchObject({ code: "BATCH_CORRUPT" });
  });

  it("reads zstd of several frames", async () => {
    const frames = await Promise.all([samples[2]!, samples[3]!].map(codec("zstd").compress));
    const both = await codec("zstd").decompress(Buffer.concat(frames));
    expect(both.equals(Buffer.concat([samples[2]!, samples[3]!]))).toBe(true);
  });

  it("stops bombs: what expands beyond 64 MiB and 200-fold", async () => {
    const zeros = Buffer.alloc(70_000_000);
    for (const name of ["gzip", "lz4", "zstd"] as const) {
      const bomb = name === "gzip" ? gzipSync(zeros) : await codec(name).compress(zeros);
      expect(bomb.length * 200, name).toBeLessThan(70_000_000);
      await expect(codec(name).decompress(bomb), name).rejects.toMatchObject({ code: "BATCH_CORRUPT" });
    }
    const forged = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0]); // snappy claiming 4 GB
    await expect(codec("snappy").decompress(forged)).rejects.toMatchObject({ code: "BATCH_CORRUPT" });
  });
});
