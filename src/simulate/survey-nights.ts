import { Alert } from "../alert/alert";
import { jdToMjd } from "../alert/time";
import { writeContainer } from "../avro/container-write";
import { parseSchema } from "../avro/schema";
import { lsstSchema, lsstVersion, wireHeader } from "./lsst-encode";
import { LsstPackets, type LsstStampChoice } from "./lsst-packet";
import { LsstSky } from "./lsst-sky";
import type { PacketMaker, SkyPlan } from "./packet-maker";
import type { Random } from "./random";
import type { SkySize } from "./sky-mark";
import { jdOf } from "./ztf-names";
import { ZtfPackets } from "./ztf-packet";
import { ztfSchema, ztfSchemaVersion } from "./ztf-schema";
import { ZtfSky } from "./ztf-sky";

/** What a night is like in one survey. */
export interface SurveyNight {
  readonly plan: SkyPlan;
  readonly packets: PacketMaker<any>;
  readonly schemaVersion: string;
  /** A record, given in parts, in the form in which the survey sends it. */
  wrap(record: readonly Buffer[], number: number): Alert;
  /** Time of an exposure as its packets have it, to the last digit. */
  timeOf(mjdUtc: number): number;
}

/** ZTF's nights of a sky, one after another: every alert in an object container of its own, with the schema. */
export function* ztfNights(random: Random, size: SkySize): Generator<SurveyNight, never, undefined> {
  const schema = parseSchema(ztfSchema);
  // the head of the container with a sync marker of this sky in place of the usual one
  const sync = Buffer.alloc(16);
  const words = random.fork("sync");
  for (let i = 0; i < 16; i += 4) sync.writeUInt32BE(words.word(), i);
  const head = Buffer.concat([writeContainer(schema, []).subarray(0, -16), sync]);
  const sky = new ZtfSky(random, size);
  const packets = new ZtfPackets(random, sky, size.firstMjd);
  const wrap = (record: readonly Buffer[], number: number): Alert => {
    const counts = Buffer.concat([varint(1), varint(lengthOf(record))]);
    const bytes = Buffer.concat([head, counts, ...record, sync]);
    const part = bytes.subarray(head.length + counts.length, -sync.length);
    return new Alert(part, schema, { kind: "memory", record: number }, bytes, "container");
  };
  const timeOf = (mjdUtc: number) => jdToMjd(jdOf(mjdUtc));
  for (;;) {
    const plan = { ...sky.next(), landmarks: [...sky.landmarks] };
    yield { plan, packets, schemaVersion: ztfSchemaVersion, wrap, timeOf };
  }
}

/** LSST's: five bytes that name the schema, and the bare record. */
export function* lsstNights(
  random: Random,
  size: SkySize,
  stamps: LsstStampChoice,
): Generator<SurveyNight, never, undefined> {
  const schema = lsstSchema();
  const sky = new LsstSky(random, size);
  const packets = new LsstPackets(random, sky, stamps);
  const wrap = (record: readonly Buffer[], number: number): Alert => {
    const bytes = Buffer.concat([wireHeader, ...record]);
    return new Alert(bytes.subarray(wireHeader.length), schema, { kind: "memory", record: number }, bytes, "confluent");
  };
  for (;;) {
    const plan = { ...sky.next(), landmarks: [...sky.landmarks] };
    yield { plan, packets, schemaVersion: lsstVersion, wrap, timeOf: (mjdUtc) => mjdUtc };
  }
}

/** Bytes of a record that is given in parts. */
export const lengthOf = (record: readonly Buffer[]): number => record.reduce((sum, part) => sum + part.length, 0);

/** Avro's form of a whole number, 0 or more, below 2^30. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value * 2;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}
