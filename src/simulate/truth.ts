import { expectArgument } from "../expect";
import { magOf } from "./numeric";
import type { PacketMaker, Seen, SkyPlan } from "./packet-maker";
import { ownLightNJy } from "./sky-light";

/** What an alert of a simulated night really is. Missing numbers are NaN. */
export interface TruthRow {
  /** The alert's number in its survey: `candid` for ZTF, `diaSourceId` for LSST. */
  readonly alertId: bigint;
  readonly objectId: string | bigint;
  /** The thing in the sky, by the same name in every survey; a moving one has many objectIds but one sourceId. */
  readonly sourceId: string;
  /** Short name of the class: RRLyr, EB, CEP, Mira, AGN, SNIa, SNII, KN, DN, flare, asteroid; dipole, cosmicRay, edge. */
  readonly class: string;
  /** Type of a variable star as in the General Catalogue of Variable Stars, or QSO, AGN, SN Ia, …; "" for artefacts. */
  readonly type: string;
  /** False for an artefact of the camera. */
  readonly isReal: boolean;
  /** True position, degrees ICRS. */
  readonly ra: number;
  readonly dec: number;
  readonly mjdUtc: number;
  readonly band: string;
  /** Magnitude (AB) of the change, without noise. */
  readonly trueMag: number;
  /** The same as a signed flux, nJy. */
  readonly trueFluxNJy: number;
  /** Magnitude of star or nucleus and change together; NaN where nothing stood before but a galaxy. */
  readonly apparentMag: number;
  /** Days. */
  readonly period: number;
  readonly redshift: number;
  /** First alert of the source in this night, for the time from first alert to first selection. */
  readonly firstAlertId: bigint;
  readonly firstMjdUtc: number;
}

/** The truth table of a night, in the order of its alerts. */
export function truthOf<S extends Seen>(plan: SkyPlan<S>, packets: PacketMaker<S>): TruthRow[] {
  const first = new Map<string, S>();
  return plan.detections.flat().map((seen) => {
    const { source, exposure } = seen;
    if (!first.has(source.sourceId)) first.set(source.sourceId, seen);
    const start = first.get(source.sourceId)!;
    const { ra, dec } = source.positionAt?.(exposure.mjdUtc) ?? source;
    const own = ownLightNJy(source, exposure.band);
    const isUnknown = (source.counterpart !== null && own === 0) || !source.class.isReal;
    return {
      alertId: packets.alertId(seen),
      objectId: packets.objectId(seen),
      sourceId: source.sourceId,
      class: source.class.name,
      type: source.type,
      isReal: source.class.isReal,
      ra,
      dec,
      mjdUtc: exposure.mjdUtc,
      band: exposure.band,
      trueMag: magOf(Math.abs(seen.trueNJy)),
      trueFluxNJy: seen.trueNJy,
      apparentMag: isUnknown ? Number.NaN : magOf(own + seen.trueNJy),
      period: source.period,
      redshift: source.redshift,
      firstAlertId: packets.alertId(start),
      firstMjdUtc: start.exposure.mjdUtc,
    };
  });
}

/** Decimals of the columns that are not whole; the rest is printed as it is. */
const decimals: Partial<Record<string, number>> = {
  ra: 7,
  dec: 7,
  mjdUtc: 7,
  firstMjdUtc: 7,
  trueMag: 4,
  trueFluxNJy: 2,
  apparentMag: 4,
  period: 6,
  redshift: 5,
  mag: 3,
};

/** Rows as CSV with a header line; NaN becomes an empty cell, text is quoted where it must be. */
export function toCsv<T extends object>(rows: readonly T[], columns: readonly (keyof T & string)[]): string {
  const cell = (name: string, value: unknown): string => {
    if (typeof value === "number") {
      if (Number.isNaN(value)) return "";
      return decimals[name] === undefined ? String(value) : value.toFixed(decimals[name]);
    }
    const text = String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = rows.map((row) => columns.map((name) => cell(name, row[name])).join(","));
  return `${[columns.join(","), ...lines].join("\n")}\n`;
}

const truthColumns: (keyof TruthRow)[] = [
  "alertId",
  "objectId",
  "sourceId",
  "class",
  "type",
  "isReal",
  "ra",
  "dec",
  "mjdUtc",
  "band",
  "trueMag",
  "trueFluxNJy",
  "apparentMag",
  "period",
  "redshift",
  "firstAlertId",
  "firstMjdUtc",
];

/**
 * The truth table as CSV.
 * @example writeFileSync("truth.csv", simulate.truthCsv(simulateNight({ seed: 7 }).truth));
 */
export function toTruthCsv(rows: readonly TruthRow[]): string {
  expectArgument("objects", rows, "the truth of a simulated night");
  return toCsv(rows, truthColumns);
}
