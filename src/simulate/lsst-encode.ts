import { type Schema, Type } from "avsc";
import { knownSchema } from "../avro/known";
import { BootcampError } from "../errors";
import { long, zigzag } from "./ztf-encode";

/** Version of the packets that are made, and the number that stands for it on the wire: major × 100 + minor. */
export const lsstVersion = "11.0";
export const lsstSchemaId = 1100;

/** The schema the packets are written with. */
export const lsstSchema = () => {
  const schema = knownSchema("lsst", lsstVersion);
  if (!schema) throw new BootcampError("SCHEMA_UNKNOWN", `Expected the LSST schema ${lsstVersion}, it is not here`);
  return schema;
};

export type LsstRecord = "diaSource" | "diaForcedSource" | "diaObject" | "ssSource" | "mpc_orbits";
export type LsstRow = Record<string, number | bigint | string | boolean | null>;

interface RecordSchema {
  name: string;
  fields: { name: string; type: unknown }[];
}

let records: Map<LsstRecord, RecordSchema> | undefined;

function schemaOf(name: LsstRecord): RecordSchema {
  if (!records) {
    const found = new Map<LsstRecord, RecordSchema>();
    const walk = (type: any): void => {
      if (Array.isArray(type)) type.forEach(walk);
      else if (type?.type === "array") walk(type.items);
      else if (type?.type === "record") {
        found.set(type.name.split(".").at(-1), type);
        for (const field of type.fields) walk(field.type);
      }
    };
    walk(JSON.parse(lsstSchema().text));
    records = found;
  }
  return records.get(name)!;
}

const compiled = new Map<LsstRecord, Type>();

/** Writes an inner record of a packet by itself: a packet is its parts one after the other. */
export function encodeLsst(name: LsstRecord, row: LsstRow): Buffer {
  let type = compiled.get(name);
  if (!type) {
    type = Type.forSchema(schemaOf(name) as unknown as Schema, { registry: { long } } as never);
    compiled.set(name, type);
  }
  return type.toBuffer(row);
}

/** A row of a record: nullable columns null, numbers 0, flags that may be null false. Copied, it keeps V8's quick form. */
export function blankLsst(name: LsstRecord): LsstRow {
  const empty = (type: unknown): LsstRow[string] => {
    if (Array.isArray(type)) return type.includes("boolean") ? false : null;
    return type === "string" ? "" : 0;
  };
  return Object.fromEntries(schemaOf(name).fields.map((field) => [field.name, empty(field.type)]));
}

const second = Buffer.from([2]);
export const nothing: readonly Buffer[] = [Buffer.from([0])];

/** The second branch of ["null", …]. */
export const some = (part: Buffer): Buffer[] => [second, part];
/** An array that is there, with rows or without. */
export const rowsOf = (rows: readonly Buffer[]): Buffer[] =>
  rows.length ? [second, zigzag(rows.length), ...rows, nothing[0]!] : [second, nothing[0]!];
export const bytesOf = (bytes: Buffer): Buffer[] => [second, zigzag(bytes.length), bytes];
/** Id of the packet; the reason for the observation and the target's name are null, as in survey operations. */
export const headOf = (diaSourceId: bigint): Buffer[] => [zigzag(diaSourceId), Buffer.from([0, 0])];
/** Confluent's header: 0 and the number of the schema, highest byte first. */
export const wireHeader = Buffer.from([0, 0, 0, lsstSchemaId >> 8, lsstSchemaId & 255]);
