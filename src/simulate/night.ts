import type { Alert } from "../alert/alert";
import type { Visit } from "../alert/types";
import { BootcampError, usageError } from "../errors";
import { expectArgument } from "../expect";
import { AlertStream } from "../stream/alert-stream";
import { fieldCount, maxVisits } from "./cadence";
import { type CatalogRow, catalogOf } from "./catalog";
import { sourceClasses } from "./classes";
import { inOrder } from "./in-order";
import { maxLsstVisits } from "./lsst-cadence";
import type { LsstStampChoice } from "./lsst-packet";
import { usualLsst } from "./lsst-sky";
import type { Seen, SkyPlan } from "./packet-maker";
import { Random } from "./random";
import { lsstNights, type SurveyNight, ztfNights } from "./survey-nights";
import { Threads } from "./threads";
import { type TruthRow, truthOf } from "./truth";
import { type NightWriteOptions, type WrittenNight, writeNight } from "./write";
import { usualZtf } from "./ztf-sky";

/** Options of {@link simulateNight}. */
export interface SimulateOptions {
  /** Which sky: the same seed gives the same bytes on every machine. Whole number, 0 or more; 7. */
  seed?: number;
  /** The same as `seed`, where nights of one sky are meant. */
  sky?: number;
  /** Which night of the sky, 1 (the default) to 100: the same sources on later nights, with a history of those before. */
  night?: number;
  /** Alerts in the whole night, 1 to 100,000; 500 for ZTF, 400 for LSST. At most 20,000 for each field (of a ZTF night there are a third as many as visits, 30 at most) or visit (LSST). */
  alerts?: number;
  /** Exposures of the night, 1 to 800 for ZTF (50), 1 to 160 for LSST (8). */
  visits?: number;
  /** Whose packets: "ztf" (4.02, the default) or "lsst" (11.0). */
  survey?: "ztf" | "lsst";
  /** LSST: which packets carry cutouts, 112 kB each: "all", "none", or "some", a twentieth of the objects and all that ZTF sees too. */
  stamps?: LsstStampChoice;
  /** Date of the sky's first night, whole MJD; 60320 (2024-01-11), a night for whose season the fields are chosen. */
  nightMjd?: number;
}

const limits = {
  ztf: { ...usualZtf, maxVisits, places: (visits: number) => [fieldCount(visits), "field"] as const },
  lsst: { ...usualLsst, maxVisits: maxLsstVisits, places: (visits: number) => [visits, "visit"] as const },
};
const maxNight = 100;
/** Sources are 110″ apart, and a field of ZTF holds no more of them in any order. */
const maxPerPlace = 20_000;
const optionNames = ["seed", "sky", "night", "alerts", "visits", "survey", "stamps", "nightMjd"];

interface Settings {
  readonly seed: number;
  readonly night: number;
  readonly survey: "ztf" | "lsst";
  /** The nights of the sky, from the first on. */
  readonly nights: Generator<SurveyNight, never, undefined>;
  readonly random: Random;
  /** As given, for threads that plan the same nights. */
  readonly options: SimulateOptions;
}

/** Checks the options and makes the sky. */
function settingsOf(options: SimulateOptions): Settings {
  const unknown = Object.keys(options).find((name) => !optionNames.includes(name));
  if (unknown !== undefined) throw usageError(`options ${optionNames.join(", ")}`, unknown);
  const { survey = "ztf", stamps = "some", night = 1 } = options;
  if (!Object.hasOwn(limits, survey)) throw usageError('survey "ztf" or "lsst"', survey);
  const usual = limits[survey];
  const { nightMjd = usual.firstMjd, alerts = usual.alerts, visits = usual.visits } = options;
  const seed = options.seed ?? options.sky ?? 7;
  const whole = (name: string, value: number, low: number, high: number) => {
    if (!Number.isSafeInteger(value) || value < low || value > high) {
      throw usageError(`${name} to be a whole number from ${low} to ${high}`, value);
    }
  };
  whole(options.seed === undefined && options.sky !== undefined ? "sky" : "seed", seed, 0, Number.MAX_SAFE_INTEGER);
  if (options.sky !== undefined && options.sky !== seed)
    throw usageError(`sky and seed to be one number, ${seed}`, options.sky);
  whole("night", night, 1, maxNight);
  whole("alerts", alerts, 1, 100_000);
  whole("visits", visits, 1, usual.maxVisits);
  whole("nightMjd", nightMjd, 58_000, 65_000);
  if (!["all", "some", "none"].includes(stamps)) throw usageError('stamps "all", "some" or "none"', stamps);
  const [places, place] = usual.places(visits);
  if (alerts > maxPerPlace * places) {
    throw new BootcampError(
      "USAGE",
      `Expected at most ${maxPerPlace} alerts for each ${place}, got ${alerts} for ${places}`,
      {
        remedy: `ask for ${maxPerPlace * places} alerts or fewer, or for more visits`,
      },
    );
  }
  const random = new Random(seed | 0, Math.floor(seed / 4294967296) ^ 0x9e3779b9);
  const size = { seed, firstMjd: nightMjd, alerts, visits };
  const nights = survey === "lsst" ? lsstNights(random, size, stamps) : ztfNights(random, size);
  for (let before = 1; before < night; before++) nights.next();
  return { seed, night, survey, nights, random, options: { ...options, night: 1 } };
}

/** A smaller night is made before another thread is ready. */
const fewestForThreads = 1000;

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
 * @example
 * const { truth } = simulateNight({ seed: 7 });
 * truth.length; // 500
 */
export class SimulatedNight implements AsyncIterable<Visit<Alert>> {
  readonly seed: number;
  /** Number of the night in its sky, from 1. */
  readonly night: number;
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
  private readonly options: SimulateOptions;
  private inOrder: Seen[] | undefined;
  private truthRows: TruthRow[] | undefined;
  private catalogRows: CatalogRow[] | undefined;

  /** @internal nights are made by {@link simulateNight} and {@link simulateNights} */
  constructor(
    settings: Settings,
    private readonly planned: SurveyNight,
    /** Shared by the nights of a sky; without, each loop has its own. */
    private readonly threads?: Threads,
  ) {
    this.seed = settings.seed;
    this.survey = settings.survey;
    this.random = settings.random;
    this.options = settings.options;
    this.plan = planned.plan;
    this.night = planned.plan.night;
    this.nightMjd = planned.plan.nightMjd;
    this.schemaVersion = planned.schemaVersion;
    this.alertCount = this.plan.detections.reduce((sum, list) => sum + list.length, 0);
    this.visitCount = this.plan.visits.length;
  }

  /** What each alert really is, in the order of the night. */
  get truth(): readonly TruthRow[] {
    return (this.truthRows ??= truthOf(this.plan, this.planned.packets));
  }

  /** Stars, galaxies and contaminants around everything that this night of the sky and those before it saw. */
  get catalog(): readonly CatalogRow[] {
    return (this.catalogRows ??= catalogOf(this.random, this.plan, this.planned.packets));
  }

  /** How many alerts and sources of each class. */
  get classes(): SimulatedClass[] {
    return sourceClasses.map(({ name, label, isReal }) => {
      const rows = this.truth.filter((row) => row.class === name);
      const sources = new Set(rows.map((row) => row.sourceId)).size;
      return { class: name, what: label, isReal, alerts: rows.length, sources };
    });
  }

  /** The visits in order of time, each with its alerts, decoded from their own bytes; threads make a part of a large night. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Visit<Alert>, void, undefined> {
    let [n, alerts] = [0, [] as Alert[]];
    for await (const alert of this.made()) {
      while (this.plan.detections[n]!.length === 0) yield this.visitOf(n++, []);
      alerts.push(alert);
      if (alerts.length < this.plan.detections[n]!.length) continue;
      yield this.visitOf(n++, alerts);
      alerts = [];
    }
    while (n < this.visitCount) yield this.visitOf(n++, []);
  }

  /** The same without waiting, on one thread. */
  *visits(): Generator<Visit<Alert>, void, undefined> {
    let record = 0;
    for (const [n, detections] of this.plan.detections.entries()) {
      const alerts = detections.map((seen) => this.planned.wrap(this.planned.packets.encode(seen), record++));
      yield this.visitOf(n, alerts);
    }
  }

  private visitOf(n: number, alerts: Alert[]): Visit<Alert> {
    const exposure = this.plan.visits[n]!;
    const field = alerts[0]?.field ?? (this.survey === "ztf" ? exposure.field.id : null);
    const mjdUtc = alerts[0]?.mjdUtc ?? this.planned.timeOf(exposure.mjdUtc);
    const of = this.plan.detections.filter((list) => list.length > 0).length;
    return { id: alerts[0]?.visitId ?? `${mjdUtc.toFixed(6)}-${field}`, mjdUtc, field, alerts, of };
  }

  /** @internal The encoded record of an alert, bare and in parts, by its number in the night. */
  record(n: number): readonly Buffer[] {
    return this.planned.packets.encode((this.inOrder ??= this.plan.detections.flat())[n]);
  }

  /** The alerts in order. Of a large night other threads make some, which end with the loop. */
  private async *made(): AsyncGenerator<Alert, void, undefined> {
    const threads = this.alertCount < fewestForThreads ? undefined : (this.threads ?? new Threads(this.options));
    const all = { night: this.night, from: 0, to: this.alertCount };
    let n = 0;
    try {
      const records = inOrder(
        all,
        (k) => this.record(k),
        (request) => threads?.ask(request),
      );
      for await (const record of records) yield this.planned.wrap(record, n++);
    } finally {
      if (threads !== this.threads) await threads?.end();
    }
  }

  /** All alerts of the night, in order, as a stream that holds a handful of them. */
  alerts(): AlertStream<Alert> {
    return AlertStream.from(() => this.made());
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
 * `night: 2` is the next night of the same sky, and so on to 100. Two skies share no id.
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
  expectArgument("object", options, "options { sky, alerts … }");
  const settings = settingsOf(options);
  return new SimulatedNight(settings, settings.nights.next().value);
}

/**
 * Nights of one sky, from `night` on (1): sources keep their ids, their places and their light, a supernova rises, a variable star
 * goes on in its period, an asteroid has moved, and some are new. Histories hold what the nights before really sent.
 *
 * A night is planned when it is asked for, so that stopping early costs nothing. `simulateNight({ sky, night })` gives the same
 * bytes for one of them.
 *
 * @param wanted as for one night, and `nights`: how many, 1 to 100
 * @throws USAGE for a sky, size or survey that cannot be
 * @example
 * for (const night of simulate.nights({ sky: 7, nights: 30 })) console.log(night.night, night.truth.length);
 */
export function* simulateNights(
  wanted: SimulateOptions & { nights: number },
): Generator<SimulatedNight, void, undefined> {
  expectArgument("object", wanted, "options { nights, sky … }");
  const { nights, ...options } = wanted;
  const { night: first = 1 } = options;
  if (!Number.isSafeInteger(nights) || nights < 1 || first + nights - 1 > maxNight) {
    throw usageError(`nights to be a whole number from 1 to ${maxNight - first + 1}`, nights);
  }
  const settings = settingsOf(options);
  const threads = new Threads(settings.options);
  try {
    for (let n = 0; n < nights; n++) yield new SimulatedNight(settings, settings.nights.next().value, threads);
  } finally {
    void threads.end();
  }
}
