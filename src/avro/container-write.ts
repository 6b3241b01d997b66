import { createHash } from "node:crypto";
import { containerMagic } from "./container";
import type { WriterSchema } from "./schema";

/**
 * Puts bare records into an Object Container File, byte for byte (codec null), so that any Avro reader can open them.
 *
 * @param schema their schema
 * @param records the encoded records
 * @returns the file's bytes; the same input gives the same bytes
 */
export function writeContainer(schema: WriterSchema, records: readonly Buffer[]): Buffer {
  const sync = createHash("md5").update(schema.text).digest(); // 16 bytes; any value serves
  const head = [
    containerMagic,
    encodeLong(2),
    ...[Buffer.from("avro.codec"), Buffer.from("null"), Buffer.from("avro.schema"), Buffer.from(schema.text)].flatMap(
      (part) => [encodeLong(part.length), part],
    ),
    encodeLong(0),
    sync,
  ];
  const body = Buffer.concat(records as Buffer[]);
  return Buffer.concat(
    records.length ? [...head, encodeLong(records.length), encodeLong(body.length), body, sync] : head,
  );
}

/** Avro's variable-length zigzag form of a non-negative safe integer. */
function encodeLong(value: number): Buffer {
  const out: number[] = [];
  let rest = value * 2;
  while (rest > 127) {
    out.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...out, rest]);
}
