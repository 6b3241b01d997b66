import type { Detection } from "./detect";
import type { Neighbour } from "./neighbours";
import type { SkySource } from "./sky-source";

/** What every survey's detections tell: which source, when, in which band, where it was measured. */
export interface Seen {
  readonly source: SkySource;
  readonly exposure: { readonly mjdUtc: number; readonly band: string; readonly field: { readonly id: number } };
  /** Without noise; signed. */
  readonly trueNJy: number;
  readonly ra: number;
  readonly dec: number;
}

/** A night as any survey plans it. */
export interface SkyPlan<S extends Seen = Seen> {
  readonly night: number;
  readonly nightMjd: number;
  /** Tonight's exposures, in order of time. */
  readonly visits: readonly Seen["exposure"][];
  readonly sources: readonly SkySource[];
  /** First detection of each source of this night and those before it, and every one of what moves. */
  readonly landmarks: readonly S[];
  /** For each visit what it detected. */
  readonly detections: readonly (readonly S[])[];
}

/** What a survey makes of a plan: ids first, then packets, each by itself and in any order. */
export interface PacketMaker<S extends Seen = Detection> {
  alertId(seen: S): bigint;
  objectId(seen: S): string | bigint;
  /** Stars and galaxies around the place, nearest first. */
  neighbours(seen: S): readonly Neighbour[];
  /** The encoded record, bare, as parts one after the other: they are copied once, into what is sent. */
  encode(seen: S): readonly Buffer[];
}
