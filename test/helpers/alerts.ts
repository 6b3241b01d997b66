import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Type, types } from "avsc";
import type { Alert } from "../../src/alert/alert";
import { decodeAlerts } from "../../src/alert/decode";
import { writeContainer } from "../../src/avro/container-write";
import { parseSchema } from "../../src/avro/schema";
import { dataFolder } from "./data";

/** The real ZTF alerts of the test data. */
export function realZtf(): Alert[] {
  return readdirSync(dataFolder("ztf")).flatMap((name) => {
    const path = join(dataFolder("ztf"), name);
    return [...decodeAlerts(readFileSync(path), { origin: { kind: "file", path, record: 0 } })];
  });
}

const long = types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer(value: bigint) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => typeof value === "bigint",
  compare: (a: bigint, b: bigint) => (a < b ? -1 : 1),
});

const small = {
  type: "record",
  name: "ztf.alert",
  fields: [
    { name: "objectId", type: "string" },
    { name: "candid", type: "long" },
    {
      name: "candidate",
      type: {
        type: "record",
        name: "ztf.alert.candidate",
        fields: [
          ...["jd", "ra", "dec"].map((name) => ({ name, type: "double" })),
          ...["fid", "field"].map((name) => ({ name, type: "int" })),
          ...["magpsf", "sigmapsf", "rb"].map((name) => ({ name, type: "float" })),
          { name: "isdiffpos", type: "string" },
        ],
      },
    },
    { name: "padding", type: "bytes" },
  ],
};
const writer = Type.forSchema(small as never, { registry: { long } } as never);

/** A small alert in ZTF's manner, for tests that need numbers of them rather than real ones. */
export function makeAlert(
  n: number,
  values: { jd?: number; mag?: number; padding?: number; objectId?: string } = {},
): Alert {
  const record = writer.toBuffer({
    objectId: values.objectId ?? `ZTF18${String(n).padStart(7, "a")}`,
    candid: 2n ** 60n + BigInt(n),
    candidate: {
      jd: values.jd ?? 2460000.5 + n / 86400,
      ra: 10,
      dec: -5,
      fid: 1,
      field: 500,
      magpsf: values.mag ?? 18,
      sigmapsf: 0.1,
      rb: 0.8,
      isdiffpos: "t",
    },
    padding: Buffer.alloc(values.padding ?? 10, n),
  });
  const [alert] = decodeAlerts(writeContainer(parseSchema(small), [record]));
  return alert!;
}
