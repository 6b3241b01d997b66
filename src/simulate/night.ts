import type { Alert } from "../alert/alert";
import type { Visit } from "../alert/types";
import { usageError } from "../errors";
import { AlertStream } from "../stream/alert-stream";
import { maxVisits } from "./cadence";
import { type CatalogRow, catalogOf } from "./catalog";
import { sourceClasses } from "./classes";
import { maxLsstVisits } from "./lsst-cadence";
import type { LsstStampChoice } from "./lsst-packet";
import type { SkyPlan } from "./packet-maker";
import { Random } from "./random";
import { lsstNight, type SurveyNight, ztfNight } from "./survey-nights";
import { type TruthRow, truthOf } from "./truth";
import { type NightWriteOptions, type WrittenNight, writeNight } from "./write";

export interface SimulateOptions {
  /** Which night: the same seed gives the same bytes on every machine. Whole number, 0 or more; 7. */
  seed?: number;
  /** Alerts in the whole night, 1 to 100,000; 500 for ZTF, 400 for LSST. */
  alerts?: number;
  /** Exposures of the night, 1 to 800 for ZTF (50), 1 to 160 for LSST (8). */
  visits?: number;
  /** Whose packets: "ztf" (4.02, the default) or "lsst" (11.0). */
  survey?: "ztf" | "lsst";
  /** LSST: which packets carry cutouts, 112 kB each: "all", "none", or "some", a twentieth of the objects and all that ZTF sees too. */
  stamps?: LsstStampChoice;
  /** Date of the night, whole MJD; 60320 (2024-01-11), a night for whose season the fields are chosen. */
  nightMjd?: number;
}

/** The classic exercise, and a handful of LSST's visits, which hold 10,000 alerts each in truth. */
const defaults = {
  ztf: { alerts: 500, visits: 50, maxVisits },
  lsst: { alerts: 400, visits: 8, maxVisits: maxLsstVisits },
};

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
  readonly survey: "ztf" | "lsst";
  /** Version of the packets' schema. */
  readonly schemaVersion: string;
  /** Number of alerts and of visits. */
  readonly alertCount: number;
  readonly visitCount: number;
  readonly nightMjd: number;
  /** Sources, exposures and detections, before any packet is made of them. */
  readonly plan: SkyPlan;
  private readonly random: Random;
  private readonly night: SurveyNight;
  private truthRows: TruthRow[] | undefined;
  private catalogRows: CatalogRow[] | undefined;

  constructor(options: SimulateOptions = {}) {
    const { seed = 7, survey = "ztf", nightMjd = 60_320, stamps = "some" } = options;
    if (!Object.hasOwn(defaults, survey)) throw usageError('survey "ztf" or "lsst"', survey);
    const usual = defaults[survey];
    const { alerts = usual.alerts, visits = usual.visits } = options;
    const whole = (name: string, value: number, low: number, high: number) => {
      if (!Number.isSafeInteger(value) || value < low || value > high) {
        throw usageError(`${name} to be a whole number from ${low} to ${high}`, value);
      }
    };
    whole("seed", seed, 0, Number.MAX_SAFE_INTEGER);
    whole("alerts", alerts, 1, 100_000);
    whole("visits", visits, 1, usual.maxVisits);
    whole("nightMjd", nightMjd, 58_000, 65_000);
    if (!["all", "some", "none"].includes(stamps)) throw usageError('stamps "all", "some" or "none"', stamps);
    this.seed = seed;
    this.survey = survey;
    this.nightMjd = nightMjd;
    this.random = new Random(seed | 0, Math.floor(seed / 4294967296) ^ 0x9e3779b9);
    const size = { nightMjd, alerts, visits };
    this.night = survey === "lsst" ? lsstNight(this.random, size, stamps) : ztfNight(this.random, size);
    this.plan = this.night.plan;
    this.schemaVersion = this.night.schemaVersion;
    this.alertCount = this.plan.detections.reduce((sum, list) => sum + list.length, 0);
    this.visitCount = this.plan.visits.length;
  }

  /** What each alert really is, in the order of the night. */
  get truth(): readonly TruthRow[] {
    return (this.truthRows ??= truthOf(this.plan, this.night.packets));
  }

  /** Stars, galaxies and contaminants around everything the night saw. */
  get catalog(): readonly CatalogRow[] {
    return (this.catalogRows ??= catalogOf(this.random, this.plan, this.night.packets));
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
    const { packets, wrap, timeOf } = this.night;
    let record = 0;
    for (const [n, exposure] of this.plan.visits.entries()) {
      const alerts = this.plan.detections[n]!.map((seen) => wrap(packets.encode(seen), record++));
      const field = alerts[0]?.field ?? (this.survey === "ztf" ? exposure.field.id : null);
      const mjdUtc = alerts[0]?.mjdUtc ?? timeOf(exposure.mjdUtc);
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
   * Writes the night to a folder: `<candid>.avro` for each alert (LSST: `<visit>.avro` for each visit), `truth.csv`, `catalog.csv` and `manifest.json`.
   * @throws FILE_NOT_FOUND when the folder cannot be written; ABORTED when `signal` fires
   */
  write(folder: string, options: NightWriteOptions = {}): Promise<WrittenNight> {
    return writeNight(this, folder, options);
  }
}

/**
 * A night of alerts that never happened, with its truth.
 *
 * By default it has the size of the classic exercise, 500 alerts in 50 visits, of stars, galaxies, asteroids and artefacts, in ZTF
 * 4.02 packets with 30 days of history and three cutouts each. About two alerts of five are real, and the usual purity
 * cut keeps 14–25 %, as in ZTF's public stream.
 *
 * With `survey: "lsst"` Rubin looks at the sky that ZTF sees by default under the same seed: the same sources at the same places
 * (`sourceId` in both truth tables), and fainter ones; packets are Rubin's 11.0 in Confluent's wire form, with
 * twelve months of history and forced photometry.
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
