import { Alert } from "../alert/alert";
import { jdToMjd } from "../alert/time";
import type { Visit } from "../alert/types";
import { writeContainer } from "../avro/container-write";
import { parseSchema } from "../avro/schema";
import { usageError } from "../errors";
import { AlertStream } from "../stream/alert-stream";
import { maxVisits } from "./cadence";
import { type CatalogRow, catalogOf } from "./catalog";
import { sourceClasses } from "./classes";
import type { PacketMaker } from "./packet-maker";
import { type NightPlan, planNight } from "./plan";
import { Random } from "./random";
import { type TruthRow, truthOf } from "./truth";
import { type NightWriteOptions, type WrittenNight, writeNight } from "./write";
import { jdOf } from "./ztf-names";
import { ZtfPackets } from "./ztf-packet";
import { ztfSchema } from "./ztf-schema";

export interface SimulateOptions {
  /** Which night: the same seed gives the same bytes on every machine. Whole number, 0 or more; 7. */
  seed?: number;
  /** Alerts in the whole night, 1 to 100,000; 500. */
  alerts?: number;
  /** Exposures of the night, 1 to 800; 50. */
  visits?: number;
  /** Whose packets; "ztf". */
  survey?: "ztf";
  /** Date of the night, whole MJD; 60320 (2024-01-11), a night for whose season the fields are chosen. */
  nightMjd?: number;
}

/** Alerts and objects of one class in a night. */
export interface SimulatedClass {
  readonly class: string;
  readonly what: string;
  readonly isReal: boolean;
  readonly alerts: number;
  readonly sources: number;
}

/**
 * A simulated night: its visits with their alerts, what they really are, and the catalogue of the same sky.
 *
 * The whole night is planned when it is made (tens of milliseconds); each packet is made when its visit is asked for. Iterating
 * again starts again and gives the same bytes.
 */
export class SimulatedNight implements AsyncIterable<Visit<Alert>> {
  readonly seed: number;
  readonly survey: "ztf";
  /** Number of alerts and of visits. */
  readonly alertCount: number;
  readonly visitCount: number;
  readonly nightMjd: number;
  /** Sources, exposures and detections, before any packet is made of them. */
  readonly plan: NightPlan;
  private readonly random: Random;
  private readonly packets: PacketMaker;
  private readonly schema = parseSchema(ztfSchema);
  private readonly container: { head: Buffer; sync: Buffer };
  private truthRows: TruthRow[] | undefined;
  private catalogRows: CatalogRow[] | undefined;

  constructor(options: SimulateOptions = {}) {
    const { seed = 7, alerts = 500, visits = 50, survey = "ztf", nightMjd = 60_320 } = options;
    const whole = (name: string, value: number, low: number, high: number) => {
      if (!Number.isSafeInteger(value) || value < low || value > high) {
        throw usageError(`${name} to be a whole number from ${low} to ${high}`, value);
      }
    };
    whole("seed", seed, 0, Number.MAX_SAFE_INTEGER);
    whole("alerts", alerts, 1, 100_000);
    whole("visits", visits, 1, maxVisits);
    whole("nightMjd", nightMjd, 58_000, 65_000);
    if (survey !== "ztf") throw usageError('survey "ztf"', survey);
    this.seed = seed;
    this.survey = survey;
    this.nightMjd = nightMjd;
    this.random = new Random(seed | 0, Math.floor(seed / 4294967296) ^ 0x9e3779b9);
    this.plan = planNight(this.random, nightMjd, alerts, visits);
    this.alertCount = this.plan.detections.reduce((sum, list) => sum + list.length, 0);
    this.visitCount = this.plan.visits.length;
    this.packets = new ZtfPackets(this.random, this.plan);
    // the head of the container with a sync marker of this night in place of the usual one
    const sync = Buffer.alloc(16);
    const words = this.random.fork("sync");
    for (let i = 0; i < 16; i += 4) sync.writeUInt32BE(words.word(), i);
    const empty = writeContainer(this.schema, []);
    this.container = { head: Buffer.concat([empty.subarray(0, -16), sync]), sync };
  }

  /** What each alert really is, in the order of the night. */
  get truth(): readonly TruthRow[] {
    return (this.truthRows ??= truthOf(this.plan, this.packets));
  }

  /** Stars, galaxies and contaminants around everything the night saw. */
  get catalog(): readonly CatalogRow[] {
    return (this.catalogRows ??= catalogOf(this.random, this.plan, this.packets));
  }

  /** How many alerts and sources of each class. */
  get classes(): SimulatedClass[] {
    return sourceClasses.map(({ name, label, isReal }) => {
      const rows = this.truth.filter((row) => row.class === name);
      const sources = new Set(rows.map((row) => row.sourceId)).size;
      return { class: name, what: label, isReal, alerts: rows.length, sources };
    });
  }

  /** The visits in order of time, each with its alerts, decoded from their own bytes. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Visit<Alert>, void, undefined> {
    yield* this.visits();
  }

  /** The same without waiting. */
  *visits(): Generator<Visit<Alert>, void, undefined> {
    let record = 0;
    for (const [n, exposure] of this.plan.visits.entries()) {
      const alerts = this.plan.detections[n]!.map((seen) => this.toAlert(this.packets.encode(seen), record++));
      const field = exposure.field.id;
      const mjdUtc = jdToMjd(jdOf(exposure.mjdUtc)); // as the packets have it, to the last digit
      yield { id: alerts[0]?.visitId ?? `${mjdUtc.toFixed(6)}-${field}`, mjdUtc, field, alerts };
    }
  }

  /** All alerts of the night, in order, as a stream. */
  alerts(): AlertStream<Alert> {
    const night = this;
    return AlertStream.from(function* () {
      for (const visit of night.visits()) yield* visit.alerts;
    });
  }

  /**
   * Writes the night to a folder: `<candid>.avro` for each alert, `truth.csv`, `catalog.csv` and `manifest.json`.
   * @throws FILE_NOT_FOUND when the folder cannot be written; ABORTED when `signal` fires
   */
  write(folder: string, options: NightWriteOptions = {}): Promise<WrittenNight> {
    return writeNight(this, folder, options);
  }

  /** An alert over an object container with one record, as ZTF sends it. */
  private toAlert(record: Buffer, number: number): Alert {
    const { head, sync } = this.container;
    const start = Buffer.concat([head, varint(1), varint(record.length)]);
    const bytes = Buffer.concat([start, record, sync]);
    const part = bytes.subarray(start.length, start.length + record.length);
    return new Alert(part, this.schema, { kind: "memory", record: number }, bytes, "container");
  }
}

/** Avro's form of a whole number, 0 or more, below 2^30. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value * 2;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

/**
 * A night of alerts that never happened, with its truth.
 *
 * By default it has the size of the classic exercise, 500 alerts in 50 visits, of stars, galaxies, asteroids and artefacts, in ZTF
 * 4.02 packets with 30 days of history and three cutouts each. About two alerts of five are real, and the usual purity
 * cut keeps 14–25 %, as in ZTF's public stream.
 *
 * @throws USAGE for a seed, size or survey that cannot be
 * @example
 * const night = simulateNight({ seed: 7 });
 * for await (const visit of night) console.log(visit.id, visit.alerts.length);
 * console.log(night.truth.filter((row) => row.class === "SNIa").length);
 */
export function simulateNight(options: SimulateOptions = {}): SimulatedNight {
  return new SimulatedNight(options);
}
