import type { Detection } from "./detect";
import type { Neighbour } from "./neighbours";

/** What a survey makes of a plan: ids first, then packets, each by itself and in any order. */
export interface PacketMaker {
  alertId(seen: Detection): bigint;
  objectId(seen: Detection): string | bigint;
  /** Stars and galaxies around the place, nearest first. */
  neighbours(seen: Detection): readonly Neighbour[];
  /** The encoded record, bare. */
  encode(seen: Detection): Buffer;
}
