import { Alert } from "../alert/alert";
import { jdToMjd } from "../alert/time";
import { writeContainer } from "../avro/container-write";
import { parseSchema } from "../avro/schema";
import { lsstSchema, lsstVersion, wireHeader } from "./lsst-encode";
import { LsstPackets, type LsstStampChoice } from "./lsst-packet";
import { planLsst } from "./lsst-plan";
import type { PacketMaker, SkyPlan } from "./packet-maker";
import { planNight } from "./plan";
import type { Random } from "./random";
import { jdOf } from "./ztf-names";
import { ZtfPackets } from "./ztf-packet";
import { ztfSchema, ztfSchemaVersion } from "./ztf-schema";

/** What a night is like in one survey. */
export interface SurveyNight {
  readonly plan: SkyPlan;
  readonly packets: PacketMaker<any>;
  readonly schemaVersion: string;
  /** A record in the form in which the survey sends it. */
  wrap(record: Buffer, number: number): Alert;
  /** Time of an exposure as its packets have it, to the last digit. */
  timeOf(mjdUtc: number): number;
}

interface Size {
  nightMjd: number;
  alerts: number;
  visits: number;
}

/** ZTF: every alert in an object container of its own, with the schema. */
export function ztfNight(random: Random, { nightMjd, alerts, visits }: Size): SurveyNight {
  const plan = planNight(random, nightMjd, alerts, visits);
  const schema = parseSchema(ztfSchema);
  // the head of the container with a sync marker of this night in place of the usual one
  const sync = Buffer.alloc(16);
  const words = random.fork("sync");
  for (let i = 0; i < 16; i += 4) sync.writeUInt32BE(words.word(), i);
  const head = Buffer.concat([writeContainer(schema, []).subarray(0, -16), sync]);
  return {
    plan,
    packets: new ZtfPackets(random, plan),
    schemaVersion: ztfSchemaVersion,
    wrap(record, number) {
      const start = Buffer.concat([head, varint(1), varint(record.length)]);
      const bytes = Buffer.concat([start, record, sync]);
      const part = bytes.subarray(start.length, start.length + record.length);
      return new Alert(part, schema, { kind: "memory", record: number }, bytes, "container");
    },
    timeOf: (mjdUtc) => jdToMjd(jdOf(mjdUtc)),
  };
}

/** LSST: five bytes that name the schema, and the bare record. */
export function lsstNight(random: Random, { nightMjd, alerts, visits }: Size, stamps: LsstStampChoice): SurveyNight {
  const plan = planLsst(random, nightMjd, alerts, visits);
  const schema = lsstSchema();
  return {
    plan,
    packets: new LsstPackets(random, plan, stamps),
    schemaVersion: lsstVersion,
    wrap(record, number) {
      const bytes = Buffer.concat([wireHeader, record]);
      const part = bytes.subarray(wireHeader.length);
      return new Alert(part, schema, { kind: "memory", record: number }, bytes, "confluent");
    },
    timeOf: (mjdUtc) => mjdUtc,
  };
}

/** Avro's form of a whole number, 0 or more, below 2^30. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value * 2;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}
