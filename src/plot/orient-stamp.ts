import type { Stamp } from "../alert/types";
import { isBootcampError } from "../errors";
import { northUp } from "./orient";
import { thinStamp } from "./thin-stamp";

/** A stamp ready to be drawn, or the reason why there is none. */
export interface Oriented {
  readonly stamp: Stamp | null;
  /** Pixels of the survey along the side of one that is drawn. */
  readonly step: number;
  readonly isUp: boolean;
  readonly reason: string;
}

/** Reads a stamp, thins one that is large, and turns it to north up where that is known. */
export function orientStamp(read: () => Stamp | null, survey: string, turn: boolean): Oriented {
  try {
    const stamp = read();
    if (!stamp) return { stamp, step: 1, isUp: false, reason: "none sent" };
    const thin = thinStamp(stamp);
    const up = turn ? northUp(thin.stamp, survey) : null;
    return { stamp: up ?? thin.stamp, step: thin.step, isUp: up !== null, reason: "" };
  } catch (error) {
    if (!isBootcampError(error)) throw error;
    return { stamp: null, step: 1, isUp: false, reason: `cannot be read (${error.code})` };
  }
}
