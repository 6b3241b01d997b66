/** Where an alert came from: its identity together with `alertId`, which some streams repeat. */
export type Origin =
  | { readonly kind: "file"; readonly path: string; readonly record: number }
  | {
      readonly kind: "kafka";
      readonly topic: string;
      readonly partition: number;
      readonly offset: bigint;
      /** Kafka message timestamp, ms since 1970 UTC. */
      readonly timestampMs: number;
      readonly key: string | null;
      /** As bytes; null where the producer set none. */
      readonly headers: Readonly<Record<string, Buffer | null>>;
    }
  | { readonly kind: "memory"; readonly record: number };

/** One measured point of a light curve. Missing numbers are NaN. */
export interface Detection {
  /** Modified Julian date, UTC, days. */
  readonly mjdUtc: number;
  readonly band: string;
  /** Difference-image AB magnitude. */
  readonly mag: number;
  readonly magErr: number;
  /** Difference flux in nJy, signed: negative where the source is fainter than in the reference. */
  readonly fluxNJy: number;
  readonly fluxErrNJy: number;
  readonly isPositive: boolean;
  /** Right ascension and declination, degrees, ICRS. */
  readonly ra: number;
  readonly dec: number;
  readonly realBogus: number;
  /** The alert this point was sent as, where the packet says so. */
  readonly alertId: bigint | string | null;
}

/** A visit that saw nothing there. */
export interface UpperLimit {
  readonly mjdUtc: number;
  readonly band: string;
  /** 5 sigma limiting AB magnitude. */
  readonly mag: number;
}

/** Forced photometry: flux measured at the object's place whether or not it was detected. */
export interface ForcedPoint {
  readonly mjdUtc: number;
  readonly band: string;
  /** Difference flux, nJy, signed. */
  readonly fluxNJy: number;
  readonly fluxErrNJy: number;
}

export type StampKind = "science" | "template" | "difference";

/** One cutout image. Row 0 is the first row of the FITS file. */
export interface Stamp {
  readonly kind: StampKind;
  /** File name given in the packet, or "" when the survey sends none. Never use it as a path unchecked. */
  readonly fileName: string;
  readonly width: number;
  readonly height: number;
  /** Row-major pixel values, `width * height` of them; NaN where blank. */
  readonly pixels: Float32Array | Float64Array;
  /** BUNIT of the image: "DN" for ZTF, "nJy" for Rubin, "" if absent. */
  readonly unit: string;
  readonly header: Readonly<Record<string, string | number | boolean>>;
  /** Variance image, same shape, where the survey sends one. */
  readonly variance?: Float32Array | Float64Array;
  /** Point-spread function image where the survey sends one. */
  readonly psf?: { readonly width: number; readonly height: number; readonly pixels: Float32Array | Float64Array };
}

/** The three cutouts; a missing one is null. Each is decoded when touched. */
export interface Stamps {
  readonly science: Stamp | null;
  readonly template: Stamp | null;
  readonly difference: Stamp | null;
}

/**
 * The common view of an alert, the same for every survey.
 *
 * Every number is `number`, NaN when the survey gives none, so that comparisons need no guard: `NaN < 16` is false.
 */
export interface AlertView<P = any> {
  /** "ztf", "lsst", "elasticc", or "unknown". */
  readonly survey: string;
  readonly alertId: bigint | string | null;
  readonly objectId: bigint | string | null;
  /**
   * Designation of the Solar System object that the survey took it for (ZTF: within 5″; Rubin's number of the object where it
   * names none); "" for none. What moves has another `objectId` every night, or none.
   */
  readonly designation?: string;
  /** Right ascension and declination, degrees, ICRS. */
  readonly ra: number;
  readonly dec: number;
  /** Mid-exposure modified Julian date, UTC, days (ZTF: start of exposure as its packets give it). */
  readonly mjdUtc: number;
  /** "g", "r", "i", …; "" when not given. */
  readonly band: string;
  /** Difference-image AB magnitude and its 1 sigma error. */
  readonly mag: number;
  readonly magErr: number;
  /** Difference flux and its 1 sigma error, nJy; signed. */
  readonly fluxNJy: number;
  readonly fluxErrNJy: number;
  readonly snr: number;
  /** True when the source is brighter than in the reference image. */
  readonly isPositive: boolean;
  /**
   * 0 (bogus) to 1 (real), the survey's own classifier. ZTF: `drb`, the deep network, where the packet has it (since 2019), else
   * `rb`, the random forest; `alert.sources.realBogus` says which. Thresholds of the one do not hold for the other.
   */
  readonly realBogus: number;
  /** Earlier detections, oldest first; this alert's own is not among them. */
  readonly history: readonly Detection[];
  /** ZTF's own limits; Rubin sends none, and has those of its forced photometry. */
  readonly upperLimits: readonly UpperLimit[];
  readonly forced: readonly ForcedPoint[];
  readonly stamps: Stamps;
  /** Which exposure it belongs to (exposure time and field), and the survey's field number or null. */
  readonly visitId: string;
  readonly field: number | string | null;
  /** The survey's own packet: names and nulls as in its schema, 64-bit integers as bigint. */
  readonly packet: P;
  readonly origin: Origin;
  /** The bytes as received: a whole container, a wire message or a bare record. */
  readonly bytes: Buffer;
}

/** The alerts of one exposure. */
export interface Visit<A = AlertView> {
  readonly id: string;
  readonly mjdUtc: number;
  readonly field: number | string | null;
  readonly alerts: readonly A[];
}
