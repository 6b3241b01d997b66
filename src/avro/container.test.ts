import { deflateRawSync } from "node:zlib";
import { Type } from "avsc";
import { describe, expect, it } from "vitest";
import type { BootcampError } from "../errors";
import { readContainer } from "./container";
import { writeContainer } from "./container-write";
import { parseSchema } from "./schema";

const schema = parseSchema({
  type: "record",
  name: "t.alert",
  fields: [
    { name: "id", type: "long" },
    { name: "name", type: "string" },
    { name: "values", type: { type: "array", items: "double" } },
  ],
});
const encode = (id: bigint) => schema.type.toBuffer({ id, name: "x".repeat(40), values: [1, 2, 3] });
const records = [encode(1n), encode(-(2n ** 63n)), encode(2n ** 63n - 1n)];
const file = writeContainer(schema, records);

const codeOf = (bytes: Buffer): string => {
  try {
    return `ok ${[...readContainer(bytes)].length}`;
  } catch (error) {
    return (error as BootcampError).code ?? String(error);
  }
};

describe("readContainer", () => {
  it("gives back the records byte for byte, with ids at both ends of 64 bits", () => {
    const back = [...readContainer(file)];
    expect(back.map(({ record }) => record)).toEqual(records);
    expect(back.map(({ record, schema: s }) => (s.type.fromBuffer(record) as { id: bigint }).id)).toEqual([
      1n,
      -(2n ** 63n),
      2n ** 63n - 1n,
    ]);
    expect(back[0]!.schema).toBe(schema);
  });

  it("fails with a code at every length it is cut to, and never reads a record that is not whole", () => {
    const codes = new Map<string, number>();
    for (let length = 0; length < file.length; length++) {
      const code = codeOf(file.subarray(0, length));
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    // a file cut right after its header is a whole container without records
    expect([...codes.keys()].sort()).toEqual(["AVRO_TRUNCATED", "NOT_AVRO", "ok 0"]);
    expect(codes.get("ok 0")).toBe(1);
  });

  it("says what is wrong with damaged containers", () => {
    const damage = (at: number, value: number) => {
      const copy = Buffer.from(file);
      copy[at < 0 ? copy.length + at : at] = value;
      return copy;
    };
    expect(codeOf(Buffer.from("not avro at all"))).toBe("NOT_AVRO");
    expect(codeOf(damage(-1, file[file.length - 1]! ^ 255))).toBe("AVRO_CORRUPT");
    expect(codeOf(Buffer.concat([file, Buffer.from([200])]))).toBe("AVRO_TRUNCATED");
  });

  it("reads deflate blocks, and names a codec it does not know", () => {
    const body = Buffer.concat(records);
    const head = file.subarray(0, file.indexOf(Buffer.from("null")));
    // same header with another codec name; lengths of both names are below 64, one byte each
    const withCodec = (codec: string, block: Buffer) => {
      const start = file.subarray(0, head.length - 1);
      const rest = file.subarray(head.length + 4, file.length - 16 - body.length - lengthBytes(body.length) - 1);
      const sync = file.subarray(-16);
      return Buffer.concat([
        start,
        Buffer.from([codec.length * 2]),
        Buffer.from(codec),
        rest,
        long(3),
        long(block.length),
        block,
        sync,
      ]);
    };
    expect(codeOf(withCodec("null", body))).toBe("ok 3");
    expect(codeOf(withCodec("deflate", deflateRawSync(body)))).toBe("ok 3");
    expect(codeOf(withCodec("deflate", body))).toBe("AVRO_CORRUPT");
    expect(codeOf(withCodec("lzo", body))).toBe("AVRO_CODEC");
    expect(codeOf(withCodec("constructor", body))).toBe("AVRO_CODEC");
  });

  it("refuses forged counts without taking the memory for them", () => {
    const array = parseSchema({
      type: "record",
      name: "t.bomb",
      fields: [{ name: "a", type: { type: "array", items: "null" } }],
    });
    const forged = Buffer.concat([long(2 ** 40), Buffer.from([0])]);
    expect(codeOf(writeContainer(array, [forged]))).toBe("AVRO_CORRUPT");
    const doubles = parseSchema({
      type: "record",
      name: "t.bomb2",
      fields: [{ name: "a", type: { type: "array", items: "double" } }],
    });
    expect(codeOf(writeContainer(doubles, [forged]))).toBe("AVRO_CORRUPT");
  });
});

const int = Type.forSchema("int");
function long(value: number): Buffer {
  if (value < 2 ** 30) return int.toBuffer(value);
  const out: number[] = [];
  let rest = BigInt(value) * 2n;
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  return Buffer.from([...out, Number(rest)]);
}
const lengthBytes = (value: number): number => long(value).length;
