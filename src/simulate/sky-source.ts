import type { SkyField } from "./cadence";
import type { SourceClass } from "./classes";

/** A position, degrees ICRS. */
export interface Position {
  readonly ra: number;
  readonly dec: number;
}

/** Where on the camera: read-out channel 0–63 and pixels of 1.01″ from its corner, x westward, y southward. */
export interface CameraPlace {
  readonly rcid: number;
  readonly x: number;
  readonly y: number;
}

/** What stands at a source's place when it does nothing: the star itself, or the galaxy it lies in. */
export interface Counterpart {
  readonly kind: "star" | "galaxy";
  /** AB magnitudes in the reference image. */
  readonly mags: Readonly<Record<"g" | "r" | "i", number>>;
  /** From the source, arcseconds towards east and north. */
  readonly eastArcsec: number;
  readonly northArcsec: number;
}

/**
 * One thing in the sky that can make alerts, real or not. It knows nothing of packets, so that any survey can look at it.
 */
export interface SkySource {
  /** Name of its own, the same in every survey. */
  readonly sourceId: string;
  /** Names its random streams. */
  readonly index: number;
  readonly class: SourceClass;
  /** GCVS type of a variable star, "SN Ia", "QSO", …; "" where there is none. */
  readonly type: string;
  readonly field: SkyField;
  readonly place: CameraPlace;
  /** At the middle of a night; only a moving thing is elsewhere at another time. */
  readonly ra: number;
  readonly dec: number;
  /** Days; NaN for what does not repeat. */
  readonly period: number;
  readonly redshift: number;
  readonly counterpart: Counterpart | null;
  /** When it first could be seen, MJD; −Infinity for what was always there. */
  readonly startMjd: number;
  /** True flux minus the flux in the reference image, nJy, signed. */
  differenceNJy(mjd: number, band: string): number;
  /** For a moving thing. */
  positionAt?(mjd: number): Position;
  /** Night of the sky in which {@link ra}, {@link dec} and {@link place} of a moving thing lie, where it is not the night of its discovery. */
  readonly trackNight?: number;
  /** Minor-planet number, for an asteroid. */
  readonly minorPlanet?: string;
}
