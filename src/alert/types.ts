import type { CommonView, Detection } from "./common-view";

export type { Detection };

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

/** The cutouts of an alert: the new image, the reference, and their difference. */
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
export interface AlertView<P = any> extends CommonView, AlertParts<P> {}

/** What an alert holds besides single values. */
export interface AlertParts<P = any> {
  /**
   * Designation of the Solar System object that the survey took it for (ZTF: within 5″; Rubin's number of the object where it
   * names none); "" for none. What moves has another `objectId` every night, or none.
   */
  readonly designation?: string;
  /** Earlier detections, oldest first; this alert's own is not among them. */
  readonly history: readonly Detection[];
  /** ZTF's own limits; Rubin sends none, and has those of its forced photometry. */
  readonly upperLimits: readonly UpperLimit[];
  /** Forced photometry: what was measured at the object's place in each visit, detected or not. */
  readonly forced: readonly ForcedPoint[];
  /** The cutouts, each decoded when touched. */
  readonly stamps: Stamps;
  /** The survey's own packet: names and nulls as in its schema, 64-bit integers as bigint. */
  readonly packet: P;
  /** Where it came from: file and record, or topic, partition and offset. */
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
  /** How many visits of its night have alerts, where that is known. */
  readonly of?: number | undefined;
}
