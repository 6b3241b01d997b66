import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createTopic, subscribe, surveySchema } from "../../src";
import { writeContainer } from "../../src/avro/container-write";
import { parseSchema } from "../../src/avro/schema";
import { kafkaClient } from "../../src/kafka/connection";
import { makeAlert } from "../helpers/alerts";
import { root } from "../helpers/data";

function long(value: number): Buffer {
  const out: number[] = [];
  let rest = BigInt(value) * 2n;
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  return Buffer.from([...out, Number(rest)]);
}
const record = (type: unknown) => parseSchema({ type: "record", name: "bomb", fields: [{ name: "x", type }] });
const claims = 2 ** 40;
/** A container of one record, whose block is compressed. */
function deflated(schema: ReturnType<typeof record>, block: Buffer): Buffer {
  const plain = writeContainer(schema, []);
  const name = plain.indexOf(Buffer.from("null"));
  const head = Buffer.concat([
    plain.subarray(0, name - 1),
    Buffer.from([14]),
    Buffer.from("deflate"),
    plain.subarray(name + 4),
  ]);
  const packed = deflateRawSync(block);
  return Buffer.concat([head, long(1), long(packed.length), packed, plain.subarray(-16)]);
}
const id = (bytes: number[]) => Buffer.from([0, ...bytes]);
/** A body of Rubin 11.0 that is no such thing: text where ids and numbers are. */
const nonsense = Buffer.alloc(2000, "not a packet ");

const hostile: Record<string, { bytes: Buffer; code: string; schema?: string }> = {
  nothing: { bytes: Buffer.alloc(0), code: "AVRO_TRUNCATED" },
  "no Avro": { bytes: Buffer.from("<html></html>"), code: "NOT_AVRO" },
  "an unknown wire id": { bytes: Buffer.concat([id([0, 0, 0, 77]), nonsense]), code: "SCHEMA_UNKNOWN" },
  "a little-endian wire id": { bytes: Buffer.concat([id([0x4c, 4, 0, 0]), nonsense]), code: "WIRE_ORDER" },
  "a header without a body": { bytes: id([0, 0, 4, 0x4c]), code: "AVRO_TRUNCATED" },
  "a body cut short": { bytes: Buffer.concat([id([0, 0, 4, 0x4c]), long(5)]), code: "AVRO_TRUNCATED" },
  "a schema that does not fit": { bytes: Buffer.concat([id([0, 0, 4, 0x4c]), nonsense]), code: "AVRO_CORRUPT" },
  "an array claiming 2^40 nulls": {
    bytes: long(claims),
    schema: record({ type: "array", items: "null" }).text,
    code: "AVRO_CORRUPT",
  },
  "an array claiming 2^40 numbers": {
    bytes: Buffer.concat([long(claims), nonsense]),
    schema: record({ type: "array", items: "double" }).text,
    code: "AVRO_CORRUPT",
  },
  "a map claiming 2^40 entries": {
    bytes: Buffer.concat([long(claims), nonsense]),
    schema: record({ type: "map", values: "int" }).text,
    code: "AVRO_CORRUPT",
  },
  "a text of 2^40 bytes": {
    bytes: Buffer.concat([long(claims), nonsense]),
    schema: record("string").text,
    code: "AVRO_TRUNCATED",
  },
  "an integer of endless bytes": {
    bytes: Buffer.alloc(100_000, 0xff),
    schema: record("long").text,
    code: "AVRO_CORRUPT",
  },
  "a gzip bomb": { bytes: gzipSync(Buffer.alloc(300_000_000)), code: "GZIP" },
  "gzip in gzip without end": {
    bytes: [1, 2, 3, 4].reduce((inner) => gzipSync(inner), Buffer.from("x")),
    code: "GZIP",
  },
  "a deflate bomb": { bytes: deflated(record("bytes"), Buffer.alloc(300_000_000)), code: "AVRO_CORRUPT" },
  "a container claiming 2^40 records": { bytes: forgedCount(), code: "AVRO_CORRUPT" },
};
function forgedCount(): Buffer {
  const schema = parseSchema({ type: "record", name: "empty", fields: [] });
  const plain = writeContainer(schema, []);
  return Buffer.concat([plain, long(claims), long(0), plain.subarray(-16)]);
}

describe("hostile bytes", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "bootcamp-hostile-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("each has its own error, within a heap of 256 MB", () => {
    const cases = Object.entries(hostile).map(([name, { bytes, schema }], i) => {
      const file = join(folder, String(i));
      writeFileSync(file, bytes);
      return { name, file, schema };
    });
    const script = `
      const { decodeAlerts } = require(${JSON.stringify(join(root, "dist/index.js"))});
      const { readFileSync } = require("node:fs");
      const found = {};
      for (const { name, file, schema } of ${JSON.stringify(cases)}) {
        try {
          for (const alert of decodeAlerts(readFileSync(file), schema ? { schema, form: "bare" } : {})) alert.validate();
          found[name] = "read";
        } catch (error) { found[name] = error.code ?? String(error); }
      }
      console.log(JSON.stringify({ found, megabytes: process.resourceUsage().maxRSS / 1024 }));
    `;
    const run = spawnSync(process.execPath, ["--max-old-space-size=256", "-e", script], { encoding: "utf8" });
    expect(run.stderr).toBe("");
    const { found, megabytes } = JSON.parse(run.stdout);
    expect(found).toEqual(Object.fromEntries(Object.entries(hostile).map(([name, { code }]) => [name, code])));
    expect(megabytes).toBeLessThan(600);
  });

  it("is counted with its place in a topic, and the rest is read", async () => {
    const bootstrap = inject("bootstrap");
    const topic = `hostile-${Math.random().toString(36).slice(2, 8)}`;
    await createTopic(topic, { bootstrap, partitions: 1 });
    const bad = Object.entries(hostile).filter(([, { schema }]) => schema === undefined);
    const good = makeAlert(1);
    const producer = kafkaClient({ bootstrap }, true).producer();
    await producer.connect();
    await producer.send({
      topic,
      messages: [good.bytes, ...bad.map(([, { bytes }]) => bytes), good.bytes].map((value) => ({ value })),
    });
    await producer.disconnect();
    const stream = await subscribe(topic, { bootstrap, progress: false });
    expect((await stream.toArray()).length).toBe(2);
    const { read, failed, failures } = stream.ledger;
    expect([read, failed]).toEqual([bad.length + 2, bad.length]);
    expect(failures.map(({ where, error }) => [where, (error as { code?: string }).code])).toEqual(
      bad.map(([, { code }], i) => [`${topic}/0/${i + 1}`, code]),
    );
  });
});

describe("a bare record that begins as a Confluent header would", () => {
  const schema = surveySchema("elasticc", "0.9.1-classification");

  it("is read as what it fits exactly, and refused when it fits both", async () => {
    const { decodeAlert } = await import("../../src");
    const { type } = parseSchema(schema);
    const value = {
      alertId: 0n,
      diaSourceId: 1n,
      elasticcPublishTimestamp: 0n,
      brokerIngestTimestamp: null,
      brokerName: "b",
      brokerVersion: "",
      classifierName: "",
      classifierParams: "",
      classifications: [],
    };
    const bare = type.toBuffer(value);
    expect(bare[0]).toBe(0);
    expect(decodeAlert(bare, { schema })).toMatchObject({ form: "bare", alertId: 0n });
    expect(decodeAlert(Buffer.concat([id([0, 0, 0, 9]), bare]), { schema })).toMatchObject({ form: "confluent" });
    // an empty list and a text of six bytes; or, behind a header, an empty list and a text of one
    const fields = [
      { name: "list", type: { type: "array", items: "int" } },
      { name: "text", type: "string" },
    ];
    const either = { schema: JSON.stringify({ type: "record", name: "either", fields }) };
    const both = Buffer.from([0, 12, 65, 65, 65, 0, 2, 66]);
    expect(() => decodeAlert(both, either)).toThrow(expect.objectContaining({ code: "SCHEMA_UNKNOWN" }));
    expect(decodeAlert(both, { ...either, form: "bare" }).packet.text).toBe("AAA\0\u0002B");
    expect(decodeAlert(both, { ...either, form: "confluent" }).packet.text).toBe("B");
  });
});
